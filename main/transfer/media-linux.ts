import { basename, join } from 'node:path';
import { listSystemFolder, readSystemLink, readSystemText } from '../machine/index.ts';
import type { FoundMedium } from './medium.ts';

/** Where desktops and people mount sticks. */
const MOUNT_PLACES = /^\/(media|run\/media|mnt)(\/|$)/;

/**
 * The mounts of this process that lie where sticks are mounted and rest on a removable block device. Network and pseudo file systems
 * rest on none. The honest gap: file systems over several devices (btrfs, ZFS) hide theirs, and are not listed.
 * @throws what the system throws where `/proc` cannot be read.
 */
export async function findLinuxMedia(root: string): Promise<FoundMedium[]> {
  const mounts = parseMountinfo((await readSystemText(join(root, 'proc/self/mountinfo'))) ?? '');
  const labels = await readLabels(root);
  const found: FoundMedium[] = [];
  for (const mount of visibleMounts(mounts)) {
    const device = await readSystemLink(join(root, 'sys/dev/block', mount.device));
    if (device === null || !(await isRemovable(root, device, 0))) continue;
    found.push({
      path: mount.path,
      label: labels.get(basename(device)) ?? basename(mount.path),
      fileSystem: mount.fileSystem,
      readOnly: mount.readOnly,
    });
  }
  return found;
}

export interface Mount {
  /** `MAJOR:MINOR`. Major 0 is no block device. */
  readonly device: string;
  /** Which part of the file system is mounted here: `/` for all of it. */
  readonly part: string;
  readonly path: string;
  readonly fileSystem: string;
  readonly readOnly: boolean;
}

/** `/proc/self/mountinfo`, proc_pid_mountinfo(5): fields by spaces, after ` - ` type, source and the file system's own options. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [mount = '', system] = line.split(' - ');
    const [, , device, part, path, options] = mount.split(' ');
    const [fileSystem, , systemOptions] = system?.split(' ') ?? [];
    if (device === undefined || part === undefined || path === undefined || fileSystem === undefined) return [];
    const readOnly = [options, systemOptions].some((list) => list?.split(',').includes('ro'));
    return [{ device, part: decodeOctal(part), path: decodeOctal(path), fileSystem, readOnly }];
  });
}

/** The kernel writes white space, `\` and `#` in names as three octal digits, and every other byte as it is. */
function decodeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

/** Whole file systems where sticks are mounted. Of mounts at one place the last hides the others; of one device's the first counts. */
function visibleMounts(mounts: readonly Mount[]): Mount[] {
  const seen = [...new Map(mounts.map((mount) => [mount.path, mount])).values()];
  const whole = seen.filter(({ path, part, device }) => MOUNT_PLACES.test(path) && part === '/' && !device.startsWith('0:'));
  return whole.filter(({ device }, index) => whole.findIndex((other) => other.device === device) === index);
}

/** Device mappers lie on each other: an encrypted stick is one on a partition. Deeper than this is nothing that people carry. */
const MAX_DEPTH = 4;

/**
 * @param device where a link of sysfs to the device leads: `…/usb1/1-4/…/block/sdb/sdb1`.
 * @returns whether the kernel calls its disk removable, or it hangs on USB (large sticks call themselves fixed), or is an SD card; of a
 *   device that lies on others, whether all of these are.
 */
async function isRemovable(root: string, device: string, depth: number): Promise<boolean> {
  const disk = /\/block\/([^/]+)/.exec(device)?.[1];
  if (disk === undefined || depth > MAX_DEPTH) return false;
  if (/\/usb\d+\//.test(device)) return true;
  const folder = join(root, 'sys/block', disk);
  const below = (await listSystemFolder(join(folder, 'slaves'))) ?? [];
  if (below.length > 0) {
    const removable = await Promise.all(
      below.map(async (name) => {
        const link = await readSystemLink(join(folder, 'slaves', name));
        return link !== null && (await isRemovable(root, link, depth + 1));
      }),
    );
    return removable.every(Boolean);
  }
  if ((await readSystemText(join(folder, 'removable')))?.trim() === '1') return true;
  return (await readSystemText(join(folder, 'device/type')))?.trim() === 'SD';
}

/** Labels by device, as udev links them; without udev there are none. */
async function readLabels(root: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(root, 'dev/disk/by-label');
  const labels = new Map<string, string>();
  for (const name of (await listSystemFolder(folder)) ?? []) {
    const device = await readSystemLink(join(folder, name));
    if (device !== null) labels.set(basename(device), decodeUdev(name));
  }
  return labels;
}

/** udev writes bytes that it does not trust in a name as `\x20`. */
function decodeUdev(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('%', '%25').replace(/\\x([0-9a-f]{2})/gi, '%$1'));
  } catch {
    return name;
  }
}
