import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { inputError, isColdroomError, quote, systemCode, type ColdroomError } from '../values/index.ts';
import { isMigrated, migrate } from './schema.ts';

const BUSY_MS = 10_000;

/** How a new ledger's file could be set up; `note` is for the person, where it is not the usual way. */
export type JournalMode = { mode: 'wal' | 'truncate'; note: string | null };

/** Beside a database SQLite keeps these; a whole one that nobody has open has none of them. */
const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/**
 * Makes a new ledger file (mode 0600) under another name, lets `fill` write what it begins with, and gives it its name once all of it
 * is in that one file and flushed.
 * @throws input `ledger-exists`, `ledger-not-private` (the file system keeps no permissions), `ledger-unwritable`; nothing is left then.
 */
export function createDatabase(path: string, fill: (database: Database) => void): JournalMode {
  checkFree(path);
  const making = `${path}.making`;
  removeDatabase(making); // of a process that died
  try {
    const journal = makeDatabase(making, fill);
    giveName(making, path);
    return journal;
  } catch (error) {
    removeDatabase(making);
    throw explained(error, path);
  }
}

/**
 * Gives a database that was made under another name the name that it is for. Nobody has it open any more.
 * @throws input `ledger-exists`, `ledger-unwritable`; it keeps its other name then.
 */
export function giveName(making: string, path: string): void {
  try {
    // Closing has brought the log into the file and removed it; where that failed, the file alone is not the ledger.
    if (COMPANIONS.some((end) => existsSync(`${making}${end}`))) throw unwritable();
    checkFree(path);
    renameSync(making, path);
    flushFolderOf(path);
  } catch (error) {
    throw explained(error, path);
  }
}

/** @throws input `ledger-exists` where a ledger, or what a killed process left of one, has that name. */
export function checkFree(path: string): void {
  if (existsSync(path)) {
    throw inputError('ledger-exists', `there is a ledger at ${quote(path)} already`, {
      hint: 'it is not overwritten: move it away if it is to be made again',
    });
  }
  // SQLite reads by their names what a killed process left beside a database: a new one would become a mixture of both.
  const left = ['-wal', '-journal'].map((end) => `${path}${end}`).find((one) => (statSync(one, { throwIfNoEntry: false })?.size ?? 0) > 0);
  if (left === undefined) return;
  throw inputError('ledger-exists', `${quote(left)} holds the last events of a ledger that is gone`, {
    hint: 'put that ledger back beside it, or move this file away, too',
  });
}

function makeDatabase(path: string, fill: (database: Database) => void): JournalMode {
  const database = connect(path, { readonly: false, mustExist: false });
  try {
    if (process.platform !== 'win32') {
      chmodSync(path, 0o600);
      if ((statSync(path).mode & 0o077) !== 0) {
        throw inputError('ledger-not-private', 'files on this file system cannot be made private to you', {
          hint: 'choose a home folder on a local disk',
        });
      }
    }
    const journal = chooseJournal(database);
    migrate(database);
    fill(database);
    return journal;
  } finally {
    database.close();
  }
}

/** Removes a database and what SQLite keeps beside it. Where there is none, there is nothing to do. */
export function removeDatabase(path: string): void {
  for (const end of ['', ...COMPANIONS]) rmSync(`${path}${end}`, { force: true });
}

/** The name itself, made durable; Windows cannot, and needs it less. */
function flushFolderOf(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!/^(?:EINVAL|ENOTSUP|EOPNOTSUPP)$/.test(systemCode(error) ?? '')) throw error; // some file systems know no folder sync
  } finally {
    closeSync(folder);
  }
}

/**
 * Opens a ledger that exists. A reader migrates nothing and needs a ledger of this version.
 * @throws input `ledger-missing`, `ledger-damaged` (no SQLite database, or an empty file), `ledger-busy`, `ledger-too-new`, `ledger-too-old`.
 */
export function openDatabase(path: string, readonly: boolean): Database {
  checkIsDatabase(path);
  const database = readonly ? connectForReading(path) : connect(path, { readonly: false, mustExist: true });
  try {
    if (readonly) {
      if (!isMigrated(database)) {
        throw inputError('ledger-too-old', 'another version of Coldroom has written this ledger', {
          hint: 'use a command that writes first',
        });
      }
    } else {
      migrate(database);
    }
    return database;
  } catch (error) {
    database.close();
    throw explained(error, path);
  }
}

/**
 * SQLite waits for ever on a pipe, and takes an empty file for a new database: it throws away the log beside it, with the events in that.
 * @throws input `ledger-damaged`, `ledger-unwritable`.
 */
function checkIsDatabase(path: string): void {
  let found;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw explained(error, path);
  }
  if (found === undefined || (found.isFile() && found.size > 0)) return;
  throw damaged(path, new Error(found.isFile() ? 'it is empty' : 'it is no file'));
}

/**
 * With a rollback journal a process that dies while it writes leaves its beginning in the file, and what was there before in the journal:
 * only who may write can put that back, and whoever reads sees nothing before.
 */
function connectForReading(path: string): Database {
  const forReading = { readonly: true, mustExist: true };
  try {
    return connect(path, forReading);
  } catch (error) {
    if (!isColdroomError(error) || systemCode(error.cause) !== 'SQLITE_READONLY_ROLLBACK') throw error;
  }
  connect(path, { readonly: false, mustExist: true }).close(); // its first look into the file puts it back
  return connect(path, forReading);
}

function connect(path: string, how: { readonly: boolean; mustExist: boolean }): Database {
  try {
    const database = new SqliteDatabase(path, { readonly: how.readonly, fileMustExist: how.mustExist, timeout: BUSY_MS });
    database.pragma('foreign_keys = ON');
    database.pragma('synchronous = FULL');
    database.pragma('trusted_schema = OFF');
    database.pragma('recursive_triggers = ON'); // INSERT OR REPLACE would pass the delete trigger by
    if (process.platform === 'darwin') {
      // macOS answers fsync before the disk has the bytes; these two ask for the real thing.
      database.pragma('fullfsync = ON');
      database.pragma('checkpoint_fullfsync = ON');
    }
    return database;
  } catch (error) {
    throw explained(error, path);
  }
}

function chooseJournal(database: Database): JournalMode {
  if (database.pragma('journal_mode = WAL', { simple: true }) === 'wal') return { mode: 'wal', note: null };
  database.pragma('journal_mode = TRUNCATE');
  return { mode: 'truncate', note: 'this file system cannot hold a write-ahead log; the ledger uses a rollback journal instead' };
}

/** What SQLite and the system say, by what a person has to do about it. The extended codes of one kind begin alike. */
const BUSY = /^SQLITE_(?:BUSY|LOCKED)/;
const DAMAGE = /^SQLITE_(?:NOTADB|CORRUPT|IOERR_SHORT_READ)/;
const UNWRITABLE = /^(?:SQLITE_(?:READONLY|FULL|IOERR|PERM|NOLFS|PROTOCOL)|ENOSPC|EDQUOT|EROFS|EIO|EACCES|EPERM|ENODEV|ENXIO|ESTALE)/;

function explained(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (code === null || isColdroomError(error)) return error;
  if (code.startsWith('SQLITE_CANTOPEN') && !existsSync(path)) {
    return inputError('ledger-missing', `there is no ledger at ${quote(path)}`, {
      hint: 'check --home; a lost ledger is made again with `ledger rebuild --from DIR`',
      cause: error,
    });
  }
  if (DAMAGE.test(code)) return damaged(path, error);
  if (BUSY.test(code))
    return inputError('ledger-busy', 'another process holds the ledger', { hint: 'wait for it to end, then try again', cause: error });
  if (UNWRITABLE.test(code) || code.startsWith('SQLITE_CANTOPEN')) return unwritable(error);
  return error;
}

/** What opens a ledger writes beside it, and reading it may need the same: a disk that fails shows in both. */
function unwritable(cause?: unknown): ColdroomError {
  const code = systemCode(cause);
  return inputError('ledger-unwritable', `the ledger cannot be written${code === null ? '' : ` (${code})`}`, {
    hint: 'nothing of this step is in it: check free space, permissions and the disk, then try again',
    cause,
  });
}

export function damaged(path: string, cause: unknown): ColdroomError {
  return inputError('ledger-damaged', `the file at ${quote(path)} is damaged or no ledger`, {
    hint: 'keep it, restore a copy, or make it again with `ledger rebuild --from DIR`',
    cause,
  });
}

/** What SQLite says where the file that a copy goes to cannot be made or written; the ledger itself was open before. */
const COPY_UNWRITABLE = /^SQLITE_(?:CANTOPEN|READONLY|FULL|IOERR_(?:WRITE|FSYNC|DIR_FSYNC|TRUNCATE))/;

/** As explainSqliteError, of a copy: what cannot be opened or written then is the copy, never the ledger at `path`. */
export function explainCopyError(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (code === null || !COPY_UNWRITABLE.test(code)) return explained(error, path);
  return inputError('output-unwritable', `the copy of the ledger cannot be written there (${code})`, {
    hint: 'check free space and permissions, or choose another folder',
    cause: error,
  });
}

export { explained as explainSqliteError };

/** True of what SQLite throws where the file's own structure does not hold, or lacks a table or column that every ledger has. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(?:CORRUPT|NOTADB|FORMAT|IOERR_SHORT_READ|ERROR$)/.test(systemCode(error) ?? '');
}
