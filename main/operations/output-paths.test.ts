import '../../test/cheap-scrypt.mjs';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from './index.ts';
import { checkNotOwnFile, outputPathsOf } from './output-paths.ts';
import { homePaths } from './station/home.ts';
import { TestStation } from './station/test-station.fixture.ts';

const station = new TestStation();
const at = (...names: string[]) => join(station.context.home, ...names);
beforeAll(() => station.prepare());
afterAll(() => station.close());

describe('what a person names to write to', () => {
  it.each([
    'ledger.sqlite-journal',
    'ledger.sqlite-wal',
    'ledger.sqlite-shm',
    'LEDGER.SQLITE-WAL',
    '.ledger.sqlite-wal.0123456789abcdef.tmp',
    'ledger.sqlite.rebuilding',
    'ledger.sqlite.rebuilding-journal',
    'station.json',
    'station.json.making',
    'keychain.box',
    'rehearsal.box',
    'window.json',
    'locks',
    'locks/other.lock',
  ])('is never %s of the station, by whatever way', async (name) => {
    const before = readdirSync(at(), { recursive: true }).length;
    mkdirSync(station.path('elsewhere'), { recursive: true });
    if (!existsSync(station.path('elsewhere/link'))) symlinkSync(at(), station.path('elsewhere/link'));
    for (const out of [at(name), station.path(`elsewhere/link/${name}`), at('..', 'home', name)]) {
      const { problems } = await station.run('passphrase.new', { words: 6, out });
      expect(problems.map(({ family, code }) => [family, code])).toEqual([['input', 'output-is-own']]);
    }
    expect(readdirSync(at(), { recursive: true })).toHaveLength(before);
  });

  it('may be another name in that folder, and one of those in another', async () => {
    await station.must('passphrase.new', { words: 6, out: at('words') });
    await station.must('passphrase.new', { words: 6, out: station.path('ledger.sqlite-wal') });
    expect([existsSync(at('words')), existsSync(station.path('ledger.sqlite-wal'))]).toEqual([true, true]);
  });

  it('is all that a station in work has in its folder', async () => {
    writeFileSync(at('window.json'), '{}');
    const names = readdirSync(at()).filter((name) => name !== 'words');
    expect(names).toEqual(expect.arrayContaining(['keychain.box', 'ledger.sqlite', 'locks', 'station.json']));
    const paths = Object.values(homePaths(at())).flatMap((one) => (typeof one === 'string' ? [one] : []));
    for (const path of [...names.map((name) => at(name)), ...paths]) {
      await expect(checkNotOwnFile(station.context.home, path)).rejects.toMatchObject({ code: 'output-is-own' });
    }
  });

  it('is found in an input wherever its schema says so', () => {
    const found = (name: keyof typeof OPERATIONS, input: unknown) => outputPathsOf(OPERATIONS[name].input, input);
    expect(found('recovery.key', { name: 'v', passphrase_file: 'p', out_public: 'a', out_private: 'b' })).toEqual(['a', 'b']);
    expect(found('seal', { key: 'k', in: 'i', out: 'o' })).toEqual(['o']);
    expect(found('seal', null)).toEqual([]);
  });
});

describe('a clock beyond the year 9999', () => {
  it('is said to be wrong, and nothing is written under its time', async () => {
    const before = (await station.eventsOf('environment-set')).length;
    station.laterMs = Date.UTC(10_000, 0, 1);
    try {
      const input = { name: 'sandbox', api: 'https://api.example.com', jwks: 'https://api.example.com/jwks' };
      const { problems } = await station.run('environment.set', input);
      expect(problems.map(({ family, code }) => [family, code])).toEqual([['input', 'clock-unusable']]);
    } finally {
      station.laterMs = 0;
    }
    expect(await station.eventsOf('environment-set')).toHaveLength(before);
  });
});
