import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ColdroomError, inputError, quote, systemCode } from '../values/index.ts';

/** Opening a FIFO with no writer would otherwise wait for ever. Windows has neither the flag nor such files. */
const NON_BLOCKING = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

export interface ReadLimits {
  /** The most bytes taken. A longer file is refused before it is read. */
  readonly maxBytes: number;
  /** What the file is, for messages: "the key pack", "the secret". */
  readonly what: string;
  /** Take a file of 0 bytes; refused where nothing is said. */
  readonly allowEmpty?: boolean;
}

/**
 * Reads a whole regular file that a person named. A FIFO, a device or a folder is refused without blocking on it; a
 * symbolic link is followed.
 * @returns the file's bytes. The caller wipes them where they are a secret.
 * @throws input `file-missing`, `file-is-folder`, `file-not-regular`, `file-unreadable`, `file-empty`, `file-too-large`,
 *   `file-changed` (it grew, shrank or, as far as its time tells, was written to while it was read).
 */
export async function readBoundedFile(path: string, limits: ReadLimits): Promise<Buffer> {
  const { handle, sizeBytes, writtenNs } = await openRegular(path, limits.what);
  try {
    if (sizeBytes > limits.maxBytes) {
      throw inputError(
        'file-too-large',
        `${limits.what} ${quote(path)} has ${sizeBytes.toString()} bytes; at most ${limits.maxBytes.toString()} are taken`,
      );
    }
    if (sizeBytes === 0 && limits.allowEmpty !== true) throw inputError('file-empty', `${limits.what} ${quote(path)} is empty`);
    const bytes = await readExactly(handle, sizeBytes, path, limits.what);
    // Half of an old file and half of a new one, of the same size, is nobody's secret: sealed, it would open to that.
    if ((await handle.stat({ bigint: true })).mtimeNs === writtenNs) return bytes;
    bytes.fill(0);
    throw changed(path, limits.what);
  } catch (error) {
    throw readFailure(error, path, limits.what);
  } finally {
    await handle.close();
  }
}

type OpenFile = {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
  /**
   * When its content was last changed, in nanoseconds: as fine as the file system's clock is. Not when anything of it changed: another
   * file that takes its name changes that, and leaves these bytes as they are.
   */
  readonly writtenNs: bigint;
};

/** @throws input `file-missing`, `file-is-folder`, `file-not-regular`, `file-unreadable`. */
export async function openRegular(path: string, what: string): Promise<OpenFile> {
  const handle = await openForReading(path, what);
  try {
    const stat = await handle.stat({ bigint: true });
    if (stat.isDirectory()) throw inputError('file-is-folder', `${what} ${quote(path)} is a folder`, { hint: 'name a file' });
    if (!stat.isFile())
      throw inputError('file-not-regular', `${what} ${quote(path)} is not a regular file`, { hint: 'name a regular file' });
    return { handle, sizeBytes: Number(stat.size), writtenNs: stat.mtimeNs };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openForReading(path: string, what: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | NON_BLOCKING);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      // Bytes of a name that are no UTF-8 reach us as U+FFFD, and no file is found by that.
      const hint = path.includes('\ufffd') ? 'its name is not UTF-8: give it a plain one first' : 'check the path';
      throw inputError('file-missing', `${what} ${quote(path)} does not exist`, { hint, cause });
    }
    throw inputError('file-unreadable', `${what} ${quote(path)} cannot be read (${code ?? 'unknown error'})`, {
      hint: 'check who may read it',
      cause,
    });
  }
}

/** What reading threw: a system's error (`EIO` of a stick that fails) is the file's fault, and no bug. */
export function readFailure(error: unknown, path: string, what: string): unknown {
  const code = error instanceof ColdroomError ? null : systemCode(error);
  if (code === null) return error;
  return inputError('file-unreadable', `${what} ${quote(path)} cannot be read to its end (${code})`, {
    hint: 'the medium may be failing: copy the file to another, and look whether it is whole',
    cause: error,
  });
}

/** Reads into one buffer of the exact size, so that a secret has one copy to wipe. */
async function readExactly(handle: FileHandle, sizeBytes: number, path: string, what: string): Promise<Buffer> {
  const bytes = Buffer.alloc(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const { bytesRead } = await handle.read(bytes, filled, sizeBytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  const beyond = await handle.read(Buffer.alloc(1), 0, 1, sizeBytes);
  if (filled !== sizeBytes || beyond.bytesRead !== 0) {
    bytes.fill(0);
    throw changed(path, what);
  }
  return bytes;
}

function changed(path: string, what: string): ColdroomError {
  return inputError('file-changed', `${what} ${quote(path)} changed while it was read`, {
    hint: 'see that nothing writes to it, then try again',
  });
}
