import { createSecretKey, verify, type KeyObject } from 'node:crypto';
import { ed25519PublicKey } from '../values/index.ts';
import { checkpointBytes, isMacValid, NO_PREVIOUS, parseRow, RowDigester, type StoredRow } from './chain.ts';
import type { EventRecord } from './events.ts';

/** The last checkpoint that the keychain remembers: a ledger that does not reach it has been rolled back. */
export type RememberedCheckpoint = { ledger_id: string; seq: number; head: string };

export type LedgerProblem = { seq: number | null; code: string; message: string };

type Problem = Omit<LedgerProblem, 'seq'>;

export const NOT_AN_EVENT: Problem = { code: 'event-unreadable', message: 'the row is not an event' };
export const DAMAGED_ROW: Problem = { code: 'event-unreadable', message: 'the file is damaged where this row should be' };
export const DAMAGED_STATE: Problem = { code: 'state-differs', message: 'the file is damaged where its state tables should be' };
export const NOT_THERE: Problem = { code: 'event-missing', message: 'a row is missing or out of place before this one' };
export const NOT_NEXT: Problem = { code: 'event-chain', message: 'the row does not follow from the one before' };
export const NOT_OURS: Problem = { code: 'event-mac', message: 'the row was not written with this station’s key' };

/** Goes through the chain row by row, and says of the first one that does not fit what is wrong with it. */
export class ChainWalk {
  count = 0;
  /** The digest that the next row has to name as `prev`. */
  previous: string = NO_PREVIOUS;
  #seq: number | null = null;
  #publicKey: KeyObject | null = null;
  #reachedRemembered: boolean;
  readonly #digester = new RowDigester();
  readonly #ledgerId: string;
  readonly #macKey: KeyObject | null;
  readonly #remembered: RememberedCheckpoint | null;
  readonly #stationKey: string | null;

  /**
   * @param macKey null when the keychain is lost.
   * @param stationKey the station's public key from outside the ledger, in base64; null where only the ledger's own is known.
   */
  constructor(ledgerId: string, macKey: Uint8Array | null, remembered: RememberedCheckpoint | null, stationKey: string | null) {
    this.#stationKey = stationKey;
    this.#ledgerId = ledgerId;
    this.#macKey = macKey === null ? null : createSecretKey(macKey);
    this.#remembered = remembered;
    this.#reachedRemembered = remembered === null;
  }

  /** Where the next row belongs: the place to name where none can be read there. */
  get nextSeq(): number {
    return (this.#seq ?? 0) + 1;
  }

  /** @returns the row's event, or what is wrong with it; nothing after a problem is judged. */
  step(row: StoredRow): EventRecord | LedgerProblem {
    const event = readEvent(row.text);
    if (event === null) return { seq: row.seq, ...NOT_AN_EVENT };
    const problem = this.#judge(row, event);
    if (problem !== null) return { seq: row.seq, ...problem };
    this.previous = this.#digester.digest(row);
    this.#seq = row.seq;
    this.count += 1;
    if (this.#remembered?.seq === row.seq) {
      if (this.#remembered.head !== this.previous) {
        return { seq: row.seq, code: 'ledger-forked', message: 'the keychain remembers another event at this place' };
      }
      this.#reachedRemembered = true;
    }
    return event;
  }

  end(): LedgerProblem | null {
    if (this.#seq === null) return { seq: null, code: 'ledger-empty', message: 'the ledger holds no event' };
    if (this.#reachedRemembered) return null;
    return {
      seq: this.#seq,
      code: 'ledger-rolled-back',
      message: `the ledger ends before event ${(this.#remembered?.seq ?? 0).toString()}, which the keychain remembers`,
    };
  }

  #judge(row: StoredRow, event: EventRecord): Problem | null {
    if (event.seq !== row.seq || (this.#seq !== null && row.seq !== this.#seq + 1)) return NOT_THERE;
    if (event.ledger_id !== this.#ledgerId) return { code: 'event-foreign', message: 'the row belongs to another ledger' };
    if (event.prev !== this.previous) return NOT_NEXT;
    if (this.#macKey !== null && !isMacValid(row, this.#macKey)) {
      return NOT_OURS;
    }
    if (this.#seq === null) {
      if (event.type !== 'station-made') return { code: 'event-missing', message: 'the ledger does not start with its station' };
      if (this.#stationKey !== null && this.#stationKey !== event.data.public_key) {
        return { code: 'event-foreign', message: 'the ledger was made by another station' };
      }
      this.#publicKey = publicKeyOf(event.data.public_key);
    }
    return event.type === 'checkpoint' ? this.#judgeCheckpoint(event) : null;
  }

  #judgeCheckpoint(event: EventRecord & { type: 'checkpoint' }): Problem | null {
    const { seq, head, signature } = event.data;
    const stands = seq === this.#seq && head === this.previous;
    if (stands && isSignedBy(this.#publicKey, { ledger_id: this.#ledgerId, seq, head }, signature)) return null;
    return { code: 'checkpoint-invalid', message: 'the station’s signature over the ledger does not hold here' };
  }
}

function publicKeyOf(base64: unknown): KeyObject | null {
  const raw = Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64');
  return raw.length === 32 ? ed25519PublicKey(raw) : null;
}

function isSignedBy(key: KeyObject | null, checkpoint: { ledger_id: string; seq: number; head: string }, signature: unknown): boolean {
  if (key === null || typeof signature !== 'string') return false;
  return verify(null, checkpointBytes(checkpoint), key, Buffer.from(signature, 'base64'));
}

/** @param text a row's bytes. @returns null where they are no event in form; whether it is to be believed the chain says. */
export function readEvent(text: string): EventRecord | null {
  let event: unknown;
  try {
    event = parseRow({ bytes: text });
  } catch {
    return null; // the answer is the problem that the caller reports, with the row's number
  }
  if (typeof event !== 'object' || event === null || !('data' in event)) return null;
  return typeof event.data === 'object' && event.data !== null ? (event as EventRecord) : null;
}
