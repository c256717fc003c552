import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCoreDumps } from './core-dumps.ts';
import { readObservers } from './observers.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dumps-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('what a crash leaves on Linux', () => {
  const limits = (soft: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\nMax core file size        ${soft}                    unlimited            bytes\n`;

  it.each([
    ['00000000\n', 'unlimited', '|/usr/share/apport', 'without-memory'],
    ['00000033\n', '0', 'core', 'none'],
    ['00000033\n', 'unlimited', 'core', 'whole'],
    // A program that takes the dump gets it whatever the limit is.
    ['00000033\n', '0', '|/usr/lib/systemd/systemd-coredump', 'whole'],
  ])('with the filter %j, the limit %s and the pattern %s', async (filter, limit, pattern, leaves) => {
    put('proc/self/coredump_filter', filter);
    put('proc/self/limits', limits(limit));
    put('proc/sys/kernel/core_pattern', `${pattern}\n`);
    expect(await readCoreDumps({ platform: 'linux', root })).toMatchObject({ leaves });
  });

  it('is unknown where nothing can be read', async () => {
    expect(await readCoreDumps({ platform: 'linux', root })).toMatchObject({ leaves: 'unknown' });
  });
});

describe('what a crash leaves elsewhere', () => {
  it.each([
    ['darwin', '\tcore        0                      unlimited      \n', 'none'],
    ['darwin', '\tcore        unlimited              unlimited      \n', 'whole'],
    ['darwin', 'unknown', 'unknown'],
    ['win32', '{"local":false}', 'none'],
    ['win32', '{"local":true}', 'whole'],
    ['win32', '', 'unknown'],
    ['aix', '', 'unknown'],
  ] as const)('%s saying %j', async (platform, stdout, leaves) => {
    expect(await readCoreDumps({ platform, run: () => Promise.resolve({ exit: 0, stdout }) })).toMatchObject({ leaves });
  });
});

describe.skipIf(process.platform !== 'linux')('keeping memory out of dumps', () => {
  const module = JSON.stringify(join(import.meta.dirname, 'core-dumps.ts'));
  const filterOf = (script: string) =>
    spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }).stdout.trim();
  const tell = `console.log(readFileSync('/proc/self/coredump_filter', 'utf8'));`;
  const load = `const { readFileSync } = await import('node:fs'); const { spawnSync } = await import('node:child_process'); const { keepHeapOutOfCoreDumps } = await import(${module});`;

  it('holds for this process and for those that it starts, and not without', () => {
    expect(filterOf(`${load} ${tell}`)).not.toBe('00000000');
    expect(filterOf(`${load} keepHeapOutOfCoreDumps(); ${tell}`)).toBe('00000000');
    const child = `console.log(spawnSync('/bin/cat', ['/proc/self/coredump_filter'], { encoding: 'utf8' }).stdout);`;
    expect(filterOf(`${load} keepHeapOutOfCoreDumps(); ${child}`)).toBe('00000000');
  });
});

describe('who may look into a process', () => {
  it('is nobody, in one that was started as usual', async () => {
    put('proc/self/status', 'Name:\tnode\nTracerPid:\t0\n');
    const seen = await readObservers(root, ['--import', 'x', '']);
    expect(seen).toEqual({ inspector: false, tracer: process.platform === 'linux' ? 0 : null, reports: [] });
  });

  it.each([
    '--heapsnapshot-signal=SIGUSR2',
    '--heapsnapshot-near-heap-limit=1',
    '--report-on-fatalerror',
    '--abort-on-uncaught-exception',
    '--heap-prof',
  ])('is told of %s', async (asked) => {
    expect((await readObservers(root, [asked, asked])).reports).toEqual([asked.replace(/=.*/, '')]);
  });

  it.skipIf(process.platform !== 'linux')('is told of a process that traces this one, and knows when nobody says', async () => {
    expect((await readObservers(root)).tracer).toBe(null);
    put('proc/self/status', 'Name:\tnode\nTracerPid:\t4711\n');
    expect((await readObservers(root)).tracer).toBe(4711);
  });
});
