import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { inputError, quote, systemCode, type ColdroomError } from '../values/index.ts';

const RETRY_MS = 50;

/**
 * Takes a lock that the operating system drops when its holder ends, however it ends: an exclusive SQLite transaction on
 * a small file of its own. A process id in a file would survive a crash and could come to mean another process.
 * @param path the lock's file; it and its folder are made for the owner alone, and left behind empty.
 * @param waitMs how long to wait for another holder.
 * @returns a function that gives the lock back, or null when another process still holds it.
 * @throws input `home-unusable`.
 */
export function takeLock(path: string, waitMs: number): (() => void) | null {
  let database: Database | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite makes a file as the process's umask has it, and its journal as the file is: here it is the owner's alone.
    closeSync(openSync(path, 'a', 0o600));
    database = new SqliteDatabase(path, { timeout: waitMs });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (systemCode(error)?.startsWith('SQLITE_BUSY') === true) return null;
    throw unusable(path, error);
  }
  const held = database;
  return () => {
    // Closing rolls back and drops the lock even where the disk takes nothing any more; asking for the rollback would throw then.
    held.close();
  };
}

/** A disk that is full, pulled or read-only: without the lock nothing is begun. */
function unusable(path: string, cause: unknown): ColdroomError {
  const code = systemCode(cause) ?? 'unknown error';
  return inputError('home-unusable', `the lock ${quote(path)} cannot be taken (${code})`, {
    hint: 'check free space and permissions of the home folder, then try again',
    cause,
  });
}

/**
 * As {@link takeLock}, but the process goes on with other work while it waits: a window must not stand still, and of two pieces
 * of work in one process the second must not keep the first from ending.
 * @param signal ends the wait early, as if the time were up. A lock that is free is taken all the same.
 */
export async function takeLockWaiting(path: string, waitMs: number, signal?: AbortSignal): Promise<(() => void) | null> {
  const until = performance.now() + waitMs;
  for (;;) {
    const release = takeLock(path, 0);
    if (release !== null) return release;
    const leftMs = until - performance.now();
    if (leftMs <= 0 || signal?.aborted === true) return null;
    await pauseUnlessAborted(Math.min(RETRY_MS, leftMs), signal);
  }
}

async function pauseUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await pause(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
