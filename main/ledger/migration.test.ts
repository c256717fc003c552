import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BACKUP_LINES_BEFORE, fillBackupLines } from './backup-lines.ts';
import { NO_PREVIOUS, parseRow, rowDigest, sealRow } from './chain.ts';
import { checkLedger } from './check.ts';
import type { LedgerEvent } from './events.ts';
import { Ledger } from './ledger.ts';
import { projectWithoutLines } from './project.ts';
import { LedgerQueries } from './queries.ts';
import { migrate, STATE_TABLES } from './schema.ts';

const AT = '2026-11-24T10:00:00.000Z';
const clock = { now: () => Date.parse(AT) };
const macKey = Buffer.alloc(32, 7);
const LEDGER_ID = '11111111-1111-4111-8111-111111111111';
const CEREMONY = '22222222-2222-4222-8222-222222222222';
/** Of the first version's schema, with runs of white space as one space. */
const FIRST_SCHEMA_SHA256 = '21c36caa141ac76d58aaafe5065377edcb1c9d5951d7aa84cf201a8cad191b57';
/** What later migrations added. */
const NEW_INDEXES = ['document_by_writer'];
const NEW_TABLES = [
  'ceremony',
  'ceremony_fact',
  'ceremony_sign_off',
  'ceremony_exception',
  'pairing',
  'network_policy',
  'policy',
  'backup_line',
  'item_planned',
];

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migration-'));
  path = join(folder, 'ledger.sqlite');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const station = {
  type: 'station-made',
  data: { station_id: 'a'.repeat(64), name: 'vault', role: 'single', keychain: 'file', public_key: '' },
} satisfies LedgerEvent;
const document = (name: string, kind: 'keypack' | 'sealed') => ({
  document_id: name,
  kind,
  direction: 'written' as const,
  signer: 'a'.repeat(64),
  subject: null,
  writer_seq: 1,
  sha256: name.padEnd(64, '0'),
  signed_sha256: name.padEnd(64, '0'),
  text: '{}',
});

/** What a station of the first version had gone through: one item stored and verified. */
const LIFE: readonly LedgerEvent[] = [
  station,
  { type: 'account-confirmed', data: { environment: 'rehearsal', account_id: 'acme' } },
  { type: 'anchor-confirmed', data: { environment: 'rehearsal', fingerprint: 'f', jwk: '{}' } },
  {
    type: 'key-pack-imported',
    data: {
      assignment_id: null,
      key: {
        key_id: 'k',
        environment: 'rehearsal',
        environment_id: 'e',
        account: 'institution',
        user_identifier: 'u',
        key_environment: 'COLD',
        public_key: '00',
        fingerprint: 'c',
      },
      document: document('d1', 'keypack'),
    },
  },
  {
    type: 'item-sealed',
    data: {
      state: 'sealed',
      item: {
        item_id: 'i',
        environment: 'rehearsal',
        environment_id: 'e',
        key_id: 'k',
        mode: 'direct',
        size_bytes: 32,
        ciphertext_sha256: 'x',
        checksum: 'y',
        name: 'seed',
      },
      document: document('d2', 'sealed'),
    },
  },
  { type: 'store-begun', data: { item_id: 'i', resend_accepted: false } },
  {
    type: 'item-stored',
    data: { item_id: 'i', backup_id: 'b', backup_type: 'data', data_size: null, returned_checksum: 'y', stored_at: AT, basis: 'answer' },
  },
  { type: 'verified', data: { kind: 'backup', id: 'b', check: 'valid', message: null, status: 200, checked_at: null } },
];

/** A ledger file as the first version left it: only its migration has run, and its own rows are in it. */
function writeVersionOne(events: readonly LedgerEvent[] = LIFE): void {
  const database = new SqliteDatabase(path);
  database.pragma('journal_mode = WAL');
  runFirstMigration(database);
  database.prepare('INSERT INTO ledger VALUES (?)').run(LEDGER_ID);
  let prev: string = NO_PREVIOUS;
  for (const [index, event] of events.entries()) {
    const row = sealRow({ ledgerId: LEDGER_ID, seq: index + 1, at: AT, prev }, event, macKey);
    database.prepare('INSERT INTO event VALUES (?, ?, ?)').run(row.seq, row.bytes, row.mac);
    projectWithoutLines(database, parseRow(row));
    prev = rowDigest(row);
  }
  database.close();
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

/** The first version's schema: that of today without what came later. */
function runFirstMigration(database: Database): void {
  const today = new SqliteDatabase(':memory:');
  migrate(today);
  const statements = today
    .prepare<[], { sql: string }>(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT IN (${listOf(NEW_TABLES)}) AND name NOT IN (${listOf(NEW_INDEXES)})`,
    )
    .all();
  today.close();
  for (const { sql } of statements) database.exec(sql);
  database.pragma('user_version = 1');
}

function schemaOf(database: Database): unknown[] {
  return database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all();
}

function open(forWriting = true): Ledger {
  return Ledger.open(path, { clock, macKey: forWriting ? macKey : null });
}

const KEPT_CARD = {
  kind: 'station' as const,
  direction: 'imported' as const,
  signer: 's',
  subject: null,
  writer_seq: 1,
  sha256: 'a',
  signed_sha256: 'b',
  text: '{}',
};
const POLICY_SET: LedgerEvent = {
  type: 'policy-set',
  data: { sha256: '0'.repeat(64), rules: { network_gate: 'stop', b: 1, a: [] }, administrator: 'Ann Baker' },
};
const about = { ceremony_id: CEREMONY };
const BEGUN: LedgerEvent = { type: 'ceremony-begun', data: { ...about, number: 1, script: 'rehearsal', environment: 'rehearsal' } };

describe('a ledger of the first version', () => {
  beforeEach(() => {
    writeVersionOne();
  });

  it('has the schema that was released: a migration that has run somewhere is never edited', () => {
    const database = new SqliteDatabase(path);
    const text = JSON.stringify(schemaOf(database)).replaceAll(/(?:\\n|\s)+/g, ' ');
    expect(createHash('sha256').update(text).digest('hex')).toBe(FIRST_SCHEMA_SHA256);
    database.close();
  });

  it('is one: it lacks what the second version has', () => {
    const database = new SqliteDatabase(path);
    expect(database.pragma('user_version', { simple: true })).toBe(1);
    expect(() => database.prepare('SELECT * FROM ceremony')).toThrow(/no such table/);
    expect(database.prepare('SELECT count(*) AS n FROM event').get()).toEqual({ n: LIFE.length });
    database.close();
  });

  it('is brought to this version by the first writer, without touching a row of the chain or of the state', () => {
    const before = rowsOf(['event', ...STATE_TABLES.filter((name) => !NEW_TABLES.includes(name))]);
    open().close();
    expect(rowsOf(Object.keys(before))).toEqual(before);
    expect(before['event']).toHaveLength(LIFE.length);
    expect(before['backup']).toHaveLength(1);
  });

  it('has the very schema of a new one afterwards', () => {
    const ledger = open();
    const fresh = new SqliteDatabase(':memory:');
    migrate(fresh);
    const normal = (rows: unknown[]) => JSON.stringify(rows).replaceAll(/\s+/g, ' ');
    expect(normal(schemaOf(ledger.database))).toBe(normal(schemaOf(fresh)));
    expect(ledger.database.pragma('user_version', { simple: true })).toBe(fresh.pragma('user_version', { simple: true }));
    fresh.close();
    ledger.close();
  });

  it('checks afterwards, and again with a ceremony in it', async () => {
    const ledger = open();
    expect(await checkLedger(ledger, macKey, null)).toMatchObject({ ok: true, events: LIFE.length, macs: 'valid' });
    ledger.append(BEGUN);
    ledger.append({ type: 'ceremony-ended', data: { ...about, state: 'escalated', reason: 'x' } });
    expect(await checkLedger(ledger, macKey, null)).toMatchObject({ ok: true, events: LIFE.length + 2 });
    expect(new LedgerQueries(ledger).ceremony(CEREMONY)).toMatchObject({ state: 'escalated', reason: 'x', ended_at: AT });
    ledger.close();
  });

  it('is not migrated by a reader, who is told', () => {
    expect(() => open(false)).toThrow(expect.objectContaining({ code: 'ledger-too-old' }));
    Ledger.bringUpToDate(path);
    open(false).close();
  });

  it('still cannot have its events changed after the migration', () => {
    const ledger = open();
    expect(() => ledger.database.exec("UPDATE event SET bytes = 'x'")).toThrow(/append-only/);
    expect(() => ledger.database.exec('DELETE FROM event')).toThrow(/append-only/);
    ledger.close();
  });

  it('is refused when a later version wrote it', () => {
    const database = new SqliteDatabase(path);
    database.pragma('user_version = 99');
    database.close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'ledger-too-new' }));
  });
});

function rowsOf(tables: readonly string[]): Record<string, unknown[]> {
  const database = new SqliteDatabase(path);
  const rows = Object.fromEntries(tables.map((name): [string, unknown[]] => [name, database.prepare(`SELECT * FROM ${name}`).all()]));
  database.close();
  return rows;
}

/** Of the third version: what kept only the last initials of a role. */
const SIGN_OFF_BEFORE = `CREATE TABLE ceremony_sign_off (
    ceremony_id TEXT NOT NULL REFERENCES ceremony (ceremony_id), step TEXT NOT NULL, role TEXT NOT NULL, initials TEXT NOT NULL,
    evidence_sha256 TEXT NOT NULL, at TEXT NOT NULL, event_seq INTEGER NOT NULL REFERENCES event (seq),
    PRIMARY KEY (ceremony_id, step, role)
  ) STRICT`;

/** A ledger file as the third version left it: today's without what the fourth added, its own rows in it. */
function writeVersionThree(events: readonly LedgerEvent[]): void {
  const { ledger } = Ledger.create(path, station, { clock, macKey });
  for (const event of events) ledger.append(event);
  ledger.close();
  const database = new SqliteDatabase(path);
  database.exec('DROP TABLE policy; DROP TABLE item_planned; DROP TABLE backup_line; DROP INDEX document_by_writer');
  database.exec('ALTER TABLE ceremony_sign_off RENAME TO today');
  database.exec(SIGN_OFF_BEFORE);
  database.exec('INSERT OR REPLACE INTO ceremony_sign_off SELECT * FROM today ORDER BY event_seq; DROP TABLE today');
  database.pragma('user_version = 3');
  database.close();
}

describe('a ledger of the third version', () => {
  const signed = (role: 'administrator' | 'witness', initials: string, evidence: string): LedgerEvent => ({
    type: 'ceremony-signed',
    data: { ...about, step: 'people', role, initials, evidence_sha256: evidence },
  });

  beforeEach(() => {
    writeVersionThree([
      BEGUN,
      { type: 'network-policy-set', data: { policy: 'stop' } },
      signed('administrator', 'AB', '1'),
      signed('witness', 'CD', '1'),
      signed('witness', 'EF', '2'),
      signed('administrator', 'AB', '2'),
    ]);
  });

  it('knew one witness of a step', () => {
    expect(rowsOf(['ceremony_sign_off'])['ceremony_sign_off']).toHaveLength(2);
  });

  it('gets everybody’s initials back from its events, and checks', async () => {
    const ledger = open();
    const queries = new LedgerQueries(ledger);
    expect(queries.signOffs(CEREMONY).map((one) => [one.role, one.initials, one.evidence_sha256])).toEqual([
      ['witness', 'CD', '1'],
      ['witness', 'EF', '2'],
      ['administrator', 'AB', '2'],
    ]);
    expect(await checkLedger(ledger, macKey, null)).toMatchObject({ ok: true, problems: [] });
    expect([queries.policy(), queries.networkPolicy()]).toEqual([null, 'stop']);
    ledger.close();
  });
});

/** A ledger file as the seventh version left it: the lines of its Backups table stood the other way round. */
function writeVersionSeven(): void {
  const { ledger } = Ledger.create(path, station, { clock, macKey });
  for (const event of LIFE.slice(1)) ledger.append(event);
  ledger.database.exec('DROP TABLE backup_line');
  ledger.database.exec(BACKUP_LINES_BEFORE);
  ledger.database.exec(fillBackupLines());
  ledger.database.pragma('user_version = 7');
  ledger.close();
}

describe('a ledger of the seventh version', () => {
  it('keeps its events and its lines, and checks', async () => {
    writeVersionSeven();
    expect(() => open(false)).toThrow(expect.objectContaining({ code: 'ledger-too-old' }));
    const before = rowsOf(['event', 'item', 'backup', 'backup_line']);
    expect(before['backup_line']).toHaveLength(1);
    const ledger = open();
    expect(rowsOf(Object.keys(before))).toEqual(before);
    expect(schemaOf(ledger.database)).toContainEqual(expect.objectContaining({ name: 'backup_line_places' }));
    expect(await checkLedger(ledger, macKey, null)).toMatchObject({ ok: true, events: LIFE.length, problems: [] });
    ledger.close();
  });
});

describe('a policy', () => {
  it('is the one that was set last, and the network gate the later one of both events', async () => {
    const { ledger } = Ledger.create(path, station, { clock, macKey });
    const queries = new LedgerQueries(ledger);
    expect([queries.policy(), queries.networkPolicy()]).toEqual([null, 'warn']);
    ledger.append(POLICY_SET);
    expect(queries.policy()).toEqual({
      sha256: '0'.repeat(64),
      rules: '{"a":[],"b":1,"network_gate":"stop"}',
      administrator: 'Ann Baker',
      set_at: AT,
    });
    expect(queries.networkPolicy()).toBe('stop');
    ledger.append({ type: 'network-policy-set', data: { policy: 'warn' } });
    expect(queries.networkPolicy()).toBe('warn');
    ledger.append({ type: 'policy-set', data: { sha256: '1'.repeat(64), rules: { network_gate: 'stop' }, administrator: 'Eva Falk' } });
    expect([queries.policy()?.administrator, queries.networkPolicy()]).toEqual(['Eva Falk', 'stop']);
    expect(await checkLedger(ledger, macKey, null)).toMatchObject({ ok: true });
    ledger.close();
  });
});

describe('what a plan said of an item', () => {
  const planned = {
    plan: '0'.repeat(64),
    place: 'wallets[0].items[0]',
    name: 'seed.txt',
    kind: 'bip39',
    identifier: { type: 'ethereum', path: "m/44'/60'/0'/0/0", value: '0x0' },
    bip39_passphrase: true,
    departures: ['other-size'],
  };

  it('is what its event says, and held against it', async () => {
    const { ledger } = Ledger.create(path, station, { clock, macKey });
    for (const event of LIFE.slice(1))
      ledger.append(event.type === 'item-sealed' ? { type: event.type, data: { ...event.data, planned } } : event);
    expect(new LedgerQueries(ledger).plannedOfItem('i')).toEqual(planned);
    expect(new LedgerQueries(ledger).plannedOfItem('another')).toBe(null);
    expect(await checkLedger(ledger, macKey, null)).toMatchObject({ ok: true });
    ledger.database.exec("UPDATE item_planned SET identifier_value = '0x1'");
    expect((await checkLedger(ledger, macKey, null)).problems).toMatchObject([
      { code: 'state-differs', message: expect.stringContaining('item_planned') as string },
    ]);
    ledger.close();
  });
});

describe('events of a ceremony', () => {
  const text = fc.string({ maxLength: 8 });
  const step = fc.constantFrom('people', 'wallet', 'close');
  const event: fc.Arbitrary<LedgerEvent> = fc.oneof(
    fc
      .record({ step, name: fc.constantFrom('people', 'wallet'), value: fc.jsonValue({ maxDepth: 2 }).filter(isOurJson) })
      .map((data): LedgerEvent => ({ type: 'ceremony-fact', data: { ...about, ...data } as never })),
    fc
      .record({ step, role: fc.constantFrom('administrator' as const, 'witness' as const), initials: text, evidence_sha256: text })
      .map((data): LedgerEvent => ({ type: 'ceremony-signed', data: { ...about, ...data } })),
    fc
      .record({ step, text, initials: fc.option(text) })
      .map((data): LedgerEvent => ({ type: 'ceremony-exception', data: { ...about, ...data } })),
    fc
      .record({ state: fc.constantFrom('closed' as const, 'escalated' as const), reason: fc.option(text) })
      .map((data): LedgerEvent => ({ type: 'ceremony-ended', data: { ...about, ...data } })),
  );

  it('replay to the same state, whatever their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 15 }), async (events) => {
        for (const name of ['', '-wal', '-shm']) rmSync(`${path}${name}`, { force: true });
        const { ledger } = Ledger.create(path, station, { clock, macKey });
        ledger.database.pragma('synchronous = OFF');
        ledger.append(BEGUN);
        for (const one of events) ledger.append(one);
        expect(await checkLedger(ledger, macKey, null)).toMatchObject({ ok: true, events: events.length + 2, problems: [] });
        ledger.close();
      }),
      { numRuns: 40 },
    );
  });

  // These two are of no ceremony: tampering.test.ts has the one, the test below the other.
  it.each(NEW_TABLES.filter((table) => table !== 'backup_line' && table !== 'item_planned'))(
    'are what the table %s is held against',
    async (table) => {
      const { ledger } = Ledger.create(path, station, { clock, macKey });
      ledger.append(BEGUN);
      ledger.append({ type: 'ceremony-fact', data: { ...about, step: 'people', name: 'wallet', value: { a: 1 } } });
      const signed = { ...about, step: 'people', role: 'witness' as const, initials: 'AB', evidence_sha256: '0' };
      ledger.append({ type: 'ceremony-signed', data: signed });
      ledger.append({ type: 'ceremony-exception', data: { ...about, step: 'people', text: 'x', initials: null } });
      const document = { ...KEPT_CARD, document_id: 'card' };
      const partner = { station_id: 's', name: 'vault', role: 'cold' as const, public_key: 'p', succeeds: null };
      ledger.append({ type: 'station-paired', data: { ...partner, document } });
      ledger.append({ type: 'network-policy-set', data: { policy: 'stop' } });
      ledger.append(POLICY_SET);
      const column =
        {
          pairing: 'name',
          network_policy: 'policy',
          policy: 'rules',
          ceremony: 'script',
          ceremony_fact: 'value',
          ceremony_sign_off: 'initials',
          ceremony_exception: 'text',
        }[table] ?? '';
      ledger.database.exec(`UPDATE ${table} SET ${column} = 'forged'`);
      expect((await checkLedger(ledger, macKey, null)).problems).toMatchObject([
        { code: 'state-differs', message: expect.stringContaining(table) as string },
      ]);
      ledger.close();
    },
  );

  it('keep the last fact of a name, the last initials of a person, and every exception', () => {
    const { ledger } = Ledger.create(path, station, { clock, macKey });
    const queries = new LedgerQueries(ledger);
    ledger.append(BEGUN);
    for (const value of [{ n: 1 }, null, { n: 2 }]) {
      ledger.append({ type: 'ceremony-fact', data: { ...about, step: 'wallet', name: 'wallet', value } });
    }
    for (const [index, initials] of ['AB', 'EF', 'AB'].entries()) {
      const data = { ...about, step: 'people', role: 'witness' as const, initials, evidence_sha256: index.toString() };
      ledger.append({ type: 'ceremony-signed', data });
      ledger.append({ type: 'ceremony-exception', data: { ...about, step: 'people', text: initials, initials } });
    }
    expect(queries.ceremonyFacts(CEREMONY)).toMatchObject([{ name: 'wallet', value: '{"n":2}' }]);
    expect(queries.signOffs(CEREMONY)).toMatchObject([
      { role: 'witness', initials: 'EF', evidence_sha256: '1' },
      { role: 'witness', initials: 'AB', evidence_sha256: '2' },
    ]);
    expect(queries.exceptions(CEREMONY).map((one) => one.text)).toEqual(['AB', 'EF', 'AB']);
    ledger.close();
  });

  it.each([
    ['a fact', { type: 'ceremony-fact', data: { ...about, step: 'x', name: 'x', value: 1 } }],
    ['a sign-off', { type: 'ceremony-signed', data: { ...about, step: 'x', role: 'witness', initials: 'AB', evidence_sha256: '0' } }],
    ['an exception', { type: 'ceremony-exception', data: { ...about, step: 'x', text: 'x', initials: null } }],
  ] satisfies [string, LedgerEvent][])('cannot be of a ceremony that was not begun: %s', (_name, orphan) => {
    const { ledger } = Ledger.create(path, station, { clock, macKey });
    expect(() => ledger.append(orphan)).toThrow(/FOREIGN KEY/);
    expect(ledger.head().seq).toBe(1);
    ledger.close();
  });

  it('number each ceremony once', () => {
    const { ledger } = Ledger.create(path, station, { clock, macKey });
    ledger.append(BEGUN);
    const again = { ceremony_id: 'another', number: 1, script: 'rehearsal', environment: 'rehearsal' };
    expect(() => ledger.append({ type: 'ceremony-begun', data: again })).toThrow(/UNIQUE/);
    expect(new LedgerQueries(ledger).ceremonies()).toHaveLength(1);
    ledger.close();
  });
});

/** What a ledger takes: integers, and text that is well formed. */
function isOurJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, one]) => name.isWellFormed() && isOurJson(one));
}
