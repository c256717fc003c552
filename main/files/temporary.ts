import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../values/index.ts';

/*
 * A file that is being written lies beside its later name as `.NAME.PPPPPPPPRRRRRRRR.tmp`: in hex the process that writes it, then
 * random bytes. It may hold part of a recovered secret that nobody has verified, so it must not outlive whoever writes it.
 */

const NAME = /^([0-9a-f]{8})[0-9a-f]{8}\.tmp$/;
const unfinished = new Set<string>();

/** A path beside `path` to write it under; {@link discardTemporary} or {@link forgetTemporary} it. */
export function newTemporary(path: string): string {
  // Where a signal ends the program through exit(), nothing that waits comes to its end any more: here alone is there time.
  if (process.listeners('exit').every((one) => one !== discardUnfinished)) process.once('exit', discardUnfinished);
  const owner = process.pid.toString(16).padStart(8, '0');
  const temporary = join(dirname(path), `${startOf(path)}${owner}${randomBytes(4).toString('hex')}.tmp`);
  unfinished.add(temporary);
  return temporary;
}

/** It has taken its name, and is nobody's to remove. */
export function forgetTemporary(temporary: string): void {
  unfinished.delete(temporary);
}

/** Removes one that will not take its name. */
export async function discardTemporary(temporary: string): Promise<void> {
  try {
    await unlink(temporary);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && (await mayBeThere(temporary)))
      process.emitWarning(`a temporary file could not be removed: ${basename(temporary)}`);
  }
  unfinished.delete(temporary);
}

/** A read-only medium refuses to remove even what was never there, and nobody is to be sent after that. */
async function mayBeThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ENOENT';
  }
}

/**
 * Removes what processes left beside `path` that were killed while they wrote it; where one still runs, its file stays. For what may
 * hold a secret: to look through the folder before each of a thousand files takes longer than writing them.
 */
export async function removeAbandoned(path: string): Promise<void> {
  // A folder that cannot be looked through can perhaps be written into: that says what is wrong with it.
  for (const name of await temporariesOf(path).catch(() => [])) {
    const owner = Number.parseInt(NAME.exec(name.slice(startOf(path).length))?.[1] ?? '', 16);
    if (!isRunning(owner)) await discardTemporary(join(dirname(path), name));
  }
}

/** The names of all that lies there unfinished for `path`. @throws what readdir throws. */
export async function temporariesOf(path: string): Promise<string[]> {
  const start = startOf(path);
  return (await readdir(dirname(path))).filter((name) => name.startsWith(start) && NAME.test(name.slice(start.length)));
}

/** As many bytes of the later name as leave room for the rest in what a file system takes for one: 255 bytes. */
const START_BYTES = 100;

/** Whole characters alone: half of one would be read back as another, and nobody would find the file again. */
function startOf(path: string): string {
  const bytes = Buffer.from(basename(path), 'utf8').subarray(0, START_BYTES);
  return `.${new TextDecoder().decode(bytes, { stream: true })}.`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

function discardUnfinished(): void {
  for (const temporary of unfinished) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // Its medium is gone, say; the others are still to be removed.
    }
  }
}
