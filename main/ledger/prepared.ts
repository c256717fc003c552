import type { Database, Statement } from 'better-sqlite3';

const STATEMENTS = new WeakMap<Database, Map<string, Statement>>();

/** The statement, prepared once for each connection: preparing takes longer than running. One that is iterated is busy until its end. */
export function prepared<Values extends unknown[] = unknown[], Row = unknown>(database: Database, sql: string): Statement<Values, Row> {
  let known = STATEMENTS.get(database);
  if (known === undefined) STATEMENTS.set(database, (known = new Map<string, Statement>()));
  let statement = known.get(sql);
  if (statement === undefined) known.set(sql, (statement = database.prepare(sql)));
  return statement as Statement<Values, Row>;
}
