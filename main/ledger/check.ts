import SqliteDatabase, { type Database } from 'better-sqlite3';
import { fillBackupLines } from './backup-lines.ts';
import { ChainWalk, type LedgerProblem, type RememberedCheckpoint } from './chain-walk.ts';
import { compareState } from './compare-state.ts';
import type { EventRecord } from './events.ts';
import type { Ledger } from './ledger.ts';
import { damaged, explainSqliteError, isDamage } from './open.ts';
import { projectWithoutLines } from './project.ts';
import { systemCode } from '../values/index.ts';
import { migrate } from './schema.ts';
import { storedRows } from './stored-rows.ts';

export type { LedgerProblem, RememberedCheckpoint } from './chain-walk.ts';

export type LedgerReport = { ok: boolean; events: number; head: string; macs: 'valid' | 'not-checkable'; problems: LedgerProblem[] };

/**
 * Recomputes the whole chain, replays every event into an empty schema and compares the result with the state tables.
 * Problems name the first row that does not fit; what follows a broken link is not judged.
 * @param stationKey the station's public key from outside the ledger, in base64; null where only the ledger's own is known.
 * @param macKey null when the keychain is lost: MACs are then `not-checkable`, chain and checkpoints still are.
 */
export function checkLedger(
  ledger: Ledger,
  macKey: Uint8Array | null,
  remembered: RememberedCheckpoint | null,
  stationKey: string | null = null,
): LedgerReport {
  const replay = new SqliteDatabase(''); // in a file of its own as it grows, so that memory does not grow with the ledger
  try {
    migrate(replay);
    const walk = new ChainWalk(ledger.ledgerId, macKey, remembered, stationKey);
    return readSnapshot(ledger.database, (): LedgerReport => {
      const problems = problemsOf(ledger.database, replay, walk);
      return {
        ok: problems.length === 0,
        events: walk.count,
        head: headOf(ledger, walk),
        macs: macKey === null ? 'not-checkable' : 'valid',
        problems,
      };
    });
  } finally {
    replay.close();
  }
}

/** One read transaction, so that a process appending meanwhile cannot make rows and state disagree. */
function readSnapshot(database: Database, work: () => LedgerReport): LedgerReport {
  const reports: LedgerReport[] = [];
  try {
    database.transaction(() => reports.push(work())).deferred();
  } catch (error) {
    // Damage is thrown once more at the transaction's end; by then it has been told, with its row.
    const [told] = reports;
    if (!isDamage(error)) throw explainSqliteError(error, database.name);
    if (told?.ok !== false) throw damaged(database.name, error);
  }
  const [report] = reports;
  if (report === undefined) throw new TypeError('a check came to nothing');
  return report;
}

/** What lies in a file that SQLite itself cannot follow any more is a problem of the row that comes next, not a failure to check. */
function problemsOf(database: Database, replay: Database, walk: ChainWalk): LedgerProblem[] {
  try {
    const problem = replayAll(database, replay, walk);
    if (problem !== null) return [problem];
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [{ seq: walk.nextSeq, code: 'event-unreadable', message: 'the file is damaged where this row should be' }];
  }
  const end = walk.end();
  try {
    return [...(end === null ? [] : [end]), ...compareState(database, replay)];
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [{ seq: null, code: 'state-differs', message: 'the file is damaged where its state tables should be' }];
  }
}

const NO_ROOM = /^SQLITE_(?:FULL|IOERR|CANTOPEN)/;

function replayAll(database: Database, replay: Database, walk: ChainWalk): LedgerProblem | null {
  // State refers to events by number alone; what they say is judged before it comes here, and need not be copied.
  const insert = replay.prepare<[number]>("INSERT INTO event VALUES (?, '', x'')");
  replay.exec('BEGIN');
  for (const { seq, row } of storedRows(database)) {
    if (row === null) return { seq, code: 'event-unreadable', message: 'the row is not an event' };
    const event = walk.step(row);
    if (!isEvent(event)) return event;
    try {
      insert.run(seq);
      projectWithoutLines(replay, event);
    } catch (error) {
      if (NO_ROOM.test(systemCode(error) ?? '')) throw error; // the replay's own file: it says nothing of the event
      return { seq, code: 'event-impossible', message: 'the event cannot follow from those before it' };
    }
  }
  replay.exec(fillBackupLines());
  replay.exec('COMMIT');
  return null;
}

function isEvent(step: EventRecord | LedgerProblem): step is EventRecord {
  return 'prev' in step;
}

/** Where the file says that its chain ends; where it can say nothing, the last row that held. */
function headOf(ledger: Ledger, walk: ChainWalk): string {
  try {
    return ledger.head().head;
  } catch (error) {
    if (isDamage(error) || error instanceof TypeError) return walk.previous; // a TypeError: the last row's values are of other kinds
    throw error;
  }
}
