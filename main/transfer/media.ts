import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram, type RunProgram } from '../machine/index.ts';
import { findDarwinMedia } from './media-darwin.ts';
import { findLinuxMedia } from './media-linux.ts';
import { findWindowsMedia } from './media-win32.ts';
import type { FoundMedium, Medium } from './medium.ts';

export interface MediaReading {
  /** Which system to ask; this machine's where nothing is said. */
  readonly platform?: NodeJS.Platform;
  /** The folder in place of `/`. */
  readonly root?: string;
  /** On macOS and Windows: what runs their programs. */
  readonly run?: RunProgram;
}

/**
 * The removable media that are mounted now, by path. Never throws: a medium that cannot be asked is left out, for it is of no use,
 * and a folder can still be chosen by hand. On Linux no program is started.
 */
export async function listMedia(options: MediaReading = {}): Promise<Medium[]> {
  const root = options.root ?? '/';
  const run = options.run ?? runProgram;
  const found = await findMedia(options.platform ?? process.platform, root, run);
  const media = await Promise.all(found.map((medium) => measure(medium, root)));
  return media.filter((medium) => medium !== null).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function findMedia(platform: NodeJS.Platform, root: string, run: RunProgram): Promise<readonly FoundMedium[]> {
  try {
    if (platform === 'linux') return await findLinuxMedia(root);
    if (platform === 'darwin') return await findDarwinMedia(root, run);
    return platform === 'win32' ? await findWindowsMedia(run) : [];
  } catch {
    return [];
  }
}

/** Adds sizes and what may be written; null for a medium that has gone meanwhile, or does not answer. */
async function measure({ path, label, fileSystem, readOnly, sizes }: FoundMedium, root: string): Promise<Medium | null> {
  try {
    const place = join(root, path);
    const { freeBytes, totalBytes } = sizes ?? (await measureFileSystem(place));
    const writable = !readOnly && (sizes !== undefined || (await mayWrite(place)));
    return { path, label: label.toWellFormed(), file_system: fileSystem, free_bytes: freeBytes, total_bytes: totalBytes, writable };
  } catch {
    return null;
  }
}

/** What is free counts blocks that this user may take, not those kept for the administrator. */
async function measureFileSystem(path: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bsize, bavail, blocks } = await statfs(path);
  return { freeBytes: bsize * bavail, totalBytes: bsize * blocks };
}

async function mayWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
