import type { Database } from 'better-sqlite3';
import { rowDigest, type ChainRow } from './chain.ts';
import { isDamage } from './open.ts';
import { prepared } from './prepared.ts';

export function lastRow(database: Database): ChainRow | null {
  return prepared<[], ChainRow>(database, 'SELECT seq, bytes, mac FROM event ORDER BY seq DESC LIMIT 1').get() ?? null;
}

/** The digest of the last row: where the file says that its chain ends. Null where it can say nothing. */
export function endOf(database: Database): string | null {
  try {
    const last = lastRow(database);
    return last === null ? null : rowDigest(last);
  } catch (error) {
    if (isDamage(error) || error instanceof TypeError) return null; // a TypeError: the last row's values are of other kinds
    throw error;
  }
}
