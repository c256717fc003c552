import { readdir, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inputError, systemCode } from '../../main/values/index.ts';
import { shownName, type PathHandles } from './path-handles.ts';

/** A folder with more entries is shown in part: nobody finds a file by scrolling through thousands. */
const MAX_ENTRIES = 500;
/** Where removable media appear on Linux and macOS. */
const MEDIA = ['/media', '/run/media', '/Volumes'];

type Entry = { handle: string; name: string; kind: 'folder' | 'file'; size_bytes: number | null };

/** Lists one folder for the in-window browser, by handles and names alone. @throws input `folder-unreadable`. */
export async function browse(handles: PathHandles, folder: string | null) {
  const path = folder === null ? startFolder() : handles.pathOf(folder);
  const found = await readFolder(path);
  const parent = dirname(path);
  const entries: Entry[] = [];
  for (const { name, isFolder } of found.slice(0, MAX_ENTRIES)) {
    const full = join(path, name);
    const size = isFolder ? null : await sizeOf(full);
    entries.push({ handle: handles.handleOf(full), name: name.toWellFormed(), kind: isFolder ? 'folder' : 'file', size_bytes: size });
  }
  return {
    folder: { handle: handles.handleOf(path), name: shownName(path) },
    up: parent === path ? null : handles.handleOf(parent),
    places: await places(handles),
    entries,
    cut: found.length > MAX_ENTRIES,
  };
}

function startFolder(): string {
  return homedir() === '' ? tmpdir() : homedir();
}

async function readFolder(path: string): Promise<{ name: string; isFolder: boolean }[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .toSorted((a, b) => Number(b.isFolder) - Number(a.isFolder) || a.name.localeCompare(b.name, 'en'));
  } catch (cause) {
    throw inputError('folder-unreadable', `that folder cannot be read (${systemCode(cause) ?? 'unknown error'})`, {
      hint: 'go up and choose another',
      cause,
    });
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch {
    return null; // gone since it was listed; whoever chooses it is told then
  }
}

async function places(handles: PathHandles): Promise<{ handle: string; what: 'own' | 'media' }[]> {
  const found: { handle: string; what: 'own' | 'media' }[] = [{ handle: handles.handleOf(startFolder()), what: 'own' }];
  for (const media of MEDIA) {
    try {
      if ((await stat(media)).isDirectory()) found.push({ handle: handles.handleOf(media), what: 'media' });
    } catch {
      continue; // this system mounts elsewhere
    }
  }
  return found;
}
