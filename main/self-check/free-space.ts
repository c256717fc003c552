import { access, constants, readdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { quote, systemCode } from '../values/index.ts';
import { ok, unlike, type CheckLine } from './line.ts';

const SPACE = { id: 'free-space', what: 'there is room for the ledger and what a ceremony writes' } as const;

const MIB = 1024 * 1024;
/** A document of the largest size, twice: in the ledger, and in its journal. */
const NEEDED_BYTES = 64 * MIB;
/** A long ceremony, its report, and an export or two. */
const COMFORTABLE_BYTES = 512 * MIB;

/** What a ceremony makes, each file under a temporary name first, several times over. */
const NEEDED_FILES = 1000;

/** What the disk has for this user. Where it does not count its files, as btrfs, `files` is null. */
export type Room = { readonly bytes: number; readonly files: number | null };

/**
 * The room that this user has on the disk that a home folder lies, or would lie, on; and whether what is in the folder may be written:
 * a disk that turned read-only has as much room as before.
 * @param mayWrite rejects where a path may not be written.
 */
export async function lookAtSpace(home: string, mayWrite = (path: string) => access(path, constants.W_OK)): Promise<CheckLine> {
  try {
    const unwritable = await firstUnwritable(home, mayWrite);
    return unwritable === null ? judgeSpace(await roomOf(home)) : unlike(SPACE, 'failed', unwritable, UNWRITABLE_TO_DO);
  } catch (error) {
    return unlike(SPACE, 'not-checkable', `the disk cannot be asked (${systemCode(error) ?? 'unknown error'})`, 'look by hand');
  }
}

const UNWRITABLE_TO_DO = 'find out why before anything is sealed or sent: what was sent must be written down';

export function judgeSpace({ bytes, files }: Room): CheckLine {
  const told = `${Math.floor(bytes / MIB).toLocaleString('en')} MiB free`;
  if (files !== null && files < NEEDED_FILES)
    return unlike(
      SPACE,
      'failed',
      `${told}, room for ${files.toLocaleString('en')} more files`,
      'remove files from this disk: it holds only so many, however small',
    );
  if (bytes < NEEDED_BYTES)
    return unlike(SPACE, 'failed', told, 'make room before anything is sealed or sent: what was sent must be written down');
  if (bytes < COMFORTABLE_BYTES) return unlike(SPACE, 'warn', told, 'make room soon');
  return ok(SPACE, told);
}

async function roomOf(folder: string): Promise<Room> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(folder);
    return { bytes: bavail * bsize, files: files === 0 ? null : ffree };
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return roomOf(dirname(folder)); // not made yet: the disk is its parent's
  }
}

/** Of the folder and what lies in it the first that may not be written, in words; null where all may, or the folder is not made yet. */
async function firstUnwritable(home: string, mayWrite: (path: string) => Promise<void>): Promise<string | null> {
  const names = await readdir(home).catch(() => null); // its permissions are another line's
  for (const name of names === null ? [] : ['', ...names.toSorted()]) {
    try {
      await mayWrite(join(home, name));
    } catch (error) {
      const code = systemCode(error) ?? 'unknown error';
      if (code !== 'ENOENT') return `${name === '' ? 'the folder' : quote(name)} cannot be written (${code})`; // a lock may go meanwhile
    }
  }
  return null;
}
