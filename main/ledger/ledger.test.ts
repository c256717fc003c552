import { generateKeyPairSync, sign } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLedger, type LedgerReport } from './check.ts';
import { checkpointBytes } from './chain.ts';
import type { LedgerEvent } from './events.ts';
import { Ledger } from './ledger.ts';
import { LedgerQueries } from './queries.ts';

const clock = { now: () => Date.parse('2026-11-24T10:00:00.000Z') };
const macKey = Buffer.alloc(32, 7);
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const rawPublicKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');

const stationMade: LedgerEvent & { type: 'station-made' } = {
  type: 'station-made',
  data: { station_id: 'a'.repeat(64), name: 'vault', role: 'single', keychain: 'file', public_key: rawPublicKey },
};
const account = (id: string): LedgerEvent => ({ type: 'account-confirmed', data: { environment: 'rehearsal', account_id: id } });

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(folder, 'ledger.sqlite');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function make(...events: LedgerEvent[]): void {
  const { ledger } = Ledger.create(path, stationMade, { clock, macKey });
  for (const event of events) ledger.append(event);
  ledger.close();
}

async function check(key: Buffer | null = macKey, remembered: Parameters<typeof checkLedger>[2] = null): Promise<LedgerReport> {
  const ledger = Ledger.open(path, { clock, macKey: null });
  try {
    return await checkLedger(ledger, key, remembered);
  } finally {
    ledger.close();
  }
}

/** Changes the file behind the ledger's back, as somebody with the file and without the key would. */
function tamper(...statements: string[]): void {
  const database = new SqliteDatabase(path);
  database.exec('DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; PRAGMA foreign_keys = OFF');
  for (const statement of statements) database.exec(statement);
  database.close();
}

describe('a new ledger', () => {
  it('is private, holds its station, and checks', async () => {
    make();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await check()).toMatchObject({ ok: true, events: 1, macs: 'valid' });
  });

  it('is never made over another', () => {
    make();
    expect(() => Ledger.create(path, stationMade, { clock, macKey })).toThrow(expect.objectContaining({ code: 'ledger-exists' }));
  });

  it('counts on from a higher number after a lost one', async () => {
    const { ledger } = Ledger.create(path, stationMade, { clock, macKey }, 219);
    ledger.append(account('k1'));
    expect(ledger.head().seq).toBe(220);
    ledger.close();
    expect(await check()).toMatchObject({ ok: true, events: 2 });
  });
});

describe('what a killed process left beside a ledger that is gone', () => {
  it.each(['-wal', '-journal'])('is not read into a new one: %s', (end) => {
    make(account('k1'));
    const ledger = Ledger.open(path, { clock, macKey });
    ledger.append(account('k2'));
    copyFileSync(end === '-wal' ? `${path}-wal` : path, join(folder, 'left'));
    ledger.close();
    rmSync(path);
    copyFileSync(join(folder, 'left'), `${path}${end}`);
    expect(() => {
      make();
    }).toThrow(expect.objectContaining({ code: 'ledger-exists' }));
    expect(existsSync(path)).toBe(false);
    rmSync(`${path}${end}`);
    writeFileSync(`${path}${end}`, ''); // as whoever reads may leave it: nothing is in it
    expect(() => {
      make();
    }).not.toThrow();
  });
});

describe('events', () => {
  it('cannot be changed or deleted through SQL', () => {
    make(account('k1'));
    const database = new SqliteDatabase(path);
    expect(() => database.exec("UPDATE event SET bytes = 'x'")).toThrow(/append-only/);
    expect(() => database.exec('DELETE FROM event')).toThrow(/append-only/);
    database.pragma('recursive_triggers = ON'); // as every connection of ours has it
    expect(() => database.exec("INSERT OR REPLACE INTO event VALUES (2, 'x', x'00')")).toThrow(/append-only/);
    database.close();
  });

  it('and their effect are committed together or not at all', () => {
    make();
    const ledger = Ledger.open(path, { clock, macKey });
    expect(() =>
      ledger.transaction((transaction) => {
        transaction.append(account('k1'));
        throw new Error('the power went');
      }),
    ).toThrow('the power went');
    expect(new LedgerQueries(ledger).accounts()).toEqual([]);
    expect(ledger.head().seq).toBe(1);
    ledger.close();
  });

  it('queue up when two hold the ledger', async () => {
    make();
    const one = Ledger.open(path, { clock, macKey });
    const two = Ledger.open(path, { clock, macKey });
    one.append(account('k1'));
    two.append(account('k2'));
    one.append(account('k3'));
    one.close();
    two.close();
    expect(await check()).toMatchObject({ ok: true, events: 4 });
  });

  it('are refused by a ledger opened for reading', () => {
    make();
    const ledger = Ledger.open(path, { clock, macKey: null });
    expect(() => ledger.append(account('k1'))).toThrow(expect.objectContaining({ code: 'keychain-needed' }));
    ledger.close();
  });
});

describe('ledger check', () => {
  const four = ['k1', 'k2', 'k3', 'k4'].map(account);

  it.each([
    ['a byte of a row changed', "UPDATE event SET bytes = replace(bytes, 'k2', 'k9') WHERE seq = 3", 3, 'event-mac'],
    ['a MAC changed', "UPDATE event SET mac = x'00' WHERE seq = 3", 3, 'event-mac'],
    ['a row dropped', 'DELETE FROM event WHERE seq = 3', 4, 'event-missing'],
    ['the first row dropped', 'DELETE FROM event WHERE seq = 1', 2, 'event-chain'],
    [
      'two rows swapped',
      'UPDATE event SET seq = 99 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 99',
      2,
      'event-missing',
    ],
    ['a row that is no event', "UPDATE event SET bytes = 'x' WHERE seq = 4", 4, 'event-unreadable'],
  ])('names the row: %s', async (_name, statement, seq, code) => {
    make(...four);
    tamper(statement);
    expect((await check()).problems[0]).toMatchObject({ seq, code });
  });

  it('finds a changed row by the chain alone, when the keychain is lost', async () => {
    make(...four);
    tamper("UPDATE event SET bytes = replace(bytes, 'k2', 'k9') WHERE seq = 3");
    expect(await check(null)).toMatchObject({ ok: false, macs: 'not-checkable', problems: [{ seq: 4, code: 'event-chain' }] });
  });

  it('finds state that the events do not say', async () => {
    make(...four);
    tamper("UPDATE account SET account_id = 'mallory' WHERE account_id = 'k1'");
    expect((await check()).problems).toMatchObject([
      { seq: null, code: 'state-differs', message: 'the table account is not what the events say: "rehearsal"' },
      { seq: null, code: 'schema-differs', message: expect.stringMatching(/: "event_no_delete"$/) as string },
    ]);
  });

  it('finds a chain made again with another key', async () => {
    make(...four);
    expect((await check(Buffer.alloc(32, 8))).problems[0]).toMatchObject({ seq: 1, code: 'event-mac' });
  });

  it('finds a file that was rolled back behind the remembered checkpoint', async () => {
    make(account('k1'));
    copyFileSync(path, `${path}.old`);
    const ledger = Ledger.open(path, { clock, macKey });
    ledger.append(account('k2'));
    const { ledgerId, seq, head } = ledger.head();
    const remembered = { ledger_id: ledgerId, seq, head };
    ledger.close();
    expect((await check(macKey, remembered)).ok).toBe(true);
    rmSync(`${path}-wal`, { force: true });
    copyFileSync(`${path}.old`, path);
    expect((await check(macKey, remembered)).problems[0]).toMatchObject({ code: 'ledger-rolled-back' });
    const again = Ledger.open(path, { clock, macKey });
    again.append(account('k7'));
    again.close();
    expect((await check(macKey, remembered)).problems[0]).toMatchObject({ seq: 3, code: 'ledger-forked' });
  });

  it('is that of the station that is asked about, and no other’s', async () => {
    make(...four);
    const ledger = Ledger.open(path, { clock, macKey: null });
    expect((await checkLedger(ledger, null, null, rawPublicKey)).ok).toBe(true);
    expect((await checkLedger(ledger, null, null, Buffer.alloc(32).toString('base64'))).problems[0]).toMatchObject({
      seq: 1,
      code: 'event-foreign',
    });
    ledger.close();
  });

  it('keeps a revocation when the hosts of its environment change', () => {
    const hosts = {
      name: 'rehearsal',
      api: 'a',
      jwks: 'j',
      proxy: null,
      ca_pem: null,
      drill_days: 30,
      limit_bytes: 1,
      environment_id: 'e',
    };
    make(
      { type: 'anchor-confirmed', data: { environment: 'rehearsal', fingerprint: 'a', jwk: '{}' } },
      { type: 'anchor-confirmed', data: { environment: 'rehearsal', fingerprint: 'b', jwk: '{}' } },
      { type: 'anchor-revoked', data: { environment: 'rehearsal', fingerprint: 'b' } },
      { type: 'environment-set', data: { ...hosts, unpins: true } },
    );
    const ledger = Ledger.open(path, { clock, macKey: null });
    expect(new LedgerQueries(ledger).anchors()).toMatchObject([{ fingerprint: 'b', state: 'revoked' }]);
    ledger.close();
  });

  it('verifies the station’s signature in checkpoints', async () => {
    make();
    const ledger = Ledger.open(path, { clock, macKey });
    const { ledgerId, seq, head } = ledger.head();
    const good = sign(null, checkpointBytes({ ledger_id: ledgerId, seq, head }), privateKey).toString('base64');
    ledger.append({ type: 'checkpoint', data: { seq, head, signature: good } });
    ledger.close();
    expect(await check()).toMatchObject({ ok: true, events: 2 });
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const again = Ledger.open(path, { clock, macKey });
    const at = again.head();
    const bad = sign(null, checkpointBytes({ ledger_id: at.ledgerId, seq: at.seq, head: at.head }), stranger).toString('base64');
    again.append({ type: 'checkpoint', data: { seq: at.seq, head: at.head, signature: bad } });
    again.close();
    expect((await check()).problems[0]).toMatchObject({ seq: 3, code: 'checkpoint-invalid' });
  });

  it('holds for any sequence of trust events', async () => {
    const event = fc.oneof(
      fc.string({ minLength: 1, maxLength: 5 }).map(account),
      fc
        .tuple(fc.constantFrom('sandbox', 'rehearsal'), fc.constantFrom('a', 'b'))
        .map(([environment, fingerprint]): LedgerEvent => ({ type: 'anchor-confirmed', data: { environment, fingerprint, jwk: '{}' } })),
      fc
        .tuple(fc.constantFrom('anchor-retired' as const, 'anchor-revoked' as const), fc.constantFrom('a', 'b'))
        .map(([type, fingerprint]): LedgerEvent => ({ type, data: { environment: 'rehearsal', fingerprint } })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
        rmSync(path, { force: true });
        rmSync(`${path}-wal`, { force: true });
        make(...events);
        expect(await check()).toMatchObject({ ok: true, events: events.length + 1 });
      }),
      { numRuns: 25 },
    );
  });
});

describe('a copy', () => {
  it('is a whole ledger', () => {
    make(account('k1'));
    const ledger = Ledger.open(path, { clock, macKey: null });
    const copy = join(folder, 'copy.sqlite');
    ledger.copyTo(copy);
    expect(Ledger.open(copy, { clock, macKey: null }).head()).toEqual(ledger.head());
    ledger.close();
  });

  it('that cannot be written is told as that, and not as a ledger that is missing', () => {
    make();
    const ledger = Ledger.open(path, { clock, macKey: null });
    for (const place of [join(folder, 'absent', 'copy'), join(folder, 'x'.repeat(300))]) {
      expect(() => {
        ledger.copyTo(place);
      }).toThrow(
        expect.objectContaining({
          code: 'output-unwritable',
          message: expect.stringMatching(/^the copy of the ledger cannot be written there \(SQLITE_CANTOPEN/) as string,
        }) as Error,
      );
    }
    ledger.close();
  });
});
