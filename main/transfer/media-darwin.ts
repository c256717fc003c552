import { join } from 'node:path';
import { listSystemFolder, readSystemLink, type RunProgram } from '../machine/index.ts';
import type { FoundMedium } from './medium.ts';

/** More volumes than are asked; each is one program to run. */
const MAX_VOLUMES_ASKED = 32;

/** Asks `diskutil` about each folder of `/Volumes`. The system's own volume is a link there. @throws what the system throws. */
export async function findDarwinMedia(root: string, run: RunProgram): Promise<FoundMedium[]> {
  const names = (await listSystemFolder(join(root, 'Volumes'))) ?? [];
  const found = await Promise.all(
    names.slice(0, MAX_VOLUMES_ASKED).map(async (name) => {
      const path = `/Volumes/${name}`;
      if ((await readSystemLink(join(root, path))) !== null) return [];
      // A share on the network is no disk: diskutil fails.
      const ended = await run('/usr/sbin/diskutil', ['info', '-plist', path]);
      return ended?.exit === 0 ? mediumOf(parsePlist(ended.stdout), path) : [];
    }),
  );
  return found.flat();
}

type Plist = ReadonlyMap<string, string | boolean>;

/** An external disk or a card, mounted here; not the system's, and no image of a disk, which is a file on another. */
function mediumOf(info: Plist, path: string): FoundMedium[] {
  const removable =
    info.get('RemovableMediaOrExternalDevice') === true || info.get('RemovableMedia') === true || info.get('Ejectable') === true;
  if (!removable || info.get('SystemImage') === true || info.get('BusProtocol') === 'Disk Image') return [];
  if (info.get('MountPoint') !== path) return [];
  return [
    {
      path,
      label: textOf(info, 'VolumeName') ?? path.slice('/Volumes/'.length),
      fileSystem: textOf(info, 'FilesystemType') ?? 'unknown',
      readOnly: info.get('WritableVolume') !== true,
    },
  ];
}

function textOf(info: Plist, key: string): string | null {
  const value = info.get(key);
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * The texts, numbers (as text) and booleans of a property list's outermost dictionary, as `diskutil` writes it: XML without comments,
 * CDATA or attributes within. Dictionaries and lists inside are passed over: their keys are about other disks.
 */
export function parsePlist(text: string): Plist {
  const found = new Map<string, string | boolean>();
  let depth = 0;
  let key: string | null = null;
  for (const [, close, tag = '', empty, content = ''] of text.matchAll(
    /<(\/?)(dict|array|key|string|integer|real|date|data|true|false)\s*(\/?)>([^<]*)/g,
  )) {
    if (tag === 'dict' || tag === 'array') {
      if (empty !== '/') depth += close === '/' ? -1 : 1;
      key = null;
    } else if (depth === 1 && close !== '/') {
      if (tag !== 'key' && key !== null) found.set(key, tag === 'true' || tag === 'false' ? tag === 'true' : decodeEntities(content));
      key = tag === 'key' ? decodeEntities(content) : null;
    }
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}
