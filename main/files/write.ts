import { createHash } from 'node:crypto';
import { link, lstat, open, readFile, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ColdroomError, inputError, quote, systemCode } from '../values/index.ts';
import { chunksOf } from './stream.ts';
import { discardTemporary, forgetTemporary, newTemporary, removeAbandoned, temporariesOf } from './temporary.ts';

/**
 * Refuses an output path early, before anything is sent or sealed: the file must not exist (not even as a dangling
 * link), its folder must.
 * @throws input `output-exists`, `output-folder-missing`.
 */
export async function checkNewFile(path: string): Promise<void> {
  if ((await statOrNull(lstat, path)) !== null) {
    throw inputError('output-exists', `${quote(path)} exists already`, { hint: 'choose another name; nothing is overwritten' });
  }
  const folder = await statOrNull(stat, dirname(path));
  if (folder?.isDirectory() !== true) {
    throw inputError('output-folder-missing', `the folder ${quote(dirname(path))} does not exist`, { hint: 'make it first' });
  }
}

/**
 * As {@link checkNewFile}, of a file that will hold a secret in the clear: what a process left beside it that was killed while it wrote
 * the same goes first. Where that process had come as far as the name, the file stands, and the rest of it beside it is a second copy.
 * @throws as {@link checkNewFile}.
 */
export async function checkNewClearFile(path: string): Promise<void> {
  await removeAbandoned(path);
  await checkNewFile(path);
}

/**
 * Writes a file that did not exist: under a temporary name, flushed, read back and compared, then linked to its name
 * (which fails if another process took the name meanwhile), and the folder flushed. After an error nothing is left.
 * @throws input `output-exists`, `output-folder-missing`, `output-unwritable` (disk full, no permission, medium pulled).
 */
export async function writeNewFile(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  // SECURITY(REQ-DURABLE): the name comes last, after the flush and the reading back, and never in the place of another file.
  await checkNewFile(path);
  await throughTemporary(path, wholly(bytes), mode, async (temporary) => {
    await claimName(temporary, path);
  });
}

/**
 * Several files that are of no use without each other: all of them, or none.
 * @throws as {@link writeNewFile}.
 */
export async function writeNewFiles(files: readonly (readonly [path: string, bytes: Uint8Array])[]): Promise<void> {
  for (const [path] of files) await checkNewFile(path);
  const written: string[] = [];
  try {
    for (const [path, bytes] of files) {
      await writeNewFile(path, bytes);
      written.push(path);
    }
  } catch (error) {
    for (const path of written) await removeFile(path);
    throw error;
  }
}

/**
 * As {@link writeNewFile}, of text that comes in pieces and need not fit in memory. It is compared by its digest, and holds no secret:
 * what is read back is not wiped.
 * @throws as {@link writeNewFile}, and what making the pieces throws; nothing is left then either.
 */
export async function writeNewTextFile(path: string, pieces: Iterable<string>): Promise<void> {
  await writeNewFileOf(path, inBlocks(pieces));
}

/**
 * As {@link writeNewFile}, of bytes that come in pieces and need not fit in memory: nobody sees the file before the last piece came, and
 * where making them throws it never was there. It is compared by its digest. Each piece is wiped once it is written, since it may be of
 * a recovered secret.
 * @returns the size in bytes.
 * @throws as {@link writeNewFile}, and what making the pieces throws.
 */
export async function writeNewFileOf(path: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>, mode = 0o600): Promise<number> {
  await checkNewFile(path);
  const written = createHash('sha256');
  let sizeBytes = 0;
  const content: Content = {
    write: (handle) =>
      writePieces(handle, pieces, (piece) => {
        written.update(piece);
        sizeBytes += piece.length;
      }),
    check: async (temporary) => {
      const read = createHash('sha256');
      const handle = await open(temporary, 'r');
      try {
        for await (const piece of chunksOf(handle)) read.update(piece);
      } finally {
        await handle.close();
      }
      if (!read.digest().equals(written.digest())) throw new Error('what was read back differs from what was written');
    },
  };
  await throughTemporary(path, content, mode, async (temporary) => {
    await claimName(temporary, path);
  });
  return sizeBytes;
}

/**
 * Writes pieces one after the other to an open file, each while the next is made: the disk and the cipher then work at the same time.
 * A piece is the writer's from when it is yielded, and is wiped once it is written.
 * @param seen is told of each, in order, before it is wiped.
 * @throws what writing or making the pieces throws; a piece that was being written is wiped first.
 */
export async function writePieces(
  handle: FileHandle,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  seen: (piece: Buffer) => void = () => undefined,
): Promise<void> {
  let behind: Promise<void> = Promise.resolve();
  try {
    for await (const piece of pieces) {
      await behind;
      behind = writeAndWipe(handle, piece);
      behind.catch(() => undefined); // it is awaited below, or with the next piece
      seen(piece);
    }
  } finally {
    await Promise.allSettled([behind]);
  }
  await behind;
}

async function writeAndWipe(handle: FileHandle, piece: Buffer): Promise<void> {
  try {
    await writeAll(handle, piece);
  } finally {
    giveBack(piece);
  }
}

/** Wipes a piece, and frees its memory at once where nothing else lies in it: waiting for the collector would cost a hundred MiB. */
function giveBack(piece: Buffer): void {
  piece.fill(0);
  const { buffer } = piece;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === piece.length) buffer.transfer(0);
}

async function writeAll(handle: FileHandle, piece: Buffer): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await handle.write(piece, at)).bytesWritten;
}

const BLOCK_CHARACTERS = 1024 * 1024;

function* inBlocks(pieces: Iterable<string>): Generator<Buffer> {
  let block: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    block.push(piece);
    length += piece.length;
    if (length < BLOCK_CHARACTERS) continue;
    yield Buffer.from(block.join(''), 'utf8');
    [block, length] = [[], 0];
  }
  yield Buffer.from(block.join(''), 'utf8');
}

/** How a file comes to hold something, and how that is held against what was to be written. */
type Content = { readonly write: (handle: FileHandle) => Promise<void>; readonly check: (temporary: string) => Promise<void> };

function wholly(bytes: Uint8Array): Content {
  return { write: (handle) => handle.writeFile(bytes), check: (temporary) => checkReadsBack(temporary, bytes) };
}

/**
 * As {@link writeNewFile}, of a file that something else makes at the path it is given, such as SQLite; it is flushed here, and not read
 * back: what it has to hold its maker alone knows.
 * @throws as {@link writeNewFile}, and what `make` throws.
 */
export async function writeNewFileBy(path: string, make: (temporary: string) => void): Promise<void> {
  await checkNewFile(path);
  const temporary = newTemporary(path);
  try {
    make(temporary);
    const handle = await open(temporary, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await claimName(temporary, path);
    forgetTemporary(temporary);
  } catch (cause) {
    await discardTemporary(temporary);
    throw unwritable(path, cause);
  }
}

/**
 * Writes a file of Coldroom's own, replacing the one before in one step: a reader sees the old bytes or the new ones.
 * @throws input `output-unwritable`.
 */
export async function writeFileReplacing(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  await throughTemporary(path, wholly(bytes), mode, async (temporary) => {
    await rename(temporary, path);
    await flushFolder(dirname(path));
  });
}

/**
 * Removes a file of Coldroom's own, and whatever a process that was killed while it wrote that file left beside it; then flushes
 * the folder. Where there is no file, or no folder, there is nothing to do.
 * @throws input `file-not-removed`.
 */
export async function removeFile(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    const left = await temporariesOf(path);
    for (const name of [basename(path), ...left]) await rm(join(folder, name), { force: true });
    await flushFolder(folder);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return;
    throw inputError('file-not-removed', `${quote(path)} cannot be removed (${systemCode(cause) ?? 'unknown error'})`, {
      hint: 'remove it by hand',
      cause,
    });
  }
}

async function throughTemporary(
  path: string,
  content: Content,
  mode: number,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = newTemporary(path);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await content.write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await content.check(temporary);
    await publish(temporary);
    forgetTemporary(temporary);
  } catch (cause) {
    await discardTemporary(temporary);
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): ColdroomError {
  if (cause instanceof ColdroomError) return cause;
  return inputError('output-unwritable', `${quote(path)} cannot be written (${systemCode(cause) ?? 'the medium did not keep it'})`, {
    hint: 'check free space, permissions and the medium',
    cause,
  });
}

/** The copy that is read back is wiped: what is written may be a recovered secret. */
async function checkReadsBack(path: string, bytes: Uint8Array): Promise<void> {
  const back = await readFile(path);
  const same = back.equals(bytes);
  back.fill(0);
  if (!same) throw new Error('what was read back differs from what was written');
}

/**
 * Gives a file its name, durably, or takes it back: a name whose folder could not be flushed may be gone after the next crash, and
 * nobody is told that it is there.
 */
async function claimName(temporary: string, path: string): Promise<void> {
  await takeName(temporary, path);
  try {
    await flushFolder(dirname(path));
  } catch (error) {
    await discardTemporary(path);
    throw error;
  }
}

/** link(2) refuses a taken name, rename(2) would replace it. */
async function takeName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'EEXIST') throw taken(path, cause);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS' && code !== 'EMLINK' && code !== 'EISDIR')
      throw cause;
    await takeNameWithoutLinks(temporary, path);
    return;
  }
  await unlink(temporary);
}

/**
 * FAT and some shares know no links. There the name is taken by an empty file, which fails where another process was first, and that
 * file alone is replaced: looking first and renaming then could replace the other's. A process that dies in between leaves it empty.
 */
async function takeNameWithoutLinks(temporary: string, path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (cause) {
    throw systemCode(cause) === 'EEXIST' ? taken(path, cause) : cause;
  }
  try {
    await rename(temporary, path);
  } catch (error) {
    await discardTemporary(path);
    throw error;
  }
}

function taken(path: string, cause: unknown): ColdroomError {
  return inputError('output-exists', `${quote(path)} exists already`, { hint: 'choose another name; nothing is overwritten', cause });
}

/** Makes a new name itself durable. Windows cannot open a folder for this, and needs it less: NTFS journals names. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw error; // some file systems know no folder sync
  } finally {
    await handle.close();
  }
}

async function statOrNull<Stats>(read: (path: string) => Promise<Stats>, path: string): Promise<Stats | null> {
  try {
    return await read(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const hint = code === 'ENAMETOOLONG' ? 'its name is too long there: give it a shorter one' : 'check the path and its permissions';
    throw inputError('output-unwritable', `${quote(path)} cannot be looked at (${code ?? 'unknown error'})`, { hint, cause: error });
  }
}
