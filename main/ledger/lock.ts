import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { systemCode } from '../values/index.ts';

/**
 * Takes a lock that the operating system drops when its holder ends, however it ends: an exclusive SQLite transaction on
 * a small file of its own. A process id in a file would survive a crash and could come to mean another process.
 * @param path the lock's file; it and its folder are made, and left behind empty.
 * @param waitMs how long to wait for another holder.
 * @returns a function that gives the lock back, or null when another process still holds it.
 */
export function takeLock(path: string, waitMs: number): (() => void) | null {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new SqliteDatabase(path, { timeout: waitMs });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (systemCode(error)?.startsWith('SQLITE_BUSY') === true) return null;
    throw error;
  }
  return () => {
    database.exec('ROLLBACK');
    database.close();
  };
}
