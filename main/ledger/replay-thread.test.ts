import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rowDigest, sealRow, type ChainRow } from './chain.ts';
import { checkLedger, type LedgerReport } from './check.ts';
import type { LedgerEvent } from './events.ts';
import { LARGE_MAC_KEY, makeLargeLedger } from './large-ledger.fixture.ts';
import { Ledger } from './ledger.ts';
import { removeDatabase } from './open.ts';
import { REPLAY_PROGRAM } from './replay-thread.ts';

const EVENTS = 60;
const ALONE = Number.POSITIVE_INFINITY;

let folder: string;
let whole: string;
let path: string;
let publicKey: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-thread-'));
  whole = join(folder, 'whole.sqlite');
  path = join(folder, 'ledger.sqlite');
  publicKey = makeLargeLedger(whole, { events: EVENTS }).publicKey;
});
beforeEach(() => {
  removeDatabase(path);
  copyFileSync(whole, path);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function check(beside: { fromEvents?: number; program?: string } = {}): Promise<LedgerReport> {
  const ledger = Ledger.open(path, { clock: { now: () => 0 }, macKey: null });
  try {
    return await checkLedger(ledger, LARGE_MAC_KEY, null, publicKey, { fromEvents: 0, program: REPLAY_PROGRAM, ...beside });
  } finally {
    ledger.close();
  }
}

/** Works on the file as somebody who has it and knows SQLite. */
function tamper(sql: string): void {
  const database = new SqliteDatabase(path);
  database.exec(`DROP TRIGGER IF EXISTS event_no_update; DROP TRIGGER IF EXISTS event_no_delete; PRAGMA foreign_keys = OFF; ${sql}`);
  database.close();
}

/** The program of a thread that has `database`, and does what is given on each question. */
function program(answer: string): string {
  const source = (name: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href);
  const file = join(folder, 'program.mjs');
  writeFileSync(
    file,
    `import { parentPort as port, workerData as path } from 'node:worker_threads';
     import { endOf } from ${source('chain-end.ts')};
     import { openDatabase } from ${source('open.ts')};
     import { replayLedger } from ${source('replay.ts')};
     const database = openDatabase(path, true);
     let begun = 0;
     const begin = () => {
       if (database.inTransaction) database.exec('ROLLBACK');
       database.exec('BEGIN');
       begun += 1;
       return endOf(database);
     };
     const judge = () => {
       const replayed = replayLedger(database);
       database.close();
       return replayed;
     };
     const write = (sql) => {
       const other = openDatabase(path, false);
       other.exec(sql);
       other.close();
     };
     port.on('message', (asked) => { ${answer} });
     port.postMessage('ready');`,
  );
  return file;
}

describe('a ledger that is checked in two threads', () => {
  it('holds, as it does in one', async () => {
    expect(await check()).toMatchObject({ ok: true, events: EVENTS, macs: 'valid', problems: [] });
    expect(await check()).toEqual(await check({ fromEvents: ALONE }));
  });

  it.each([
    ['a row', "UPDATE event SET bytes = replace(bytes, 'v', 'w') WHERE seq = 20", 'event-chain'],
    ['a MAC', "UPDATE event SET mac = x'00' WHERE seq = 20", 'event-mac'],
    ['a row that is none', "UPDATE event SET bytes = 'x' WHERE seq = 20", 'event-unreadable'],
    ['a row dropped', 'DELETE FROM event WHERE seq = 20', 'event-missing'],
    ['a state table', "UPDATE item SET name = 'x' WHERE rowid = 2", 'state-differs'],
    ['a state table dropped', 'DROP TABLE account', 'state-differs'],
    ['the schema alone', '', 'schema-differs'],
    ['all events', 'DROP TABLE event', 'event-unreadable'],
  ])('tells the same as in one where something was changed: %s', async (_name, sql, code) => {
    tamper(sql);
    const report = await check();
    expect(report.problems[0]?.code).toBe(code);
    expect(report).toEqual(await check({ fromEvents: ALONE }));
  });

  it('tells an event that cannot follow before what is wrong further down, and after what is wrong with its own row', async () => {
    const { seq, impossible } = twice();
    tamper(impossible);
    expect((await check()).problems).toMatchObject([{ seq, code: 'event-impossible' }]);
    tamper(`UPDATE event SET mac = x'00' WHERE seq = ${(seq + 1).toString()}`);
    expect((await check()).problems).toMatchObject([{ seq, code: 'event-impossible' }]);
    tamper(`UPDATE event SET mac = x'00' WHERE seq = ${seq.toString()}`);
    expect((await check()).problems).toMatchObject([{ seq, code: 'event-mac' }]);
    expect((await check({ fromEvents: ALONE })).problems).toMatchObject([{ seq, code: 'event-mac' }]);
  });
});

/** The last backup's answer once more, written with the station's own key; and a row after it. */
function twice(): { seq: number; impossible: string } {
  const database = new SqliteDatabase(path);
  const rows = database.prepare<[], ChainRow>('SELECT seq, bytes, mac FROM event ORDER BY seq').all();
  database.close();
  const stored = rows
    .map(({ bytes }) => JSON.parse(bytes) as LedgerEvent & { ledger_id: string; at: string })
    .findLast(({ type }) => type === 'item-stored');
  let last = rows.at(-1);
  if (stored === undefined || last === undefined) throw new Error('no backup was stored');
  const seq = last.seq + 1;
  const inserts = [stored, stored].map((event) => {
    if (last === undefined) throw new TypeError('there is a row');
    last = sealRow({ ledgerId: event.ledger_id, seq: last.seq + 1, at: event.at, prev: rowDigest(last) }, event, LARGE_MAC_KEY);
    return `INSERT INTO event VALUES (${last.seq.toString()}, '${last.bytes}', x'${last.mac.toString('hex')}')`;
  });
  return { seq, impossible: inserts.join(';') };
}

describe('a thread', () => {
  it('that cannot be started is done without', async () => {
    expect(await check({ program: join(folder, 'absent.mjs') })).toMatchObject({ ok: true, events: EVENTS });
    writeFileSync(join(folder, 'broken.mjs'), 'throw new Error("no")');
    expect(await check({ program: join(folder, 'broken.mjs') })).toMatchObject({ ok: true, events: EVENTS });
    tamper("UPDATE item SET name = 'x' WHERE rowid = 2");
    expect((await check({ program: join(folder, 'absent.mjs') })).problems[0]?.code).toBe('state-differs');
  });

  it.each([
    ['ends', "if (asked === 'begin') port.postMessage(begin()); else process.exit(0);"],
    ['throws', "if (asked === 'begin') port.postMessage(begin()); else throw new Error('the thread that replays broke');"],
    ['ends at once', 'process.exit(0);'],
  ])('that %s without an answer leaves no report', async (_name, answer) => {
    await expect(check({ program: program(answer) })).rejects.toThrow('the thread that replays');
  });

  it('that has no room for its replay says so', async () => {
    const full = "if (asked === 'begin') port.postMessage(begin()); else throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });";
    await expect(check({ program: program(full) })).rejects.toMatchObject({ code: 'ledger-unwritable' });
  });
});

describe('what others write while both begin', () => {
  const onFirst = (sql: string): string =>
    `if (asked === 'judge') return port.postMessage({ ...judge(), begun });
     const end = begin();
     if (begun === 1) write(${JSON.stringify(sql)});
     port.postMessage(end);`;

  it('is seen by both or by none', async () => {
    // The thread began before this, and would have compared the events with the state of then.
    const report = await check({ program: program(onFirst("UPDATE item SET name = 'x' WHERE rowid = 2")) });
    expect(report.problems.map(({ code }) => code)).toEqual(['state-differs']);
  });

  it('does not keep a ledger from being checked, however often it is', async () => {
    const often = `if (asked === 'judge') throw new Error('they never saw the same');
      const end = begin();
      write("UPDATE station SET name = 'other'; UPDATE station SET name = 'vault'");
      port.postMessage(end);`;
    expect(await check({ program: program(often) })).toMatchObject({ ok: true, events: EVENTS });
  });

  it('is no other ledger at the same place', async () => {
    const other = "if (asked === 'judge') throw new Error('it is another'); begin(); port.postMessage('0'.repeat(64));";
    expect(await check({ program: program(other) })).toMatchObject({ ok: true, events: EVENTS });
  });
});
