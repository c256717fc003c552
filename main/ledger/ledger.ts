import type { Database } from 'better-sqlite3';
import { inputError, isColdroomError, isoTime, newUuid, systemClock, type Clock } from '../values/index.ts';
import { isMacOf, NO_PREVIOUS, parseRow, rowDigest, sealRow, type ChainRow } from './chain.ts';
import { lastRow } from './chain-end.ts';
import { NOT_NEXT, NOT_OURS, NOT_THERE, type LedgerProblem } from './chain-walk.ts';
import type { EventRecord, EventType, LedgerEvent } from './events.ts';
import { createDatabase, damaged, explainCopyError, explainSqliteError, isDamage, openDatabase, type JournalMode } from './open.ts';
import { prepared } from './prepared.ts';
import { projectEvent } from './project.ts';

/** Where the chain ends: `seq` of the last event (0 for none) and the digest the next one will name as `prev`. */
export type LedgerHead = { ledgerId: string; seq: number; head: string };

export type LedgerOptions = {
  clock: Clock;
  /** 32 bytes from the keychain; null opens for reading alone. The caller keeps and wipes it. */
  macKey: Uint8Array | null;
};

/** What code inside {@link Ledger.transaction} may do: everything it appends is committed together or not at all. */
export type LedgerTransaction = {
  /** The head before the next append: what a document written in this transaction states. */
  head(): LedgerHead;
  append(event: LedgerEvent): EventRecord;
};

/**
 * The station's ledger. State changes only by appending events, each in one transaction with its effect on the state
 * tables; queries read the state tables (`queries.ts`). Several processes may hold one ledger open: appends queue.
 */
export class Ledger {
  readonly database: Database;
  readonly #clock: Clock;
  readonly #macKey: Uint8Array | null;
  readonly ledgerId: string;

  private constructor(database: Database, options: LedgerOptions) {
    this.database = database;
    this.#clock = options.clock;
    this.#macKey = options.macKey;
    try {
      this.ledgerId = idOf(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /**
   * Makes a ledger whose first event is `station-made`. It takes its name when that is in it: a process that dies before leaves none.
   * @param firstSeq 1, or higher for a ledger that follows a lost one: other stations refuse documents with a lower
   *   `ledger_seq` than they have seen.
   * @throws input `ledger-exists`, `ledger-not-private`, `ledger-unwritable`.
   */
  static create(
    path: string,
    station: LedgerEvent & { type: 'station-made' },
    options: LedgerOptions,
    firstSeq = 1,
  ): { ledger: Ledger; journal: JournalMode } {
    const { macKey } = options;
    if (macKey === null) throw new TypeError('a new ledger needs its MAC key');
    const ledgerId = newUuid();
    const row = sealRow({ ledgerId, seq: firstSeq, at: isoTime(options.clock.now()), prev: NO_PREVIOUS }, station, macKey);
    const journal = createDatabase(path, (database) => {
      database
        .transaction(() => {
          database.prepare('INSERT INTO ledger VALUES (?)').run(ledgerId);
          insertRow(database, row);
        })
        .immediate();
    });
    return { ledger: Ledger.open(path, options), journal };
  }

  /**
   * Opens a ledger that exists.
   * @throws input `ledger-missing`, `ledger-damaged`, `ledger-busy`, `ledger-too-new`, `ledger-too-old`.
   */
  static open(path: string, options: LedgerOptions): Ledger {
    return new Ledger(openDatabase(path, options.macKey === null), options);
  }

  /**
   * Gives a ledger of an earlier version this version's tables, as whoever opens it to write does. Its events stay as they are.
   * @throws as {@link Ledger.open}, and input `ledger-unwritable`.
   */
  static bringUpToDate(path: string): void {
    openDatabase(path, false).close();
  }

  /** Whether a ledger is there that holds nothing but the event it was made with. One that cannot be opened may hold anything. */
  static isUnused(path: string): boolean {
    try {
      const ledger = Ledger.open(path, { clock: systemClock, macKey: null });
      try {
        return ledger.head().seq === ledger.firstSeq();
      } finally {
        ledger.close();
      }
    } catch (error) {
      if (isColdroomError(error)) return false;
      throw error;
    }
  }

  close(): void {
    this.database.close();
  }

  head(): LedgerHead {
    const last = lastRow(this.database);
    return { ledgerId: this.ledgerId, seq: last?.seq ?? 0, head: last === null ? NO_PREVIOUS : rowDigest(last) };
  }

  /** The digest that the event at `seq` passes on, or null where there is none: what a remembered checkpoint is held against. */
  digestAt(seq: number): string | null {
    const row = this.database.prepare<[number], ChainRow>('SELECT seq, bytes, mac FROM event WHERE seq = ?').get(seq);
    return row === undefined ? null : rowDigest(row);
  }

  /** The `seq` that the ledger begins with: 1, or later where it was rebuilt. */
  firstSeq(): number {
    return this.database.prepare<[], { seq: number | null }>('SELECT min(seq) AS seq FROM event').get()?.seq ?? 1;
  }

  /**
   * What the station was made as, from the event that the ledger begins with; null where that event is not this station's own work.
   * The state table says the same and is not asked: it bears no MAC.
   */
  madeAs(): (LedgerEvent & { type: 'station-made' })['data'] | null {
    const row = this.database.prepare<[], ChainRow>('SELECT seq, bytes, mac FROM event ORDER BY seq LIMIT 1').get();
    if (row === undefined || (this.#macKey !== null && !isMacOf(row, this.#macKey))) return null;
    const event = parseRow(row);
    return event.type === 'station-made' ? event.data : null;
  }

  /**
   * The first row from one event to another, both included, that is missing, that this station's key did not write, or that does not
   * follow on the one before; null where all stand. The end of a chain vouches for all of it, so a checkpoint is signed after this.
   */
  firstBroken(from: number, to: number): LedgerProblem | null {
    const macKey = this.#macKey;
    if (macKey === null) throw inputError('keychain-needed', 'the ledger was opened for reading alone');
    let before: ChainRow | null = null;
    let next = from;
    for (const row of this.rows(from, to)) {
      if (row.seq !== next) break;
      if (!isMacOf(row, macKey)) return { seq: row.seq, ...NOT_OURS };
      const event = parseRow(row);
      if (event.seq !== row.seq) break;
      if (event.ledger_id !== this.ledgerId || (before !== null && event.prev !== rowDigest(before))) return { seq: row.seq, ...NOT_NEXT };
      before = row;
      next += 1;
    }
    return next > to ? null : { seq: next, ...NOT_THERE };
  }

  /** The time every event of this ledger is given, in milliseconds. */
  now(): number {
    return this.#clock.now();
  }

  /** Appends one event and its effect, durably, before it returns. @throws input `ledger-busy`, `ledger-unwritable`. */
  append(event: LedgerEvent): EventRecord {
    return this.transaction((transaction) => transaction.append(event));
  }

  /**
   * Runs `work` with the write lock held from the start, so that what it reads stays true until it commits.
   * @throws what `work` throws (nothing is kept then), input `ledger-busy`, `ledger-unwritable`, `keychain-needed`.
   */
  transaction<Result>(work: (transaction: LedgerTransaction) => Result): Result {
    const macKey = this.#macKey;
    if (macKey === null) throw inputError('keychain-needed', 'the ledger was opened for reading alone');
    try {
      return this.database
        .transaction(() => work({ head: () => this.head(), append: (event) => this.#appendRow(event, macKey) }))
        .immediate();
    } catch (error) {
      throw explainSqliteError(error, this.database.name);
    }
  }

  #appendRow(event: LedgerEvent, macKey: Uint8Array): EventRecord {
    const { seq, head } = this.head();
    const row = sealRow(
      { ledgerId: this.ledgerId, seq: seq + 1, at: isoTime(this.#clock.now()), prev: head },
      withPlan(this.database, event),
      macKey,
    );
    return insertRow(this.database, row);
  }

  /**
   * Writes one consistent copy of the whole database to a path that does not exist, while others may write.
   * @throws input `output-unwritable`, `ledger-busy`, `ledger-damaged`.
   */
  copyTo(path: string): void {
    try {
      this.database.prepare('VACUUM INTO ?').run(path);
    } catch (error) {
      throw explainCopyError(error, this.database.name);
    }
  }

  /** Runs `work`, which may take its time, on the ledger as it is now: what others append meanwhile is not seen. For reading alone. */
  async snapshot<Result>(work: () => Promise<Result>): Promise<Result> {
    this.database.exec('BEGIN');
    try {
      this.head(); // the first read is what the snapshot is taken at
      return await work();
    } finally {
      this.database.exec('ROLLBACK');
    }
  }

  /** The event at `seq`, or null. */
  eventAt(seq: number): EventRecord | null {
    const row = this.database.prepare<[number], ChainRow>('SELECT seq, bytes, mac FROM event WHERE seq = ?').get(seq);
    return row === undefined ? null : parseRow(row);
  }

  /** The rows from one event to another, both included, as they are chained. */
  *rows(from: number, to: number): Generator<ChainRow> {
    yield* this.database
      .prepare<[number, number], ChainRow>('SELECT seq, bytes, mac FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq')
      .iterate(from, to);
  }

  /** The `seq` of the first event of a type whose data has this value in this member, or null. Reads every event up to it. */
  findEvent(type: EventType, member: string, value: string): number | null {
    return (
      this.database
        .prepare<[string, string, string], { seq: number }>(
          `SELECT seq FROM event WHERE json_extract(bytes, '$.type') = ? AND json_extract(bytes, '$.data.' || ?) = ? ORDER BY seq LIMIT 1`,
        )
        .get(type, member, value)?.seq ?? null
    );
  }

  /** The events whose text names an id, in order. Looks at every row. */
  *eventsNaming(id: string): Generator<EventRecord> {
    const rows = this.database.prepare<[string], ChainRow>('SELECT seq, bytes, mac FROM event WHERE instr(bytes, ?) > 0 ORDER BY seq');
    for (const row of rows.iterate(id)) yield parseRow(row);
  }

  /** All events in order, one at a time: a ledger need not fit in memory. */
  events(): Generator<EventRecord> {
    return this.eventsFrom(0);
  }

  /** As {@link events}, of those from one `seq` on. */
  *eventsFrom(seq: number): Generator<EventRecord> {
    for (const row of this.database
      .prepare<[number], ChainRow>('SELECT seq, bytes, mac FROM event WHERE seq >= ? ORDER BY seq')
      .iterate(seq))
      yield parseRow(row);
  }
}

const PLAN_OF_CEREMONY = `SELECT json_extract(value, '$.sha256') AS sha256 FROM ceremony_fact WHERE ceremony_id = ? AND name = 'plan'`;

/**
 * What a ceremony that has a plan is told bears the plan's digest. SECURITY(REQ-PLAN-FIXED): it is added where rows are written, so that no operation
 * can leave it out, and whoever reads one row alone knows under which plan it came to be.
 */
function withPlan(database: Database, event: LedgerEvent): LedgerEvent {
  if (!event.type.startsWith('ceremony-') || !('ceremony_id' in event.data)) return event;
  const noted = prepared<[string], { sha256: string | null }>(database, PLAN_OF_CEREMONY).get(event.data.ceremony_id);
  if (noted === undefined || noted.sha256 === null) return event;
  return { ...event, data: { ...event.data, plan_sha256: noted.sha256 } } as LedgerEvent;
}

/** @throws input `ledger-damaged`, `ledger-busy`. */
function idOf(database: Database): string {
  let row: { ledger_id: string } | undefined;
  try {
    row = database.prepare<[], { ledger_id: string }>('SELECT ledger_id FROM ledger').get();
  } catch (cause) {
    throw isDamage(cause) ? damaged(database.name, cause) : explainSqliteError(cause, database.name);
  }
  if (row !== undefined) return row.ledger_id;
  throw damaged(database.name, new Error('it has no row that names it'));
}

function insertRow(database: Database, row: ChainRow): EventRecord {
  const event = parseRow(row);
  prepared(database, 'INSERT INTO event VALUES (?, ?, ?)').run(row.seq, row.bytes, row.mac);
  projectEvent(database, event);
  return event;
}
