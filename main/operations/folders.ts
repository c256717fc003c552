import type { Dirent } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError, quote, systemCode } from '../values/index.ts';

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // what cannot be looked at is no folder; whoever opens it next says why
  }
}

/**
 * Refuses an output folder early that is something else; making it waits until there is something to put in.
 * @throws input `output-not-folder`, `output-unwritable`.
 */
export async function checkFolderOrNothing(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return;
    if (code !== 'ENOTDIR') {
      throw inputError('output-unwritable', `the folder ${quote(path)} cannot be looked at (${code ?? 'unknown error'})`, {
        hint: 'check the path and its permissions',
        cause: error,
      });
    }
  }
  throw inputError('output-not-folder', `${quote(path)} is a file, and a folder is wanted`, { hint: 'name a folder' });
}

/** Makes an output folder (0700) where it is missing. @throws input `output-not-folder`, `output-unwritable`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw inputError('output-not-folder', `${quote(path)} is a file, and a folder is wanted`, { hint: 'name a folder', cause });
    }
    throw inputError('output-unwritable', `the folder ${quote(path)} cannot be made (${code ?? 'unknown error'})`, {
      hint: 'check the path and its permissions',
      cause,
    });
  }
}

/** What lies in a folder, hidden files too. @param recursive everything below it as well. @throws input `folder-unreadable`. */
export async function listFolder(folder: string, recursive = false): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true, recursive });
  } catch (cause) {
    throw inputError('folder-unreadable', `the folder ${quote(folder)} cannot be looked into (${systemCode(cause) ?? 'unknown error'})`, {
      hint: 'check who may read it',
      cause,
    });
  }
}

/** The paths of the documents in a folder, in the order of their names; what a system hides there (`._*`) is none. @throws as listFolder. */
export async function documentsIn(folder: string): Promise<string[]> {
  const entries = await listFolder(folder);
  return entries
    .filter(isDocument)
    .map((one) => join(folder, one.name))
    .toSorted();
}

/** The names of what {@link documentsIn} leaves out: folders, links, files of other names. @throws as listFolder. */
export async function passedOverIn(folder: string): Promise<string[]> {
  const entries = await listFolder(folder);
  return entries
    .filter((one) => !isDocument(one) && !one.name.startsWith('.'))
    .map((one) => one.name)
    .toSorted();
}

const isDocument = (one: Dirent): boolean => one.isFile() && one.name.endsWith('.json') && !one.name.startsWith('.');
