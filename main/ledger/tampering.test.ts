import { createHmac } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { NO_PREVIOUS, rowDigest, sealRow, type ChainRow } from './chain.ts';
import { checkLedger, type LedgerProblem, type RememberedCheckpoint } from './check.ts';
import type { LedgerEvent } from './events.ts';
import { LARGE_MAC_KEY, makeLargeLedger } from './large-ledger.fixture.ts';
import { Ledger } from './ledger.ts';
import { STATE_TABLES } from './schema.ts';

const EVENTS = 60;
/** Before a row's text in the file: its length, its number, then how long this head is and what kinds the three values are of. */
const HEAD_BYTES = 8;
/** The kind of `seq` in that head. SQLite does not look at it: the row's number stands further ahead. */
const OF_NUMBER = -4;
const clock = { now: () => Date.parse('2026-11-24T10:00:00.000Z') };

let folder: string;
/** The ledger as it was, in one file without a log beside it, and the one that a test works on. */
let whole: string;
let path: string;
let publicKey: string;
let remembered: RememberedCheckpoint;
let rows: ChainRow[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tampering-'));
  whole = join(folder, 'whole.sqlite');
  path = join(folder, 'ledger.sqlite');
  publicKey = makeLargeLedger(whole, { events: EVENTS }).publicKey;
  const database = new SqliteDatabase(whole);
  database.pragma('journal_mode = TRUNCATE'); // else the rows would lie in the log
  database.exec('VACUUM'); // else what pages were split from would lie about
  rows = rowsOf(database);
  database.close();
  const ledger = Ledger.open(whole, { clock, macKey: null });
  const { ledgerId, seq, head } = ledger.head();
  ledger.close();
  remembered = { ledger_id: ledgerId, seq, head };
});
beforeEach(() => {
  copyFileSync(whole, path);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const rowsOf = (database: SqliteDatabase.Database) =>
  database.prepare<[], ChainRow>('SELECT seq, bytes, mac FROM event ORDER BY seq').all();

/** What checking the file says first; null where it holds. A file that cannot be opened is named by its error. */
async function firstProblem(
  macKey: Buffer | null = LARGE_MAC_KEY,
  memory: RememberedCheckpoint | null = remembered,
): Promise<LedgerProblem | null> {
  try {
    const ledger = Ledger.open(path, { clock, macKey: null });
    try {
      return (await checkLedger(ledger, macKey, memory, publicKey)).problems[0] ?? null;
    } finally {
      ledger.close();
    }
  } catch (error) {
    if (isColdroomError(error)) return { seq: null, code: error.code, message: error.message };
    throw error;
  }
}

/** Works on the file as somebody who has it and knows SQLite. */
function tamper(work: (database: SqliteDatabase.Database) => void): void {
  const database = new SqliteDatabase(path);
  const triggers = database.prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.pragma('foreign_keys = OFF');
  work(database);
  for (const { sql } of triggers) database.exec(sql); // as it was, so that nothing but the change is left to find
  database.close();
}

/** Writes the chain from `from` on anew, so that every `prev` fits again. */
function sealAgain(database: SqliteDatabase.Database, changed: readonly ChainRow[], macKey: Buffer): void {
  database.exec('DELETE FROM event');
  let prev = NO_PREVIOUS;
  for (const [index, row] of changed.entries()) {
    const event = JSON.parse(row.bytes) as LedgerEvent & { ledger_id: string; at: string };
    const sealed = sealRow({ ledgerId: event.ledger_id, seq: index + 1, at: event.at, prev }, event, macKey);
    database.prepare('INSERT INTO event VALUES (?, ?, ?)').run(sealed.seq, sealed.bytes, sealed.mac);
    prev = rowDigest(sealed);
  }
}

describe('the ledger that was not touched', () => {
  it('holds', async () => {
    expect(rows).toHaveLength(EVENTS);
    expect(await firstProblem()).toBeNull();
  });
});

describe('one bit of an event row', () => {
  it('is found by row, wherever in its text or its MAC it was flipped', async () => {
    const place = fc.tuple(
      fc.constantFrom(...(['bytes', 'mac'] as const)),
      fc.nat(EVENTS - 1),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.nat(7),
    );
    await fc.assert(
      fc.asyncProperty(place, async ([column, index, where, bit]) => {
        copyFileSync(whole, path);
        const row = rows[index];
        if (row === undefined) throw new Error('there is no such row');
        const bytes = Buffer.from(row[column] as string); // a Buffer is copied
        const offset = Math.floor(where * bytes.length);
        bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
        tamper((database) => {
          database
            .prepare(`UPDATE event SET ${column} = ${column === 'bytes' ? 'CAST(? AS TEXT)' : '?'} WHERE seq = ?`)
            .run(bytes, row.seq);
        });
        expect(await firstProblem()).toMatchObject({ seq: row.seq });
      }),
      { numRuns: 150 },
    );
  });

  it('is found by row in its number', async () => {
    for (const { seq } of [1, 2, 31, EVENTS].map((one) => rows[one - 1]).filter((row) => row !== undefined)) {
      for (const bit of [0, 1, 6, 20]) {
        copyFileSync(whole, path);
        const other = seq ^ (1 << bit);
        tamper((database) => {
          database.prepare('DELETE FROM event WHERE seq = ?').run(other);
          database.prepare('UPDATE event SET seq = ? WHERE seq = ?').run(other, seq);
        });
        const found = await firstProblem();
        expect([seq, other, found?.seq !== null && found !== null]).toEqual([seq, other, true]);
        expect(found?.seq).toBeLessThanOrEqual(Math.max(seq, other) + 1);
      }
    }
  });

  it('is found in the file itself: in the head of a row, its text and its MAC', async () => {
    const file = readFileSync(whole);
    const unseen = new Set<number>();
    let flips = 0;
    for (const index of [0, 1, 2, 20, EVENTS - 1]) {
      const row = rows[index];
      if (row === undefined) throw new Error('there is no such row');
      const text = file.lastIndexOf(row.bytes.slice(0, 60));
      expect(text).toBeGreaterThan(0);
      const head = Array.from({ length: HEAD_BYTES }, (_, back) => text - back - 1);
      const body = Array.from({ length: 20 }, (_, step) => text + Math.floor((step * Math.min(row.bytes.length, 900)) / 20));
      const mac = file.lastIndexOf(row.mac);
      for (const offset of [...head, ...body, mac, mac + 31]) {
        for (const bit of [0, 3, 5, 7]) {
          const flipped = Buffer.from(file);
          flipped[offset] = (flipped[offset] ?? 0) ^ (1 << bit);
          writeFileSync(path, flipped);
          flips += 1;
          if ((await firstProblem()) === null) unseen.add(offset - text);
          else continue;
          // Whatever is not found must read the same to the last byte: SQLite passes over what a row keeps in place of its number.
          const database = new SqliteDatabase(path, { readonly: true });
          expect(rowsOf(database)).toEqual(rows);
          database.close();
        }
      }
    }
    expect(flips).toBeGreaterThan(500);
    expect([...unseen]).toEqual([OF_NUMBER]);
  });
});

describe('rows', () => {
  it.each([
    ['the first', 1, 2],
    ['one in the middle', 30, 31],
    ['the last', EVENTS, EVENTS - 1],
  ])('are missed when they were dropped: %s', async (_name, seq, named) => {
    tamper((database) => database.prepare('DELETE FROM event WHERE seq = ?').run(seq));
    expect((await firstProblem())?.seq).toBe(named);
  });

  it('are missed at the end, as older than what the keychain remembers', async () => {
    for (const left of [EVENTS - 1, EVENTS - 7, 1]) {
      copyFileSync(whole, path);
      tamper((database) => database.prepare('DELETE FROM event WHERE seq > ?').run(left));
      expect(await firstProblem()).toMatchObject({
        seq: left,
        code: 'ledger-rolled-back',
        message: `the ledger ends before event ${EVENTS.toString()}, which the keychain remembers`,
      });
    }
    copyFileSync(whole, path);
    tamper((database) => database.exec('DELETE FROM event'));
    expect(await firstProblem()).toMatchObject({ code: 'ledger-empty' });
  });

  it('are found when two were swapped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: EVENTS }), { minLength: 2, maxLength: 2 }), async ([a = 0, b = 0]) => {
        copyFileSync(whole, path);
        tamper((database) => {
          const move = database.prepare('UPDATE event SET seq = ? WHERE seq = ?');
          for (const [to, from] of [
            [-1, a],
            [a, b],
            [b, -1],
          ])
            move.run(to, from);
        });
        expect(await firstProblem()).toMatchObject({ seq: Math.min(a, b), code: 'event-missing' });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a chain that was made again', () => {
  const lie = (row: ChainRow): ChainRow => ({ ...row, bytes: row.bytes.replace('share-2.txt', 'share-9.txt') });

  it('is found by its MACs: with another key, and without one', async () => {
    for (const macKey of [Buffer.alloc(32, 8), Buffer.alloc(0)]) {
      copyFileSync(whole, path);
      tamper((database) => {
        sealAgain(database, rows.map(lie), macKey);
      });
      expect(await firstProblem()).toMatchObject({ seq: 1, code: 'event-mac' });
    }
  });

  it('is found where only its end was made again', async () => {
    tamper((database) => {
      sealAgain(database, rows.map(lie), LARGE_MAC_KEY);
      const last = database.prepare<[], ChainRow>('SELECT seq, bytes, mac FROM event ORDER BY seq DESC LIMIT 1').get();
      const mac = createHmac('sha256', 'guessed')
        .update(last?.bytes ?? '')
        .digest();
      database.prepare('UPDATE event SET mac = ? WHERE seq = ?').run(mac, EVENTS);
    });
    expect(await firstProblem()).toMatchObject({ seq: EVENTS, code: 'event-mac' });
  });

  it('is found by what the keychain remembers, even where its MAC key was used', async () => {
    tamper((database) => {
      sealAgain(database, rows.map(lie), LARGE_MAC_KEY);
    });
    expect(await firstProblem()).toMatchObject({ seq: EVENTS, code: 'ledger-forked' });
  });
});

describe('a checkpoint', () => {
  it('is found at another place than the one it was signed for, though its signature is the station’s', async () => {
    const longer = join(folder, 'longer.sqlite');
    const { publicKey: signer } = makeLargeLedger(longer, { events: 1200 }); // one after every hundredth item
    const ledger = Ledger.open(longer, { clock, macKey: LARGE_MAC_KEY });
    const check = async () => (await checkLedger(ledger, LARGE_MAC_KEY, null, signer)).problems;
    const signed = [...ledger.events()].find(({ type }) => type === 'checkpoint');
    if (signed?.type !== 'checkpoint') throw new Error('the ledger has no checkpoint');
    expect(await check()).toEqual([]);
    ledger.append({ type: 'checkpoint', data: signed.data });
    const { seq } = ledger.head();
    expect(await check()).toMatchObject([{ seq, code: 'checkpoint-invalid' }]);
    ledger.close();
  });
});

describe('yesterday’s file', () => {
  it('is older than what the keychain remembers', async () => {
    const today = Ledger.open(path, { clock, macKey: LARGE_MAC_KEY });
    today.append({ type: 'account-confirmed', data: { environment: 'production', account_id: 'acme' } });
    const { ledgerId, seq, head } = today.head();
    today.close();
    expect(await firstProblem(LARGE_MAC_KEY, { ledger_id: ledgerId, seq, head })).toBeNull();
    rmSync(`${path}-wal`, { force: true });
    copyFileSync(whole, path);
    expect(await firstProblem(LARGE_MAC_KEY, { ledger_id: ledgerId, seq, head })).toMatchObject({
      seq: EVENTS,
      code: 'ledger-rolled-back',
    });
  });
});

describe('what is not an event', () => {
  it('is compared with the events, table by table', async () => {
    const filled = STATE_TABLES.filter((table) => {
      const database = new SqliteDatabase(whole, { readonly: true });
      const [count] = database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().all();
      database.close();
      return (count ?? 0) > 0;
    });
    expect(filled).toEqual(expect.arrayContaining(['station', 'document', 'assigned_key', 'item', 'backup', 'verification']));
    for (const table of filled) {
      copyFileSync(whole, path);
      tamper((database) => {
        const key = database.pragma(`table_info(${table})`) as { name: string }[];
        const first = key[0]?.name ?? '';
        database.exec(`DELETE FROM ${table} WHERE ${first} = (SELECT max(${first}) FROM ${table})`);
      });
      expect(await firstProblem()).toMatchObject({
        seq: null,
        code: 'state-differs',
        message: expect.stringContaining(`the table ${table} `) as string,
      });
    }
    copyFileSync(whole, path);
    tamper((database) => database.exec("UPDATE item SET state = 'stored' WHERE item_id = (SELECT max(item_id) FROM item)"));
    tamper((database) =>
      database.exec("UPDATE verification SET result = 'not-checkable' WHERE event_seq = (SELECT max(event_seq) FROM verification)"),
    );
    expect(await firstProblem()).toMatchObject({ seq: null, code: 'state-differs' });
  });

  it.each([
    ['a trigger dropped', 'DROP TRIGGER event_no_update', 'event_no_update'],
    [
      'a trigger that does nothing',
      'DROP TRIGGER event_no_delete; CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT 1; END',
      'event_no_delete',
    ],
    ['a trigger of somebody else’s', 'CREATE TRIGGER helper AFTER INSERT ON event BEGIN SELECT 1; END', 'helper'],
    ['a table of somebody else’s', 'CREATE TABLE notes (text TEXT)', 'notes'],
    [
      'a trigger under a name of SQLite’s own',
      `PRAGMA writable_schema = ON;
       INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_hidden', 'item', 0, 'CREATE TRIGGER sqlite_hidden AFTER INSERT ON item BEGIN SELECT 1; END')`,
      'sqlite_hidden',
    ],
  ])('is built as Coldroom builds it: %s', async (_name, statement, object) => {
    const database = new SqliteDatabase(path);
    database.unsafeMode(true);
    database.exec(statement);
    database.close();
    expect(await firstProblem()).toMatchObject({
      seq: null,
      code: 'schema-differs',
      message: expect.stringContaining(`"${object}"`) as string,
    });
  });
});

describe('what lacks', () => {
  it.each([...STATE_TABLES, 'event', 'ledger'])('is found where it is the table %s', async (table) => {
    const database = new SqliteDatabase(path);
    database.pragma('foreign_keys = OFF');
    database.exec(`DROP TABLE ${table}`);
    database.close();
    const found = { event: 'event-unreadable', ledger: 'ledger-damaged' }[table] ?? 'state-differs';
    expect((await firstProblem())?.code).toBe(found);
  });

  it('is found where it is a column', async () => {
    const database = new SqliteDatabase(path);
    database.exec('DROP TABLE network_policy; CREATE TABLE network_policy (policy TEXT NOT NULL PRIMARY KEY) STRICT');
    database.close();
    expect(await firstProblem()).toMatchObject({ code: 'schema-differs', message: expect.stringContaining('network_policy') as string });
  });
});

describe('an index', () => {
  it('that says something else than its table is found, whichever it is', async () => {
    const database = new SqliteDatabase(whole, { readonly: true });
    const indexes = database
      .prepare<[], { name: string; page: number }>(
        "SELECT name, max(pageno) AS page FROM dbstat WHERE pagetype = 'leaf' AND name IN (SELECT name FROM sqlite_schema WHERE type = 'index') AND ncell > 1 GROUP BY name",
      )
      .all();
    const pageSize = database.pragma('page_size', { simple: true }) as number;
    database.close();
    expect(indexes.map(({ name }) => name)).toEqual(expect.arrayContaining(['item_by_ciphertext', 'sqlite_autoindex_backup_2']));
    for (const { name, page } of indexes) {
      const bytes = readFileSync(whole);
      // The first cell that was written stands at the end of the page; its text is changed, not its form.
      const at = page * pageSize - 12;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      expect([name, (await firstProblem())?.code]).toEqual([name, 'state-differs']);
    }
  });
});

describe('a ledger whose keychain is lost', () => {
  it('still shows a row that was changed, dropped or swapped, by the chain alone', async () => {
    tamper((database) => database.exec("UPDATE event SET bytes = replace(bytes, 'share-2', 'share-3')"));
    expect(await firstProblem(null, null)).toMatchObject({ code: 'event-chain' });
    copyFileSync(whole, path);
    tamper((database) => database.exec('DELETE FROM event WHERE seq = 9'));
    expect(await firstProblem(null, null)).toMatchObject({ seq: 10, code: 'event-missing' });
  });

  it('says of rows that are no events that they are none, whatever else they are', async () => {
    for (const bytes of ['null', '1', '"x"', '[]', '{}', '{"data":null}', '{"data":{},"seq":60}', '', '{']) {
      copyFileSync(whole, path);
      tamper((database) => database.prepare('UPDATE event SET bytes = ? WHERE seq = ?').run(bytes, EVENTS));
      expect([bytes, (await firstProblem(null, null))?.seq]).toEqual([bytes, EVENTS]);
    }
  });
});
