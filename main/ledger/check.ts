import { createPublicKey, verify } from 'node:crypto';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { checkpointBytes, isMacValid, NO_PREVIOUS, parseRow, rowDigest, type ChainRow } from './chain.ts';
import type { EventRecord } from './events.ts';
import type { Ledger } from './ledger.ts';
import { projectEvent } from './project.ts';
import { migrate, STATE_TABLES } from './schema.ts';

/** The last checkpoint that the keychain remembers: a ledger that does not reach it has been rolled back. */
export type RememberedCheckpoint = { ledger_id: string; seq: number; head: string };

export type LedgerProblem = { seq: number | null; code: string; message: string };

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
  const replay = new SqliteDatabase(':memory:');
  try {
    migrate(replay);
    return readSnapshot(ledger.database, () =>
      checkAgainst(ledger, replay, new ChainWalk(ledger.ledgerId, macKey, remembered, stationKey), macKey),
    );
  } finally {
    replay.close();
  }
}

/** One read transaction, so that a process appending meanwhile cannot make rows and state disagree. */
function readSnapshot<Result>(database: Database, work: () => Result): Result {
  return database.transaction(work).deferred();
}

function checkAgainst(ledger: Ledger, replay: Database, walk: ChainWalk, macKey: Uint8Array | null): LedgerReport {
  const problems: LedgerProblem[] = [];
  replay.exec('BEGIN');
  for (const row of ledger.database.prepare<[], ChainRow>('SELECT seq, bytes, mac FROM event ORDER BY seq').iterate()) {
    const problem = walk.step(row) ?? replayRow(replay, row);
    if (problem !== null) {
      problems.push(problem);
      break;
    }
  }
  replay.exec('COMMIT');
  if (problems.length === 0) {
    const end = walk.end();
    if (end !== null) problems.push(end);
    problems.push(...compareState(ledger.database, replay));
  }
  const { head } = ledger.head();
  return { ok: problems.length === 0, events: walk.count, head, macs: macKey === null ? 'not-checkable' : 'valid', problems };
}

class ChainWalk {
  count = 0;
  #previous = NO_PREVIOUS;
  #seq: number | null = null;
  #publicKey: string | null = null;
  #reachedRemembered: boolean;
  readonly #ledgerId: string;
  readonly #macKey: Uint8Array | null;
  readonly #remembered: RememberedCheckpoint | null;
  readonly #stationKey: string | null;

  constructor(ledgerId: string, macKey: Uint8Array | null, remembered: RememberedCheckpoint | null, stationKey: string | null) {
    this.#stationKey = stationKey;
    this.#ledgerId = ledgerId;
    this.#macKey = macKey;
    this.#remembered = remembered;
    this.#reachedRemembered = remembered === null;
  }

  step(row: ChainRow): LedgerProblem | null {
    const problem = this.#judge(row);
    if (problem !== null) return { seq: row.seq, ...problem };
    this.#previous = rowDigest(row);
    this.#seq = row.seq;
    this.count += 1;
    if (this.#remembered?.seq === row.seq) {
      if (this.#remembered.head !== this.#previous) {
        return { seq: row.seq, code: 'ledger-forked', message: 'the keychain remembers another event at this place' };
      }
      this.#reachedRemembered = true;
    }
    return null;
  }

  end(): LedgerProblem | null {
    if (this.#seq === null) return { seq: null, code: 'ledger-empty', message: 'the ledger holds no event' };
    if (!this.#reachedRemembered) {
      return {
        seq: this.#seq,
        code: 'ledger-rolled-back',
        message: `the ledger ends before event ${(this.#remembered?.seq ?? 0).toString()}, which the keychain remembers`,
      };
    }
    return null;
  }

  #judge(row: ChainRow): Omit<LedgerProblem, 'seq'> | null {
    const event = readEvent(row);
    if (event === null) return { code: 'event-unreadable', message: 'the row is not an event' };
    if (event.seq !== row.seq || (this.#seq !== null && row.seq !== this.#seq + 1)) {
      return { code: 'event-missing', message: 'a row is missing or out of place before this one' };
    }
    if (event.ledger_id !== this.#ledgerId) return { code: 'event-foreign', message: 'the row belongs to another ledger' };
    if (event.prev !== this.#previous) return { code: 'event-chain', message: 'the row does not follow from the one before' };
    if (this.#macKey !== null && !isMacValid(row, this.#macKey)) {
      return { code: 'event-mac', message: 'the row was not written with this station’s key' };
    }
    if (this.#seq === null) {
      if (event.type !== 'station-made') return { code: 'event-missing', message: 'the ledger does not start with its station' };
      this.#publicKey = event.data.public_key;
      if (this.#stationKey !== null && this.#stationKey !== this.#publicKey) {
        return { code: 'event-foreign', message: 'the ledger was made by another station' };
      }
    }
    if (event.type === 'checkpoint') return this.#judgeCheckpoint(event);
    return null;
  }

  #judgeCheckpoint(event: EventRecord & { type: 'checkpoint' }): Omit<LedgerProblem, 'seq'> | null {
    const { seq, head, signature } = event.data;
    const stands = seq === this.#seq && head === this.#previous;
    if (stands && isSignedBy(this.#publicKey, { ledger_id: this.#ledgerId, seq, head }, signature)) return null;
    return { code: 'checkpoint-invalid', message: 'the station’s signature over the ledger does not hold here' };
  }
}

function isSignedBy(publicKey: string | null, checkpoint: { ledger_id: string; seq: number; head: string }, signature: string): boolean {
  if (publicKey === null) return false;
  const raw = Buffer.from(publicKey, 'base64');
  if (raw.length !== 32) return false;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  return verify(null, checkpointBytes(checkpoint), key, Buffer.from(signature, 'base64'));
}

function readEvent(row: ChainRow): EventRecord | null {
  try {
    return parseRow(row);
  } catch {
    return null; // the answer is the problem that the caller reports, with the row's number
  }
}

function replayRow(replay: Database, row: ChainRow): LedgerProblem | null {
  try {
    replay.prepare('INSERT INTO event VALUES (?, ?, ?)').run(row.seq, row.bytes, row.mac);
    projectEvent(replay, parseRow(row));
    return null;
  } catch {
    return { seq: row.seq, code: 'event-impossible', message: 'the event cannot follow from those before it' };
  }
}

function compareState(kept: Database, replayed: Database): LedgerProblem[] {
  const problems: LedgerProblem[] = [];
  for (const table of STATE_TABLES) {
    if (!sameRows(kept, replayed, table)) {
      problems.push({ seq: null, code: 'state-differs', message: `the table ${table} is not what the events say` });
    }
  }
  return problems;
}

function sameRows(kept: Database, replayed: Database, table: string): boolean {
  const sql = `SELECT * FROM ${table} ORDER BY 1, 2`;
  const left = kept.prepare(sql).raw().iterate();
  const right = replayed.prepare(sql).raw().iterate();
  try {
    for (;;) {
      const a = left.next();
      const b = right.next();
      if (a.done === true || b.done === true) return a.done === b.done;
      if (JSON.stringify(a.value) !== JSON.stringify(b.value)) return false;
    }
  } finally {
    left.return?.();
    right.return?.();
  }
}
