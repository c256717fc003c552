import { open, readdir, readlink } from 'node:fs/promises';
import { systemCode } from '../values/index.ts';

/** The most that is taken of one virtual file. They state no size, so it cannot be asked beforehand. */
const MAX_BYTES = 1024 * 1024;

/** How the kernel says that there is no such thing: no file, an attribute that does not apply now, a device that has just gone. */
const NOT_THERE = ['ENOENT', 'ENOTDIR', 'EINVAL', 'ENODEV', 'ENXIO'];

/**
 * A virtual file of `/proc` or `/sys`, whole.
 * @returns its text, UTF-8, or null where there is none.
 * @throws what the system throws, and an `Error` over 1 MiB: it may hold more than was read, so nothing may rest on it.
 */
export async function readSystemText(path: string): Promise<string | null> {
  try {
    const handle = await open(path, 'r');
    try {
      const parts: Buffer[] = [];
      for (let sizeBytes = 0; sizeBytes <= MAX_BYTES;) {
        const part = Buffer.alloc(65_536);
        const { bytesRead } = await handle.read(part, 0, part.length, null);
        if (bytesRead === 0) return Buffer.concat(parts).toString('utf8');
        parts.push(part.subarray(0, bytesRead));
        sizeBytes += bytesRead;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    return nullIfNotThere(error);
  }
  throw new Error('a virtual file is longer than any is expected to be');
}

/** As {@link readSystemText}, and null for whatever cannot be read. */
export async function readSystemTextOrNull(path: string): Promise<string | null> {
  try {
    return await readSystemText(path);
  } catch {
    return null; // whatever the reason: nothing is known
  }
}

/** The names in a folder of `/proc` or `/sys`; null where there is no such folder. @throws what the system throws. */
export async function listSystemFolder(path: string): Promise<readonly string[] | null> {
  try {
    return await readdir(path);
  } catch (error) {
    return nullIfNotThere(error);
  }
}

/** Where a symbolic link of `/sys` leads, as it stands there; null where there is no link. @throws what the system throws. */
export async function readSystemLink(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    return nullIfNotThere(error);
  }
}

function nullIfNotThere(error: unknown): null {
  if (NOT_THERE.includes(systemCode(error) ?? '')) return null;
  throw error;
}
