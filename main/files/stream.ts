import type { FileHandle } from 'node:fs/promises';
import { openRegular, readFailure } from './read.ts';

/** Large enough that a file's speed is the disk's and the cipher's, small enough that memory does not show it. */
const CHUNK_BYTES = 1024 * 1024;

/** The size in bytes of a regular file that a person named. @throws as {@link fileChunks}. */
export async function fileSize(path: string, what: string): Promise<number> {
  const { handle, sizeBytes } = await openRegular(path, what);
  await handle.close();
  return sizeBytes;
}

/**
 * A regular file piece by piece, in constant memory. One buffer holds every piece: each is good until the next is asked for, and the
 * last is wiped.
 * @param what the file, for messages: "the ciphertext".
 * @throws input `file-missing`, `file-is-folder`, `file-not-regular`, `file-unreadable`.
 */
export async function* fileChunks(path: string, what: string): AsyncGenerator<Buffer> {
  const { handle } = await openRegular(path, what);
  try {
    yield* chunksOf(handle);
  } catch (error) {
    throw readFailure(error, path, what);
  } finally {
    await handle.close();
  }
}

/**
 * The bytes of an open file from its beginning, as {@link fileChunks} gives them. While one piece is with the caller the next is read,
 * into a second buffer: the disk and the cipher then work at the same time.
 */
export async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  let [current, next] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
  let at = 0;
  let ahead = readAt(handle, next, at);
  try {
    for (;;) {
      const bytesRead = await ahead;
      if (bytesRead === 0) return;
      [current, next] = [next, current];
      at += bytesRead;
      ahead = readAt(handle, next, at);
      yield current.subarray(0, bytesRead);
    }
  } finally {
    await Promise.allSettled([ahead]); // else it would fill a buffer that has been wiped
    current.fill(0);
    next.fill(0);
  }
}

/** A read that may end while nobody waits for it: what it throws is thrown where it is awaited, and not before. */
function readAt(handle: FileHandle, buffer: Buffer, at: number): Promise<number> {
  const reading = handle.read(buffer, 0, CHUNK_BYTES, at).then(({ bytesRead }) => bytesRead);
  reading.catch(() => undefined);
  return reading;
}
