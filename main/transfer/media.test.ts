import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunProgram } from '../machine/index.ts';
import { parsePlist } from './media-darwin.ts';
import { parseMountinfo } from './media-linux.ts';
import { listMedia } from './media.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'media-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
}

const folder = (path: string): unknown => mkdirSync(join(root, path), { recursive: true });

describe('media on Linux', () => {
  const SYSTEM = [
    '22 26 0:21 / /sys rw,relatime - sysfs sysfs rw',
    '26 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
    '61 26 0:51 / /mnt/share rw,relatime shared:33 - nfs4 host:/share rw,vers=4.2',
    '62 26 0:52 / /media/u/memory rw - tmpfs tmpfs rw,size=4k',
  ];
  const USB = '../../devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0/host6/target6:0:0/6:0:0:0/block/sdb/sdb1';
  const SATA = '../../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1';

  function machine(mounts: readonly string[]): void {
    write('proc/self/mountinfo', `${[...SYSTEM, ...mounts].join('\n')}\n`);
    link('sys/dev/block/254:0', '../../devices/pci0000:00/0000:00:05.0/virtio4/block/vda');
    link('sys/dev/block/8:1', SATA);
    write('sys/block/sda/removable', '0\n');
    link('sys/dev/block/8:17', USB);
    write('sys/block/sdb/removable', '1\n');
    for (const path of ['media/u/A STICK', 'media/u/b', 'run/media/u/c', 'mnt', 'home/u/d']) folder(path);
  }
  const paths = async (): Promise<string[]> => (await listMedia({ platform: 'linux', root })).map(({ path }) => path);
  const stick = (path: string, device = '8:17', part = '/', options = 'rw,nosuid'): string =>
    `70 26 ${device} ${part} ${path} ${options} shared:40 - vfat /dev/sdb1 rw,fmask=0022`;

  it('are removable and mounted where sticks are', async () => {
    machine([stick('/media/u/A\\040STICK')]);
    const [medium, ...others] = await listMedia({ platform: 'linux', root });
    expect(others).toEqual([]);
    expect(medium).toMatchObject({ path: '/media/u/A STICK', label: 'A STICK', file_system: 'vfat', writable: true });
    expect(medium?.total_bytes).toBeGreaterThan(medium?.free_bytes ?? 0);
    expect(medium?.free_bytes).toBeGreaterThan(0);
  });

  it('have the label that udev knows', async () => {
    machine([stick('/media/u/b')]);
    link('dev/disk/by-label/K\\xc3\\xbcche\\x20100%', '../../sdb1');
    expect((await listMedia({ platform: 'linux', root }))[0]?.label).toBe('Küche 100%');
  });

  it.each(['/media/u/b', '/run/media/u/c', '/mnt'])('are found at %s', async (path) => {
    machine([stick(path)]);
    expect(await paths()).toEqual([path]);
  });

  it.each([
    ['elsewhere', stick('/home/u/d')],
    ['where the name only begins so', stick('/mnttwo')],
    ['a fixed disk', stick('/mnt', '8:1')],
    ['a device that nobody knows', stick('/mnt', '8:33')],
    ['a part of it', stick('/mnt', '8:17', '/folder')],
    ['a place that has gone', stick('/media/u/gone')],
  ])('are none of %s', async (_name, mount) => {
    machine([mount]);
    expect(await paths()).toEqual([]);
  });

  it('are not found below what was mounted over them, and once each', async () => {
    machine([stick('/mnt'), '71 26 0:60 / /mnt rw - tmpfs tmpfs rw']);
    expect(await paths()).toEqual([]);
    write('proc/self/mountinfo', `${stick('/media/u/b')}\n${stick('/mnt')}\n`);
    expect(await paths()).toEqual(['/media/u/b']);
  });

  it('are read-only by the mount or by the file system', async () => {
    machine([stick('/media/u/b', '8:17', '/', 'ro,nosuid')]);
    expect((await listMedia({ platform: 'linux', root }))[0]?.writable).toBe(false);
    write('proc/self/mountinfo', `${stick('/media/u/b').replace(' rw,fmask', ' ro,fmask')}\n`);
    expect((await listMedia({ platform: 'linux', root }))[0]?.writable).toBe(false);
  });

  it('may call themselves fixed on USB, be SD cards, and lie under encryption', async () => {
    machine([stick('/media/u/b'), stick('/run/media/u/c', '179:1'), stick('/mnt', '253:0')]);
    write('sys/block/sdb/removable', '0\n');
    link('sys/dev/block/179:1', '../../devices/pci0000:00/0000:01:00.0/mmc_host/mmc0/mmc0:0001/block/mmcblk0/mmcblk0p1');
    write('sys/block/mmcblk0/removable', '0\n');
    write('sys/block/mmcblk0/device/type', 'SD\n');
    link('sys/dev/block/253:0', '../../devices/virtual/block/dm-0');
    link('sys/block/dm-0/slaves/sdb1', `../../../${USB}`);
    expect(await paths()).toEqual(['/media/u/b', '/mnt', '/run/media/u/c']);
    write('sys/block/mmcblk0/device/type', 'MMC\n');
    link('sys/block/dm-0/slaves/sda1', `../../../${SATA}`);
    expect(await paths()).toEqual(['/media/u/b']);
  });

  it('are none where nothing can be read', async () => {
    expect(await paths()).toEqual([]);
    folder('proc/self/mountinfo');
    expect(await paths()).toEqual([]);
  });

  it('have names in octal', () => {
    const line = '36 35 98:0 /a\\134b /mnt2/tab\\011nl\\012hash\\043é rw,noatime - ext3 /dev/root rw,errors=continue';
    expect(parseMountinfo(`${line}\nnot a line\n`)).toEqual([
      { device: '98:0', part: '/a\\b', path: '/mnt2/tab\tnl\nhash#é', fileSystem: 'ext3', readOnly: false },
    ]);
  });

  it.runIf(process.platform === 'linux')('of this machine can be asked for', async () => {
    for (const { path } of await listMedia()) expect(path).toMatch(/^\/(media|run\/media|mnt)/);
  });
});

const plist = (entries: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${entries}
</dict>
</plist>
`;
const STICK = `	<key>BusProtocol</key>
	<string>USB</string>
	<key>Ejectable</key>
	<true/>
	<key>FilesystemType</key>
	<string>msdos</string>
	<key>Internal</key>
	<false/>
	<key>MountPoint</key>
	<string>/Volumes/A &amp; B</string>
	<key>RemovableMedia</key>
	<true/>
	<key>RemovableMediaOrExternalDevice</key>
	<true/>
	<key>SystemImage</key>
	<false/>
	<key>TotalSize</key>
	<integer>15728640000</integer>
	<key>VolumeName</key>
	<string>A &amp; B</string>
	<key>WritableVolume</key>
	<true/>`;

describe('media on macOS', () => {
  const read = (text: string | null, exit = 0): ReturnType<typeof listMedia> => {
    const run: RunProgram = (path, args) => {
      expect([path, ...args]).toEqual(['/usr/sbin/diskutil', 'info', '-plist', '/Volumes/A & B']);
      return Promise.resolve(text === null ? null : { exit, stdout: text });
    };
    return listMedia({ platform: 'darwin', root, run });
  };
  beforeEach(() => {
    folder('Volumes/A & B');
    link('Volumes/Macintosh HD', '/');
  });

  it('are what diskutil calls removable or external', async () => {
    expect(await read(plist(STICK))).toMatchObject([{ path: '/Volumes/A & B', label: 'A & B', file_system: 'msdos', writable: true }]);
  });

  it('may be locked, or without a name', async () => {
    const locked = STICK.replace(/(<key>WritableVolume<\/key>\s*)<true\/>/, '$1<false/>').replace(
      /(VolumeName<\/key>\s*<string>)[^<]*/,
      '$1',
    );
    expect(await read(plist(locked))).toMatchObject([{ label: 'A & B', writable: false }]);
  });

  it.each([
    ['the system’s', STICK.replace(/(<key>SystemImage<\/key>\s*)<false\/>/, '$1<true/>')],
    ['images of disks', STICK.replace('<string>USB</string>', '<string>Disk Image</string>')],
    ['mounted elsewhere', STICK.replace('<string>/Volumes/A &amp; B</string>', '<string>/</string>')],
    ['built in', STICK.replace(/(<key>(Ejectable|RemovableMedia|RemovableMediaOrExternalDevice)<\/key>\s*)<true\/>/g, '$1<false/>')],
    ['empty', ''],
  ])('are none of those that are %s', async (_name, entries) => {
    expect(await read(plist(entries))).toEqual([]);
  });

  it('are none where diskutil does not answer', async () => {
    expect(await read(null)).toEqual([]);
    expect(await read(plist(STICK), 1)).toEqual([]);
    expect(await read('Could not find disk')).toEqual([]);
  });

  it('are told by the outermost dictionary alone', () => {
    const nested = parsePlist(
      plist(
        '<key>A</key><dict><key>Internal</key><true/></dict><key>Empty</key><array/><key>Internal</key><false/><key>S</key><string>&lt;&quot;&apos;&gt;</string><key>E</key><string></string>',
      ),
    );
    expect([...nested]).toEqual([
      ['Internal', false],
      ['S', '<"\'>'],
      ['E', ''],
    ]);
  });
});

describe('media on Windows', () => {
  const DISK = { id: 'E:', label: 'STICK', system: 'exFAT', free: 15_000_000_000, size: 15_728_640_000, access: 0 };
  const read = (stdout: string | null): ReturnType<typeof listMedia> =>
    listMedia({ platform: 'win32', run: () => Promise.resolve(stdout === null ? null : { exit: 0, stdout }) });

  it('are logical disks of the removable type', async () => {
    const disks = [DISK, { ...DISK, id: 'D:', label: '', system: '', access: 1 }];
    expect(await read(`${JSON.stringify(disks)}\r\n`)).toEqual([
      { path: 'D:\\', label: 'D:', file_system: 'unknown', free_bytes: 15_000_000_000, total_bytes: 15_728_640_000, writable: false },
      { path: 'E:\\', label: 'STICK', file_system: 'exFAT', free_bytes: 15_000_000_000, total_bytes: 15_728_640_000, writable: true },
    ]);
  });

  it.each([null, '', '[]', '{}', JSON.stringify([{ ...DISK, id: '\\\\server\\share' }])])('are none where it says %j', async (stdout) => {
    expect(await read(stdout)).toEqual([]);
  });
});

it('another system has none', async () => {
  expect(await listMedia({ platform: 'freebsd' })).toEqual([]);
});
