import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunProgram } from './run-program.ts';
import { readSwap } from './swap.ts';

const HEADINGS = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'swap-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A block device as `/sys/class/block` shows it. */
function device(name: string, { uuid, on = [] }: { uuid?: string; on?: readonly string[] } = {}): void {
  mkdirSync(join(root, 'sys/class/block', name, 'slaves'), { recursive: true });
  if (uuid !== undefined) put(`sys/class/block/${name}/dm/uuid`, `${uuid}\n`);
  for (const part of on) put(`sys/class/block/${name}/slaves/${part}`, '');
}

const onLinux = (swaps: string) => {
  put('proc/swaps', HEADINGS + swaps);
  return readSwap({ platform: 'linux', root });
};
const area = (name: string, type: string) => `${name}\t${type}\t\t2097148\t\t0\t\t-2\n`;

describe('swap on Linux', () => {
  it('is none where no area is in use, and unknown where the kernel does not say', async () => {
    expect(await onLinux('')).toEqual([]);
    rmSync(join(root, 'proc'), { recursive: true });
    expect(await readSwap({ platform: 'linux', root })).toBe(null);
  });

  it.each([
    [
      'a partition',
      () => {
        device('sda2');
      },
      '/dev/sda2',
      'plain',
    ],
    [
      'dm-crypt',
      () => {
        device('dm-0', { uuid: 'CRYPT-PLAIN-swap', on: ['sda2'] });
      },
      '/dev/dm-0',
      'encrypted',
    ],
    [
      'a volume over LUKS',
      () => {
        device('dm-1', { uuid: 'LVM-abc', on: ['dm-0'] });
        device('dm-0', { uuid: 'CRYPT-LUKS2-x', on: ['sda2'] });
      },
      '/dev/dm-1',
      'encrypted',
    ],
    [
      'a volume of which one part is not encrypted',
      () => {
        device('dm-1', { uuid: 'LVM-abc', on: ['dm-0', 'sdb1'] });
        device('dm-0', { uuid: 'CRYPT-LUKS2-x', on: ['sda2'] });
        device('sdb1');
      },
      '/dev/dm-1',
      'plain',
    ],
    [
      'devices in a circle',
      () => {
        device('dm-3', { uuid: 'LVM-abc', on: ['dm-3'] });
      },
      '/dev/dm-3',
      'plain',
    ],
    ['a device that /sys does not show', () => undefined, '/dev/nvme0n1p3', 'unknown'],
    [
      'compressed memory',
      () => {
        device('zram0');
      },
      '/dev/zram0',
      'memory',
    ],
    [
      'compressed memory that may go to a disk',
      () => {
        device('zram0');
        put('sys/class/block/zram0/backing_dev', '/dev/sda5\n');
        device('sda5');
      },
      '/dev/zram0',
      'plain',
    ],
  ])('%s', async (_what, make, name, kind) => {
    make();
    expect(await onLinux(area(name, 'partition'))).toEqual([{ name, kind }]);
  });

  it('a file is as encrypted as the device it lies on', async () => {
    put('swap file', 'x');
    const { dev } = statSync(join(root, 'swap file'), { bigint: true });
    const number = `${((dev >> 8n) & 0xfffn).toString()}:${(dev & 0xffn).toString()}`;
    const swaps = area('/swap\\040file', 'file');
    expect(await onLinux(swaps)).toEqual([{ name: '/swap file', kind: 'unknown' }]);
    device('dm-7', { uuid: 'CRYPT-LUKS2-x', on: ['sda2'] });
    mkdirSync(join(root, 'sys/dev/block'), { recursive: true });
    symlinkSync('../../devices/virtual/block/dm-7', join(root, 'sys/dev/block', number));
    expect(await onLinux(swaps)).toEqual([{ name: '/swap file', kind: 'encrypted' }]);
  });

  it('several areas are told one by one', async () => {
    device('sda2');
    device('zram0');
    expect((await onLinux(area('/dev/zram0', 'partition') + area('/dev/sda2', 'partition')))?.map((one) => one.kind)).toEqual([
      'memory',
      'plain',
    ]);
  });
});

describe('swap elsewhere', () => {
  const saying =
    (stdout: string, exit = 0): RunProgram =>
    () =>
      Promise.resolve({ exit, stdout });

  it.each([
    ['total = 2048.00M  used = 1023.75M  free = 1024.25M  (encrypted)', [{ name: '/private/var/vm', kind: 'encrypted' }]],
    ['total = 2048.00M  used = 1023.75M  free = 1024.25M', [{ name: '/private/var/vm', kind: 'plain' }]],
    ['total = 0.00M  used = 0.00M  free = 0.00M  (encrypted)', []],
    ['sysctl: unknown oid', null],
  ])('macOS says %s', async (said, expected) => {
    expect(await readSwap({ platform: 'darwin', run: saying(said) })).toEqual(expected);
  });

  it.each([
    ['{"files":["C:\\\\pagefile.sys"],"encrypted":true}', [{ name: 'C:\\pagefile.sys', kind: 'encrypted' }]],
    ['{"files":["C:\\\\pagefile.sys"],"encrypted":false}', [{ name: 'C:\\pagefile.sys', kind: 'unknown' }]],
    ['{"files":[],"encrypted":false}', []],
    ['no JSON', null],
  ])('Windows says %s', async (said, expected) => {
    expect(await readSwap({ platform: 'win32', run: saying(said) })).toEqual(expected);
  });

  it('is unknown where a program does not end well, and on any other system', async () => {
    expect(await readSwap({ platform: 'darwin', run: saying('total = 0.00M', 1) })).toBe(null);
    expect(await readSwap({ platform: 'win32', run: () => Promise.resolve(null) })).toBe(null);
    expect(await readSwap({ platform: 'aix' })).toBe(null);
  });
});
