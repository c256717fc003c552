import { createHash, createHmac, hash, timingSafeEqual, type KeyObject } from 'node:crypto';
import { canonicalJson, type Sha256 } from '../values/index.ts';
import { eventData, type EventRecord, type LedgerEvent } from './events.ts';

/** What the first row has for `prev`. */
export const NO_PREVIOUS = '0'.repeat(64);

/** One stored row: `bytes` is RFC 8785 text of {v, ledger_id, seq, at, type, data, prev}; `mac` is HMAC-SHA-256 over its UTF-8. */
export type ChainRow = { seq: number; bytes: string; mac: Buffer };

/** SHA-256 over a row's bytes and MAC: the next row's `prev`, and the ledger's head after the last. */
export function rowDigest(row: ChainRow): Sha256 {
  return createHash('sha256').update(row.bytes, 'utf8').update(row.mac).digest('hex') as Sha256;
}

export function sealRow(
  position: { ledgerId: string; seq: number; at: string; prev: string },
  event: LedgerEvent,
  macKey: Uint8Array,
): ChainRow {
  // SECURITY(REQ-CHAIN): each row names the bytes and the MAC of the row before; without the key nobody makes either anew.
  const bytes = canonicalJson({
    v: 1,
    ledger_id: position.ledgerId,
    seq: position.seq,
    at: position.at,
    type: event.type,
    data: eventData(event),
    prev: position.prev,
  });
  return { seq: position.seq, bytes, mac: macOf(bytes, macKey) };
}

/** One row as it lies in the file: its text, and the very bytes, so that nothing is mended on the way by reading them as text. */
export type StoredRow = { seq: number; text: string; bytes: Buffer; mac: Buffer };

/** As {@link rowDigest}, of many rows one after the other: one pass over a buffer that is used again. */
export class RowDigester {
  #scratch = Buffer.alloc(64 * 1024);

  digest(row: StoredRow): Sha256 {
    const length = row.bytes.length + row.mac.length;
    if (length > this.#scratch.length) this.#scratch = Buffer.alloc(length * 2);
    row.bytes.copy(this.#scratch);
    row.mac.copy(this.#scratch, row.bytes.length);
    return hash('sha256', this.#scratch.subarray(0, length), 'hex') as Sha256;
  }
}

/** @param macKey as a KeyObject, where many rows are judged: a key's bytes would be taken in anew for each. */
export function isMacValid(row: StoredRow, macKey: KeyObject): boolean {
  return row.mac.length === 32 && timingSafeEqual(row.mac, createHmac('sha256', macKey).update(row.bytes).digest());
}

/** As {@link isMacValid}, of one row as it is read for use. */
export function isMacOf(row: ChainRow, macKey: Uint8Array): boolean {
  return row.mac.length === 32 && timingSafeEqual(row.mac, macOf(row.bytes, macKey));
}

function macOf(bytes: string, macKey: Uint8Array): Buffer {
  return createHmac('sha256', macKey).update(bytes, 'utf8').digest();
}

/** Reads a row written by {@link sealRow}; the chain, not this function, says whether it is to be believed. */
export function parseRow(row: { readonly bytes: string }): EventRecord {
  return JSON.parse(row.bytes) as EventRecord;
}

/** What a checkpoint's Ed25519 signature stands over: RFC 8785 of {ledger_id, seq, head}, as UTF-8. */
export function checkpointBytes(checkpoint: { ledger_id: string; seq: number; head: string }): Buffer {
  return Buffer.from(canonicalJson({ ledger_id: checkpoint.ledger_id, seq: checkpoint.seq, head: checkpoint.head }), 'utf8');
}
