import type { Database } from 'better-sqlite3';
import { quote } from '../values/index.ts';
import { endOf } from './chain-end.ts';
import { ChainWalk, DAMAGED_ROW, DAMAGED_STATE, NOT_AN_EVENT, type LedgerProblem, type RememberedCheckpoint } from './chain-walk.ts';
import type { EventRecord } from './events.ts';
import type { Ledger } from './ledger.ts';
import { damaged, explainSqliteError, isDamage } from './open.ts';
import { REPLAY_PROGRAM, ReplayThread } from './replay-thread.ts';
import { replayLedger } from './replay.ts';
import { storedRows } from './stored-rows.ts';

export type { LedgerProblem, RememberedCheckpoint } from './chain-walk.ts';

export type LedgerReport = { ok: boolean; events: number; head: string; macs: 'valid' | 'not-checkable'; problems: LedgerProblem[] };

/** From how many events on the replay has a thread of its own, and that thread's program. Fewer are replayed before it has started. */
export type Beside = { readonly fromEvents: number; readonly program: string };

const BESIDE: Beside = { fromEvents: 10_000, program: REPLAY_PROGRAM };

/**
 * Recomputes the whole chain, replays every event into an empty schema and compares the result with the state tables: both at once, where
 * the ledger is large. Problems name the first row that does not fit; what follows a broken link is not judged.
 * @param ledger nobody else uses its connection until the promise is settled.
 * @param stationKey the station's public key from outside the ledger, in base64; null where only the ledger's own is known.
 * @param macKey null when the keychain is lost: MACs are then `not-checkable`, chain and checkpoints still are.
 * @throws where one of both could not be done to its end: there is no report of one alone.
 */
export async function checkLedger(
  ledger: Ledger,
  macKey: Uint8Array | null,
  remembered: RememberedCheckpoint | null,
  stationKey: string | null = null,
  beside: Beside = BESIDE,
): Promise<LedgerReport> {
  const { database } = ledger;
  const walk = new ChainWalk(ledger.ledgerId, macKey, remembered, stationKey);
  let thread: ReplayThread | null = null;
  try {
    if (sizeOf(database) >= beside.fromEvents) thread = await ReplayThread.start(database.name, beside.program);
    const isTogether = thread !== null && (await beginTogether(database, thread));
    if (!isTogether) database.exec('BEGIN');
    const problems = await problemsOf(database, walk, isTogether ? thread : null);
    return {
      ok: problems.length === 0,
      events: walk.count,
      head: endOf(database) ?? walk.previous,
      macs: macKey === null ? 'not-checkable' : 'valid',
      problems,
    };
  } catch (error) {
    throw isDamage(error) ? damaged(database.name, error) : explainSqliteError(error, database.name);
  } finally {
    await thread?.stop();
    if (database.inTransaction) database.exec('ROLLBACK');
  }
}

/** How many events there seem to be; none where the file cannot say. */
function sizeOf(database: Database): number {
  try {
    const size = database.prepare<[], number | null>('SELECT (SELECT max(seq) FROM event) - (SELECT min(seq) FROM event) + 1').pluck();
    return size.get() ?? 0;
  } catch (error) {
    if (isDamage(error)) return 0;
    throw error;
  }
}

const ATTEMPTS = 20;

/**
 * Begins a read transaction here and one in the thread that see the same ledger. SQLite says whether any other connection has committed
 * since it was last asked: where none had while the thread's began, and both end with the same row of what lies at that path, they do.
 * @returns false where others wrote each time; nothing is begun here then.
 */
async function beginTogether(database: Database, thread: ReplayThread): Promise<boolean> {
  const commits = database.prepare<[], number>('PRAGMA data_version').pluck();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = commits.get();
    const end = await thread.begin();
    database.exec('BEGIN');
    if (commits.get() === before && endOf(database) === end) return true;
    database.exec('ROLLBACK');
  }
  return false;
}

/** In one read transaction each, so that a process appending meanwhile cannot make rows and state disagree. */
async function problemsOf(database: Database, walk: ChainWalk, thread: ReplayThread | null): Promise<LedgerProblem[]> {
  const judged = thread?.judge(); // first, so that it has begun when this thread is busy
  const [walked, replayed] = await Promise.all([
    promised(() => walkChain(database, walk)),
    judged ?? promised(() => replayLedger(database)),
  ]);
  const first = earlier(walked.stopped, replayed.stopped);
  if (first !== null) return [first];
  const end = walk.end();
  const others = replayed.differences.length === 0 ? walked.structure : replayed.differences;
  return end === null ? others : [end, ...others];
}

/** Done at once; what it throws is met where the promise is waited for, with what the other throws. */
function promised<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

/** A row that is not to be believed comes before what it would have done. */
function earlier(walked: LedgerProblem | null, replayed: LedgerProblem | null): LedgerProblem | null {
  if (walked === null || replayed === null) return walked ?? replayed;
  return (replayed.seq ?? 0) < (walked.seq ?? 0) ? replayed : walked;
}

type Walked = { readonly stopped: LedgerProblem | null; readonly structure: LedgerProblem[] };

function walkChain(database: Database, walk: ChainWalk): Walked {
  const stopped = walkRows(database, walk);
  return { stopped, structure: stopped === null ? structureOf(database) : [] };
}

/** What lies in a file that SQLite itself cannot follow any more is a problem of the row that comes next, not a failure to check. */
function walkRows(database: Database, walk: ChainWalk): LedgerProblem | null {
  try {
    for (const { seq, row } of storedRows(database)) {
      if (row === null) return { seq, ...NOT_AN_EVENT };
      const event = walk.step(row);
      if (!isEvent(event)) return event;
    }
    return null;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { seq: walk.nextSeq, ...DAMAGED_ROW };
  }
}

function isEvent(step: EventRecord | LedgerProblem): step is EventRecord {
  return 'prev' in step;
}

/** An index that says something else than its table would let a backup, or an exception, not be found. */
function structureOf(database: Database): LedgerProblem[] {
  try {
    const [said] = database.pragma('integrity_check(1)') as [{ integrity_check: string }];
    if (said.integrity_check === 'ok') return [];
    return [{ seq: null, code: 'state-differs', message: `the file’s own structure does not hold: ${quote(said.integrity_check)}` }];
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [{ seq: null, ...DAMAGED_STATE }];
  }
}
