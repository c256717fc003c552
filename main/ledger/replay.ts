import SqliteDatabase, { type Database } from 'better-sqlite3';
import { systemCode } from '../values/index.ts';
import { fillBackupLines } from './backup-lines.ts';
import { DAMAGED_ROW, DAMAGED_STATE, NOT_AN_EVENT, readEvent, type LedgerProblem } from './chain-walk.ts';
import { compareState } from './compare-state.ts';
import { isDamage } from './open.ts';
import { projectWithoutLines } from './project.ts';
import { migrate } from './schema.ts';

/** What replaying came to: the row at which it had to stop, or else how the state tables differ from what the events make. */
export type Replayed = { readonly stopped: LedgerProblem | null; readonly differences: LedgerProblem[] };

/**
 * Replays every event into an empty schema and compares the result with the state tables. It believes each row: whether a row is to be
 * believed the chain says, and where that does not hold nothing of this counts from that row on.
 * @param database in a read transaction, which the caller began.
 */
export function replayLedger(database: Database): Replayed {
  const replay = new SqliteDatabase(''); // in a file of its own as it grows, so that memory does not grow with the ledger
  try {
    migrate(replay);
    const stopped = replayAll(database, replay);
    return { stopped, differences: stopped === null ? differencesOf(database, replay) : [] };
  } finally {
    replay.close();
  }
}

const NO_ROOM = /^SQLITE_(?:FULL|IOERR|CANTOPEN)/;

/** What lies in a file that SQLite itself cannot follow any more is a problem of the row that comes next, not a failure to check. */
function replayAll(database: Database, replay: Database): LedgerProblem | null {
  let last = 0;
  replay.exec('BEGIN');
  const makeIndexes = dropIndexes(replay);
  const number = eventNumbers(replay);
  try {
    for (const [seq, text] of database.prepare<[], [number, unknown]>('SELECT seq, bytes FROM event ORDER BY seq').raw().iterate()) {
      const event = typeof text === 'string' ? readEvent(text) : null;
      if (event === null) return { seq, ...NOT_AN_EVENT };
      try {
        number(seq);
        projectWithoutLines(replay, event);
      } catch (error) {
        if (NO_ROOM.test(systemCode(error) ?? '')) throw error; // the replay's own file: it says nothing of the event
        return { seq, code: 'event-impossible', message: 'the event cannot follow from those before it' };
      }
      last = seq;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { seq: last + 1, ...DAMAGED_ROW };
  }
  makeIndexes();
  replay.exec(fillBackupLines());
  replay.exec('COMMIT');
  return null;
}

/** What is projected is found by primary keys alone; the other indexes are made faster at the end than row by row. @returns makes them. */
function dropIndexes(replay: Database): () => void {
  const indexes = replay
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE sql LIKE 'CREATE INDEX %'")
    .all();
  for (const { name } of indexes) replay.exec(`DROP INDEX ${name}`);
  return () => {
    for (const { sql } of indexes) replay.exec(sql);
  };
}

const AT_ONCE = 1000;

/** State refers to events by number alone: what they say need not be copied, and of their numbers the next thousand come at once. */
function eventNumbers(replay: Database): (seq: number) => void {
  const insert = replay.prepare<[number]>(
    `WITH RECURSIVE n (seq) AS (SELECT ? UNION ALL SELECT seq + 1 FROM n LIMIT ${AT_ONCE.toString()})
     INSERT INTO event SELECT seq, '', x'' FROM n`,
  );
  let there = 0;
  return (seq) => {
    if (seq <= there) return;
    insert.run(seq);
    there = seq + AT_ONCE - 1;
  };
}

function differencesOf(database: Database, replay: Database): LedgerProblem[] {
  try {
    return compareState(database, replay);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [{ seq: null, ...DAMAGED_STATE }];
  }
}
