import type { Database } from 'better-sqlite3';
import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { isoTime } from '../values/index.ts';
import { fillBackupLines } from './backup-lines.ts';
import { checkpointBytes } from './chain.ts';
import type { CheckResult, KeptDocument, LedgerEvent, Role } from './events.ts';
import { Ledger, type LedgerTransaction } from './ledger.ts';

export const LARGE_MAC_KEY = Buffer.alloc(32, 7);
const BEGUN_MS = Date.parse('2026-01-01T00:00:00.000Z');
/** Lengths as real documents have them; what stands in them no query reads. */
const TEXT_LENGTHS = { keypack: 5200, sealed: 2100, receipt: 1300, station: 700, carry: 900 } as const;
const ITEMS_PER_KEY = 4;

function uuidOf(number: number, kind: string): string {
  const hex = createHash('sha256').update(`${kind} ${number.toString()}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function digestOf(number: number, kind: string): string {
  return createHash('sha256').update(`${kind} digest ${number.toString()}`).digest('hex');
}

/** JSON in a string, as documents are: every quote of it is escaped once more. */
function textOf(length: number): string {
  return `{"coldroom":"x/1",${'"member":"0123456789abcdef",'.repeat(Math.ceil(length / 28))}"end":0}`.slice(0, length);
}

function documentOf(number: number, kind: keyof typeof TEXT_LENGTHS, subject: string, signer: string): KeptDocument {
  return {
    document_id: uuidOf(number, kind),
    kind,
    direction: 'written',
    signer,
    subject,
    writer_seq: number + 1,
    sha256: digestOf(number, kind),
    signed_sha256: digestOf(number, `${kind} signed`),
    text: textOf(TEXT_LENGTHS[kind]),
  };
}

/** What happens to one item, in its order: sealed, sent, answered, stored; where `isChecked` both checks and its receipt, too. */
function* lifeOf(number: number, signer: string, isChecked: boolean): Generator<LedgerEvent> {
  const keyNumber = Math.floor(number / ITEMS_PER_KEY);
  const keyId = uuidOf(keyNumber, 'key');
  const wallet = `wallet-${keyNumber.toString().padStart(6, '0')}`;
  if (number % ITEMS_PER_KEY === 0) {
    yield {
      type: 'key-pack-written',
      data: {
        assignment_id: null,
        key: {
          key_id: keyId,
          environment: 'production',
          environment_id: digestOf(0, 'environment'),
          account: 'institution',
          user_identifier: wallet,
          key_environment: keyNumber % 3 === 0 ? 'COLD' : 'HOT',
          public_key: '3082'.repeat(275),
          fingerprint: digestOf(keyNumber, 'key'),
        },
        document: documentOf(keyNumber, 'keypack', keyId, signer),
      },
    };
  }
  const itemId = uuidOf(number, 'item');
  yield {
    type: 'item-sealed',
    data: {
      state: 'sealed',
      item: {
        item_id: itemId,
        environment: 'production',
        environment_id: digestOf(0, 'environment'),
        key_id: keyId,
        mode: 'direct',
        size_bytes: 100 + (number % 300),
        ciphertext_sha256: digestOf(number, 'ciphertext'),
        checksum: digestOf(number, 'checksum'),
        name: `share-${number.toString()}.txt`,
      },
      document: documentOf(number, 'sealed', itemId, signer),
    },
  };
  if (number % 50 === 49) return; // never sent
  yield { type: 'store-begun', data: { item_id: itemId, resend_accepted: false } };
  const backupId = uuidOf(number, 'backup');
  const body = Buffer.from(`{"status":"success","data":{"backup_id":"${backupId}"}}`).toString('base64');
  yield { type: 'store-answered', data: { item_id: itemId, status: 200, body_base64: body, outcome: 'answer' } };
  if (number % 50 === 24) {
    yield { type: 'store-ended', data: { item_id: itemId, state: 'unknown', reason: 'outcome-unknown' } };
    return;
  }
  yield {
    type: 'item-stored',
    data: {
      item_id: itemId,
      backup_id: backupId,
      backup_type: 'data',
      data_size: 512,
      returned_checksum: digestOf(number, 'checksum'),
      stored_at: isoTime(BEGUN_MS + number * 1000),
      basis: 'answer',
    },
  };
  if (!isChecked) return;
  const verified = (kind: 'key' | 'backup', id: string, check: CheckResult): LedgerEvent => ({
    type: 'verified',
    data: { kind, id, check, message: null, status: 200, checked_at: null },
  });
  yield verified('key', keyId, 'valid');
  yield verified('backup', backupId, number % 100 === 7 ? 'invalid' : 'valid');
  yield { type: 'receipt-written', data: { item_id: itemId, document: documentOf(number, 'receipt', itemId, signer) } };
}

/** `checkedOneIn`: one item in so many is checked and has a receipt, which makes fewer events to a backup; 1 where it is not given. */
export type LargeSize = { readonly events: number; readonly checkedOneIn?: number };

/** Who a large ledger is of: one made up for it, or a station that is there. */
export type LargeStation = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly privateKey: KeyObject;
  readonly macKey: Uint8Array;
};

const AT_ONCE = 20_000;

/**
 * A ledger as years of ceremonies would leave it, in few transactions: 100,000 events in a few seconds.
 * @returns the station's public key in base64, and how many items it has.
 */
export function makeLargeLedger(path: string, size: LargeSize, station: LargeStation = madeUp()): { publicKey: string; items: number } {
  const { id: signer, name, role, privateKey, macKey } = station;
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  let nowMs = BEGUN_MS;
  const { ledger } = Ledger.create(
    path,
    { type: 'station-made', data: { station_id: signer, name, role, keychain: 'file', public_key: publicKey } },
    { clock: { now: () => nowMs }, macKey },
  );
  let events = 1;
  let items = 0;
  const enough = (): boolean => events >= size.events;
  const appendSome = (transaction: LedgerTransaction): void => {
    const end = events + AT_ONCE;
    const append = (event: LedgerEvent): void => {
      nowMs += 1000;
      transaction.append(event);
      events += 1;
    };
    while (!enough() && events < end) {
      for (const event of lifeOf(items, signer, items % (size.checkedOneIn ?? 1) === 0)) {
        append(event);
        if (enough()) break;
      }
      items += 1;
      if (items % 100 === 0 && !enough()) {
        const { ledgerId, seq, head } = transaction.head();
        const signature = sign(null, checkpointBytes({ ledger_id: ledgerId, seq, head }), privateKey).toString('base64');
        append({ type: 'checkpoint', data: { seq, head, signature } });
      }
    }
  };
  while (!enough()) ledger.transaction(appendSome);
  ledger.close();
  return { publicKey, items };
}

function madeUp(): LargeStation {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { id: 'a'.repeat(64), name: 'vault', role: 'single', privateKey, macKey: LARGE_MAC_KEY };
}

/**
 * Fills the state tables of a new ledger with that many stored and verified items, without their events: what queries read, in
 * seconds. Such a ledger does not check.
 */
export function fillStateTables(database: Database, items: number): void {
  const numbers = `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${items.toString()})`;
  const id = (kind: string): string => `printf('%08x-0000-4000-8000-${kind}%011d', n * 2654435761 % 4294967296, n)`;
  const at = "strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + n * 60, 'unixepoch')";
  database.pragma('foreign_keys = OFF');
  database.exec(`BEGIN;
    ${numbers} INSERT INTO assigned_key SELECT ${id('a')}, 'production', '', 'institution', printf('wallet-%06d', n / 4),
      iif(n % 3 = 0, 'COLD', 'HOT'), '', '', '' FROM n;
    ${numbers} INSERT INTO item SELECT ${id('b')}, 'production', '', ${id('a')}, 'direct', 100, '', NULL, printf('share-%d.txt', n), '',
      iif(n % 50 = 0, 'unknown', 'stored'), NULL, NULL, NULL, NULL, ${at}, NULL FROM n;
    ${numbers} INSERT INTO backup SELECT ${id('c')}, ${id('b')}, 'data', 512, NULL, ${at}, 'answer' FROM n WHERE n % 50 <> 0;
    ${numbers} INSERT INTO verification SELECT n + 1, 'backup', ${id('c')}, iif(n % 100 = 7, 'invalid', 'valid'), NULL, 200, ${at}
      FROM n WHERE n % 50 <> 0;
    ${fillBackupLines()};
    COMMIT`);
}
