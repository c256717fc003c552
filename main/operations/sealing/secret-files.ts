import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { firstNames, inputError, quote } from '../../values/index.ts';
import { listFolder } from '../folders.ts';

/** Names that a message tells. */
const MAX_NAMES = 8;

/**
 * The paths of the secrets in a folder, in the order of their names: every file of it is one, hidden files too.
 * @throws input `folder-empty`, `folder-not-plain`, `folder-unreadable`.
 */
export async function secretsIn(folder: string): Promise<string[]> {
  const entries = await listFolder(folder);
  checkOnlyFiles(folder, entries);
  if (entries.length === 0) {
    throw inputError('folder-empty', `the folder ${quote(folder)} holds no file`, { hint: 'name a folder with the files to seal' });
  }
  return entries.map((entry) => join(folder, entry.name)).toSorted();
}

/**
 * What a folder, a link or a pipe in the folder holds would be missing among the sealed items, and nobody would know.
 * @throws input `folder-not-plain`.
 */
function checkOnlyFiles(folder: string, entries: readonly Dirent[]): void {
  // Bytes that are no UTF-8 have become U+FFFD, and the file cannot be opened by that name.
  const others = entries.filter((entry) => !entry.isFile() || entry.name.includes('\ufffd')).map((entry) => entry.name);
  if (others.length === 0) return;
  const told = firstNames(
    others.toSorted().map((name) => quote(name.toWellFormed())),
    MAX_NAMES,
  );
  throw inputError('folder-not-plain', `the folder ${quote(folder)} holds what cannot be sealed as a file: ${told}`, {
    hint: 'nothing was sealed; put the files themselves there: no folders, no links, no names that are not UTF-8',
  });
}
