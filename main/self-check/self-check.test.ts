import { chmodSync, lutimesSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeClock } from './clock.ts';
import { judgeSpace, lookAtSpace } from './free-space.ts';
import { lookAtHome } from './home.ts';
import { judgeCoreDumps, judgeObservers, judgeReports, judgeSwap } from './memory.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.parse('2026-11-30T12:00:00.000Z');
const NOTHING = { builtMs: null, eventMs: null, fileMs: null };
const MIB = 1024 * 1024;

describe('the clock', () => {
  it.each([
    ['a day before the program was made', { builtMs: NOW + DAY_MS }, 'ok'],
    ['a moment more', { builtMs: NOW + DAY_MS + 1 }, 'warn'],
    ['at the latest event', { eventMs: NOW }, 'ok'],
    ['before the latest event', { eventMs: NOW + 1 }, 'warn'],
    ['a day before a file', { fileMs: NOW + DAY_MS }, 'ok'],
    ['more than a day before a file', { fileMs: NOW + DAY_MS + 1 }, 'warn'],
    ['ten years on', { builtMs: NOW - 3650 * DAY_MS }, 'ok'],
    ['more than ten years on', { builtMs: NOW - 3650 * DAY_MS - 1 }, 'warn'],
    ['with nothing to hold it against', {}, 'not-checkable'],
  ])('%s', (_when, past, result) => {
    expect(judgeClock(NOW, { ...NOTHING, ...past })).toMatchObject({ id: 'clock-plausible', result });
  });
});

describe('room', () => {
  it.each([
    [64 * MIB - 1, 'failed'],
    [64 * MIB, 'warn'],
    [512 * MIB - 1, 'warn'],
    [512 * MIB, 'ok'],
  ])('%d bytes', (free, result) => {
    expect(judgeSpace({ bytes: free, files: 1000 })).toMatchObject({ id: 'free-space', result });
  });

  it.each([
    [999, 'failed'],
    [1000, 'ok'],
    [null, 'ok'],
  ])('for %s more files', (files, result) => {
    expect(judgeSpace({ bytes: 1024 * MIB, files })).toMatchObject({ id: 'free-space', result });
  });

  it.each([
    ['', 'EROFS', 'failed', 'the folder cannot be written (EROFS)'],
    ['ledger.sqlite', 'EACCES', 'failed', '"ledger.sqlite" cannot be written (EACCES)'],
    ['ledger.sqlite', 'ENOENT', 'ok', 'MiB free'],
  ])('is none where %j may not be written: %s', async (name, code, result, told) => {
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    writeFileSync(join(home, 'ledger.sqlite'), 'x');
    const line = await lookAtSpace(home, (path) =>
      path === join(home, name) ? Promise.reject(Object.assign(new Error(), { code })) : Promise.resolve(),
    );
    rmSync(home, { recursive: true });
    expect(line).toMatchObject({ id: 'free-space', result, rests_on: expect.stringContaining(told) as string });
  });

  it.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)('is none in a folder that this user may only read', async () => {
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    chmodSync(home, 0o500);
    expect(await lookAtSpace(home)).toMatchObject({ id: 'free-space', result: 'failed' });
    rmSync(home, { recursive: true });
  });

  it('is that of the disk on which a folder would be made, and unknown where there is no such place', async () => {
    expect((await lookAtSpace(join(tmpdir(), 'not', 'made', 'yet'))).rests_on).toMatch(/MiB free$/);
    expect(await lookAtSpace(join(process.execPath, 'x'))).toMatchObject({ result: 'not-checkable' });
  });
});

describe.skipIf(process.platform === 'win32')('the station’s folder', () => {
  let home: string;
  const owner = process.getuid?.() ?? 0;
  const line = async () => (await lookAtHome(home, owner)).line;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'home-')); // 0700
    mkdirSync(join(home, 'locks'), { mode: 0o700 });
    writeFileSync(join(home, 'ledger.sqlite'), 'x', { mode: 0o600 });
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  it('is in order', async () => {
    expect(await line()).toMatchObject({ id: 'home-private', result: 'ok', to_do: null });
  });

  it.each([
    ['locks', 0o750, 'warn'],
    ['ledger.sqlite', 0o644, 'warn'],
    ['ledger.sqlite', 0o660, 'failed'],
    ['', 0o770, 'failed'],
    ['', 0o711, 'warn'],
  ])('with %j at mode %o', async (name, mode, result) => {
    chmodSync(join(home, name), mode);
    const found = await line();
    expect(found.result).toBe(result);
    expect(found.rests_on).toContain(mode.toString(8).padStart(4, '0'));
    expect(found.rests_on).toContain(name === '' ? 'the folder' : name);
    expect(found.to_do).toContain('chmod');
  });

  it('names the gravest first, and how many more there are', async () => {
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(home, name), 'x');
    for (const name of ['a', 'b', 'c', 'd']) chmodSync(join(home, name), 0o640);
    chmodSync(join(home, 'd'), 0o666);
    const { rests_on: told } = await line();
    expect(told).toMatch(/^"d" 0666, .*, 1 more$/);
  });

  it('is another user’s', async () => {
    expect((await lookAtHome(home, owner + 1)).line).toMatchObject({ result: 'failed' });
  });

  it('does not follow a link, and tells the newest change of a file', async () => {
    chmodSync(join(home, 'ledger.sqlite'), 0o600);
    symlinkSync('/etc', join(home, 'link'));
    utimesSync(join(home, 'ledger.sqlite'), 1000, 2000);
    lutimesSync(join(home, 'link'), 1000, 3000);
    const found = await lookAtHome(home, owner);
    expect(found.line).toMatchObject({ result: 'ok' });
    expect(found.newestMs).toBe(3_000_000);
  });

  it('that is not there, or no folder that can be looked at, is no pass', async () => {
    expect((await lookAtHome(join(home, 'x'), owner)).line.result).toBe('not-checkable');
    expect((await lookAtHome(join(home, 'ledger.sqlite/x'), owner)).line.result).toBe('failed');
  });

  it('says on Windows that modes say nothing', async () => {
    chmodSync(join(home, 'ledger.sqlite'), 0o666);
    expect((await lookAtHome(home, null)).line.result).toBe('not-checkable');
  });
});

describe('memory', () => {
  it.each([
    ['without-memory', true, 'ok'],
    ['none', true, 'ok'],
    ['whole', true, 'failed'],
    ['whole', false, 'warn'],
    ['unknown', true, 'not-checkable'],
  ] as const)('a crash that leaves it %s (sees secrets: %s)', (leaves, seesSecrets, result) => {
    expect(judgeCoreDumps({ leaves, basis: 'x' }, seesSecrets)).toMatchObject({ id: 'core-dumps', result });
  });

  it.each([
    [null, true, 'not-checkable'],
    [[], true, 'ok'],
    [['memory', 'encrypted'], true, 'ok'],
    [['encrypted', 'unknown'], true, 'not-checkable'],
    [['unknown', 'plain'], true, 'warn'],
    [['plain'], false, 'ok'],
  ] as const)('swap of the kinds %j (sees secrets: %s)', (kinds, seesSecrets, result) => {
    const areas = kinds?.map((kind, index) => ({ name: `/dev/sda${index.toString()}`, kind })) ?? null;
    expect(judgeSwap(areas, seesSecrets)).toMatchObject({ id: 'swap', result });
  });

  it.each([
    [{ inspector: false, tracer: 0, reports: [] }, 'ok', 'ok'],
    [{ inspector: false, tracer: null, reports: [] }, 'ok', 'ok'],
    [{ inspector: true, tracer: 0, reports: [] }, 'failed', 'ok'],
    [{ inspector: false, tracer: 12, reports: [] }, 'failed', 'ok'],
    [{ inspector: false, tracer: 0, reports: ['--heap-prof'] }, 'ok', 'failed'],
  ] as const)('looked into as %j', (seen, watched, reports) => {
    expect([judgeObservers(seen).result, judgeReports(seen).result]).toEqual([watched, reports]);
  });
});
