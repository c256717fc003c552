import type { Database } from 'better-sqlite3';
import { quote } from '../values/index.ts';
import type { LedgerProblem } from './chain-walk.ts';
import { STATE_TABLES } from './schema.ts';

/** Compares the state tables with those of a database into which all events were replayed, and what guards both. */
export function compareState(kept: Database, replayed: Database): LedgerProblem[] {
  const problems: LedgerProblem[] = [];
  for (const table of STATE_TABLES) {
    const row = firstDifference(kept, replayed, `SELECT * FROM ${table} ORDER BY 1, 2`);
    if (row !== null) problems.push({ seq: null, code: 'state-differs', message: `the table ${table} is not what the events say: ${row}` });
  }
  const object = firstDifference(kept, replayed, SCHEMA);
  if (object !== null) {
    problems.push({ seq: null, code: 'schema-differs', message: `the ledger’s file is not built as Coldroom builds it: ${object}` });
  }
  return problems;
}

/** The triggers that keep events from being changed, indexes, tables; nothing of SQLite's own. */
const SCHEMA = "SELECT name, type, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1, 2";

/** Names the first row, by its first column, that one of both has and the other has not; null where all are the same. */
function firstDifference(kept: Database, replayed: Database, sql: string): string | null {
  const left = rowsOf(kept, sql);
  const right = rowsOf(replayed, sql);
  try {
    for (;;) {
      const a = left.next();
      const b = right.next();
      if (a.done === true && b.done === true) return null;
      const [mine, wanted] = [a.done === true ? null : a.value, b.done === true ? null : b.value];
      if (mine !== null && wanted !== null && isSameRow(mine, wanted)) continue;
      const [first = ''] = [mine, wanted].flatMap((row) => (row === null ? [] : [String(row[0])])).toSorted();
      return quote(first);
    }
  } finally {
    left.return?.();
    right.return?.();
  }
}

function rowsOf(database: Database, sql: string): IterableIterator<unknown[]> {
  return database.prepare<[], unknown[]>(sql).raw().iterate();
}

/** No state table holds bytes, so every value is text, a number or null. */
function isSameRow(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
