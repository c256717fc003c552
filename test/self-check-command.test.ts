import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coldroom, TestStation, type Run } from './command-line.ts';

type Line = { id: string; result: string; what: string; rests_on: string; to_do: string | null };

const IDS = [
  'self-test',
  'station',
  'database',
  'keychain',
  'software',
  'home-private',
  'free-space',
  'clock-plausible',
  'network-state',
  'core-dumps',
  'swap',
  'crash-reports',
  'debugger',
];

const checksOf = ({ out }: Run) => out['checks'] as Line[];
const resultsOf = (run: Run) => Object.fromEntries(checksOf(run).map(({ id, result }) => [id, result]));

describe('coldroom self-check', () => {
  const station = new TestStation();
  const file = (name: string) => join(station.home, name);
  beforeAll(async () => {
    await station.must('init --role single --keychain file --name vault');
  });
  afterAll(() => {
    station.remove();
  });

  it('tells every line of a station that is in order, each with what it rests on', async () => {
    const run = await station.must('self-check');
    expect(checksOf(run).map(({ id }) => id)).toEqual(IDS);
    expect(run.out).toMatchObject({ ok: true, station: { name: 'vault', role: 'single' } });
    expect((run.out['software'] as { sha256: string }).sha256).toMatch(/^[0-9a-f]{64}$/);
    const sure = ['self-test', 'station', 'database', 'keychain', 'software', 'home-private', 'crash-reports', 'debugger'];
    expect(resultsOf(run)).toMatchObject(Object.fromEntries(sure.map((id) => [id, 'ok'])));
    for (const { result, rests_on: restsOn, to_do: toDo } of checksOf(run)) {
      expect(restsOn).not.toBe('');
      expect(toDo === null).toBe(result === 'ok');
    }
    expect(station.printed).not.toContain(station.passphrase);
  });

  it.runIf(process.platform === 'linux')('has memory kept out of a crash’s dump by the time it looks', async () => {
    expect(checksOf(await station.must('self-check'))).toContainEqual(
      expect.objectContaining({ id: 'core-dumps', result: 'ok', rests_on: 'coredump_filter 00000000' }),
    );
  });

  it('runs without a station what needs none, and says so', async () => {
    const { code, out } = await coldroom(['--home', station.path('nowhere'), '--json', 'self-check']);
    expect(code).toBe(0);
    expect(out).toMatchObject({ ok: true, station: null });
    const results = Object.fromEntries((out['checks'] as Line[]).map(({ id, result }) => [id, result]));
    expect(results).toMatchObject({ 'self-test': 'ok', station: 'not-checkable', database: 'not-checkable', keychain: 'not-checkable' });
  });

  it('is amber, and exits 0, where the keychain’s passphrase is not given', async () => {
    const { code, out } = await coldroom(['--home', station.home, '--json', 'self-check']);
    expect(code).toBe(0);
    const results = Object.fromEntries((out['checks'] as Line[]).map(({ id, result }) => [id, result]));
    expect(results).toMatchObject({ keychain: 'not-checkable', database: 'warn', station: 'ok' });
  });

  it('prints a line for a person, and below it what to do', async () => {
    const { code, stdout } = await coldroom(['--home', station.home, 'self-check']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {12}this process’s cryptography gives the known answers \(14 of 14 checks passed\)$/m);
    expect(stdout).toMatch(/^not-checkable the keychain gives this station’s keys \(its passphrase was not given\)\n {14}do: /m);
  });

  /** Does damage to one file of the home folder and takes it back. */
  async function damaged(name: string, damage: () => void): Promise<Run> {
    const kept = readFileSync(file(name));
    try {
      damage();
      return await station.run('self-check');
    } finally {
      writeFileSync(file(name), kept, { mode: 0o600 });
      chmodSync(file(name), 0o600);
    }
  }

  it.each([
    ['a keychain under another passphrase', 'keychain', 'keychain.box', () => station.write('passphrase', 'another passphrase\n')],
    [
      'a keychain that is gone',
      'keychain',
      'keychain.box',
      () => {
        renameSync(file('keychain.box'), station.path('away'));
      },
    ],
    [
      'a ledger that is none',
      'database',
      'ledger.sqlite',
      () => {
        writeFileSync(file('ledger.sqlite'), 'no database');
      },
    ],
    [
      'a station.json that says another role',
      'station',
      'station.json',
      () => {
        writeFileSync(file('station.json'), readFileSync(file('station.json'), 'utf8').replace('"single"', '"cold"'));
      },
    ],
    [
      'a station.json that cannot be read',
      'station',
      'station.json',
      () => {
        writeFileSync(file('station.json'), '{');
      },
    ],
    [
      'a station.json that is gone from beside its ledger',
      'station',
      'station.json',
      () => {
        rmSync(file('station.json'));
      },
    ],
    [
      'a file that others may write to',
      'home-private',
      'station.json',
      () => {
        chmodSync(file('station.json'), 0o606);
      },
    ],
  ])('exits 3 over %s, and still tells every other line', async (_what, id, name, damage) => {
    const passphrase = readFileSync(station.path('passphrase'));
    const run = await damaged(name, damage);
    station.write('passphrase', passphrase);
    expect(run.code).toBe(3);
    expect(run.error).toMatchObject({ code: 'self-check-failed' });
    expect(run.error?.message).toContain(id);
    expect(run.out).toMatchObject({ ok: false });
    expect(checksOf(run).map((one) => one.id)).toEqual(IDS);
    expect(resultsOf(run)[id]).toBe('failed');
    expect(resultsOf(run)['self-test']).toBe('ok');
  });

  it('exits 3 in a process that a debugger could look into', async () => {
    const env = { ...process.env, NODE_OPTIONS: '--inspect=127.0.0.1:0' };
    const { code, out } = await coldroom(['--home', station.home, '--json', 'self-check'], { env });
    expect(code).toBe(3);
    expect(out['checks']).toContainEqual(expect.objectContaining({ id: 'debugger', result: 'failed' }));
  });
});
