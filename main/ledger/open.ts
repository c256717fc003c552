import { chmodSync, existsSync, statSync } from 'node:fs';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { inputError, quote, systemCode, type ColdroomError } from '../values/index.ts';
import { isMigrated, migrate } from './schema.ts';

const BUSY_MS = 10_000;

/** How a new ledger's file could be set up; `note` is for the person, where it is not the usual way. */
export type JournalMode = { mode: 'wal' | 'truncate'; note: string | null };

/**
 * Makes a new ledger file (mode 0600) with an empty schema.
 * @throws input `ledger-exists`, `ledger-not-private` (the file system keeps no permissions), `ledger-unwritable`.
 */
export function createDatabase(path: string): { database: Database; journal: JournalMode } {
  if (existsSync(path)) throw inputError('ledger-exists', `there is a ledger at ${quote(path)} already`);
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
    return { database, journal };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens a ledger that exists. A reader migrates nothing and needs a ledger of this version.
 * @throws input `ledger-missing`, `ledger-damaged` (no SQLite database), `ledger-busy`, `ledger-too-new`, `ledger-too-old`.
 */
export function openDatabase(path: string, readonly: boolean): Database {
  const database = connect(path, { readonly, mustExist: true });
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

function explained(error: unknown, path: string): unknown {
  switch (systemCode(error)) {
    case 'SQLITE_CANTOPEN':
      return inputError('ledger-missing', `there is no ledger at ${quote(path)}, or it cannot be opened`, {
        hint: 'check --home; a lost ledger is made again with `ledger rebuild --from DIR`',
        cause: error,
      });
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return damaged(path, error);
    case 'SQLITE_BUSY':
    case 'SQLITE_BUSY_SNAPSHOT':
      return inputError('ledger-busy', 'another process holds the ledger', { hint: 'wait for it to end, then try again', cause: error });
    case 'SQLITE_READONLY':
    case 'SQLITE_FULL':
    case 'SQLITE_IOERR_WRITE':
      return inputError('ledger-unwritable', 'the ledger cannot be written', { hint: 'check free space and permissions', cause: error });
    case null:
    default:
      return error;
  }
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
