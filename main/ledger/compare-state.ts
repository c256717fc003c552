import type { Database } from 'better-sqlite3';
import { quote, systemCode } from '../values/index.ts';
import type { LedgerProblem } from './chain-walk.ts';
import { STATE_TABLES } from './schema.ts';

/** Compares the state tables with those of a database into which all events were replayed, and what guards and finds both. */
export function compareState(kept: Database, replayed: Database): LedgerProblem[] {
  const problems: LedgerProblem[] = [];
  for (const table of STATE_TABLES) {
    const problem = problemOfTable(kept, replayed, table);
    if (problem !== null) problems.push({ seq: null, code: 'state-differs', message: problem });
  }
  const object = firstDifference(kept, replayed, SCHEMA);
  if (object !== null) {
    problems.push({ seq: null, code: 'schema-differs', message: `the ledger’s file is not built as Coldroom builds it: ${object}` });
  }
  return problems;
}

function problemOfTable(kept: Database, replayed: Database, table: string): string | null {
  try {
    // A replay fills a table in the order in which it was filled, and reading it so spares looking up every row. Where the two differ,
    // they are compared once more by what the rows are: a rebuilt table may hold the same ones in another order.
    if (firstDifference(kept, replayed, `SELECT * FROM ${table}`) === null) return null;
    const row = firstDifference(kept, replayed, `SELECT * FROM ${table} ORDER BY 1, 2`);
    return row === null ? null : `the table ${table} is not what the events say: ${row}`;
  } catch (error) {
    if (systemCode(error) !== 'SQLITE_ERROR') throw error;
    return `the table ${table} is gone, or has other columns`;
  }
}

/** The triggers that keep events from being changed, indexes, tables; those under SQLite's own names, too. */
const SCHEMA = 'SELECT name, type, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2';

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
