import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../values/index.ts';
import { ok, unlike, type CheckLine } from './line.ts';

const SPACE = { id: 'free-space', what: 'there is room for the ledger and what a ceremony writes' } as const;

const MIB = 1024 * 1024;
/** A document of the largest size, twice: in the ledger, and in its journal. */
const NEEDED_BYTES = 64 * MIB;
/** A long ceremony, its report, and an export or two. */
const COMFORTABLE_BYTES = 512 * MIB;

/** The room that this user has on the disk that a home folder lies, or would lie, on. */
export async function lookAtSpace(home: string): Promise<CheckLine> {
  try {
    return judgeSpace(await freeBytes(home));
  } catch (error) {
    return unlike(SPACE, 'not-checkable', `the disk cannot be asked (${systemCode(error) ?? 'unknown error'})`, 'look by hand');
  }
}

export function judgeSpace(free: number): CheckLine {
  const told = `${Math.floor(free / MIB).toLocaleString('en')} MiB free`;
  if (free < NEEDED_BYTES)
    return unlike(SPACE, 'failed', told, 'make room before anything is sealed or sent: what was sent must be written down');
  if (free < COMFORTABLE_BYTES) return unlike(SPACE, 'warn', told, 'make room soon');
  return ok(SPACE, told);
}

async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder)); // not made yet: the disk is its parent's
  }
}
