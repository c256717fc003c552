import type { Database } from 'better-sqlite3';
import type { StoredRow } from './chain.ts';

/** Null where the row's values are not of the kinds that every event has. */
export type FoundRow = { readonly seq: number; readonly row: StoredRow | null };

type Read = { seq: number; bytes: string; mac: Buffer; typed: number };

/** A byte of a row's head in the file says what kind of value follows: text that has become bytes would read the same. */
const ROWS = `SELECT seq, bytes, mac, typeof(bytes) = 'text' AND typeof(mac) = 'blob' AS typed FROM event ORDER BY seq`;
const BYTES = 'SELECT CAST(bytes AS BLOB) AS bytes FROM event WHERE seq = ?';

/** What reading bytes that are no UTF-8 puts in their place. A text without it has one spelling in bytes, and that lies in the file. */
const MENDED = '\ufffd';

/**
 * All rows in order, as they lie in the file. They are read as text, which is twice as quick as bytes, and only where that could have
 * mended something are the bytes asked for. `bytes` is good until the next row.
 */
export function* storedRows(database: Database): Generator<FoundRow> {
  const bytesOf = database.prepare<[number], { bytes: Buffer }>(BYTES);
  let scratch = Buffer.alloc(64 * 1024);
  for (const { seq, bytes: text, mac, typed } of database.prepare<[], Read>(ROWS).iterate()) {
    if (typed !== 1) {
      yield { seq, row: null };
      continue;
    }
    if (text.length * 3 > scratch.length) scratch = Buffer.alloc(text.length * 4); // three bytes at most to a UTF-16 unit
    const bytes = text.includes(MENDED) ? bytesOf.get(seq)?.bytes : scratch.subarray(0, scratch.write(text));
    yield { seq, row: bytes === undefined ? null : { seq, text, bytes, mac } };
  }
}
