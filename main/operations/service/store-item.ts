import type { z } from 'zod';
import { judgeStoreOutcome, storeProblem, type CoinCoverClient, type StoreOutcome } from '../../coincover/index.ts';
import type { AssignedKeyRow, BackupRow, CheckResult, EnvironmentRow, ItemRow } from '../../ledger/index.ts';
import {
  readDocument,
  writeDocument,
  type ReadDocument,
  type Receipt,
  type SealedItem,
  type WrittenDocument,
} from '../../transfer/index.ts';
import {
  checkError,
  inputError,
  isoTime,
  unreachableError,
  type ColdroomError,
  type HexPublicKey,
  type Sha256,
} from '../../values/index.ts';
import { rawAnswer } from './assignment.ts';
import { clientFor } from './client.ts';
import type { OperationContext } from '../context.ts';
import type { resolution } from '../fields.ts';
import { accountKind } from '../fields.ts';
import { keptDocument } from '../documents/documents.ts';
import { keepAnswer } from './keep-answer.ts';
import { judgeKeptKey } from '../documents/key-pack.ts';
import type { Station } from '../station/station.ts';
import { requireToken } from './token.ts';
import { checkProblem, verifyBackup, verifyKey } from './verify-check.ts';

/** A person's word on an item whose outcome is unknown. */
export type Resolution = z.output<typeof resolution>;

export type StoreResult = {
  state: 'stored' | 'refused' | 'not-sent' | 'unknown';
  receipt: { document: Receipt; text: string } | null;
  problems: readonly ColdroomError[];
};

/** The receipt that the ledger keeps of an item, or null. */
export function readReceipt(station: Station, itemId: string): { document: Receipt; text: string } | null {
  const id = station.queries.item(itemId)?.receipt_id ?? null;
  const text = id === null ? null : station.queries.documentText(id);
  if (text === null) return null;
  const { document } = readDocument(Buffer.from(text, 'utf8'), 'the receipt in the ledger');
  return document.coldroom === 'receipt/1' ? { document, text } : null;
}

/**
 * One item on its way to CoinCover. The caller holds the item's lock, so an item still `sending` was left so by a process
 * that died, and what became of its request is unknown.
 */
export class StoreItem {
  readonly #context: OperationContext;
  readonly #station: Station;
  readonly #sealed: ReadDocument<SealedItem>;
  readonly #itemId: string;

  constructor(context: OperationContext, station: Station, sealed: ReadDocument<SealedItem>) {
    this.#context = context;
    this.#station = station;
    this.#sealed = sealed;
    this.#itemId = sealed.document.body.item_id;
  }

  async run(resolution: Resolution | null): Promise<StoreResult> {
    this.#settleDead();
    switch (this.#item().state) {
      case 'stored':
        return this.#finish();
      case 'unknown':
        return this.#settle(resolution);
      case 'sealed':
      case 'refused':
      case 'not-sent':
      case 'sending':
        if (resolution?.how === 'backup-id') {
          throw inputError('nothing-to-resolve', 'this item’s outcome is not unknown: it was never accepted by CoinCover', {
            hint: 'leave --resolve-unknown out',
          });
        }
        return this.#send(false);
    }
  }

  #item(): ItemRow {
    const item = this.#station.queries.item(this.#itemId);
    if (item === null) throw inputError('ledger-damaged', 'the item is not in the ledger', { hint: 'run `coldroom ledger check`' });
    return item;
  }

  #key(): AssignedKeyRow {
    const key = this.#station.queries.assignedKey(this.#item().key_id);
    if (key === null) throw inputError('ledger-damaged', 'the item’s key is not in the ledger', { hint: 'run `coldroom ledger check`' });
    return key;
  }

  /** The hosts may have changed while this process waited for the item's lock; another host gets neither item nor API key. */
  #environment(): EnvironmentRow {
    const item = this.#item();
    const environment = this.#station.queries.requireEnvironment(item.environment);
    if (environment.environment_id === item.environment_id) return environment;
    throw checkError('document-environment', 'the item belongs to other hosts than this station’s environment has now', {
      hint: 'stop; compare `coldroom environment list` with what the item was sealed for',
    });
  }

  async #client(): Promise<CoinCoverClient> {
    const environment = this.#environment();
    const token = await requireToken(this.#station, environment);
    return clientFor(this.#context, environment, accountKind.parse(this.#key().account), token);
  }

  /**
   * What a process that died left behind. A whole answer that says "stored" was kept and is believed; in every other case
   * nobody knows, and that is what it becomes.
   */
  #settleDead(): void {
    const item = this.#item();
    if (item.state !== 'sending') return;
    // Only a whole answer is judged: of one that was cut short not even whole-looking JSON is to be believed.
    const outcome =
      item.answer_outcome === 'answer' && item.answer_status !== null
        ? this.#judgeKept(item.answer_status, item.answer_base64 ?? '')
        : null;
    if (outcome?.state !== 'stored') this.#end('unknown', 'process-died');
    else if (!this.#keepStored(outcome)) this.#end('unknown', 'backup-id-known');
  }

  #judgeKept(status: number, bodyBase64: string): StoreOutcome {
    return judgeStoreOutcome({ kind: 'answer', status, headers: {}, body: Buffer.from(bodyBase64, 'base64') }, this.#backupType());
  }

  #backupType(): 'data' | 'file' {
    return this.#sealed.document.body.mode.startsWith('envelope') ? 'file' : 'data';
  }

  async #settle(resolution: Resolution | null): Promise<StoreResult> {
    // SECURITY(REQ-NEVER-TWICE): without a person's word nothing leaves here.
    if (resolution === null) {
      const problem = unreachableError(
        'outcome-unknown',
        'CoinCover may or may not hold this item: an earlier attempt ended without a trustworthy answer',
        {
          hint: 'ask CoinCover; then run again with --resolve-unknown backup-id=ID, or --resolve-unknown resend to accept that it may hold two',
        },
      );
      return { state: 'unknown', receipt: null, problems: [problem] };
    }
    return resolution.how === 'resend' ? this.#send(true) : this.#claim(resolution.backup_id);
  }

  async #send(resendAccepted: boolean): Promise<StoreResult> {
    judgeKeptKey(this.#context, this.#station, this.#key());
    const client = await this.#client();
    const { body } = this.#sealed.document;
    const ciphertext = Buffer.from(body.ciphertext, 'base64');
    const metadata = body.send_name ? { original_filename: body.name } : null;
    const common = {
      publicKey: body.public_key as HexPublicKey,
      ciphertext,
      metadata,
      onProgress: (done: number, total: number) => {
        this.#context.onProgress({ step: 'send', subject: body.name, done, total });
      },
    };
    // SECURITY(REQ-INTENT): in the ledger, and flushed, before a byte leaves.
    this.#station.ledger.append({ type: 'store-begun', data: { item_id: this.#itemId, resend_accepted: resendAccepted } });
    const raw =
      body.checksum === null ? await client.storeFile(common) : await client.storeData({ ...common, checksum: body.checksum as Sha256 });
    const outcome = judgeStoreOutcome(raw, this.#backupType());
    keepAnswer(
      this.#station.ledger,
      { type: 'store-answered', data: { item_id: this.#itemId, ...rawAnswer(raw) } },
      raw,
      outcome.state === 'stored' ? `backup_id ${outcome.backupId}` : null,
    );
    if (outcome.state === 'stored') {
      if (this.#keepStored(outcome)) return this.#finish();
      // Two items with one backup id: at most one of them is what CoinCover holds under it.
      this.#end('unknown', 'backup-id-known');
      return { state: 'unknown', receipt: null, problems: [backupIdKnown()] };
    }
    const problem = storeProblem(outcome);
    if (resendAccepted) {
      this.#end('unknown', problem.code);
      return { state: 'unknown', receipt: null, problems: [stillUnknown(outcome.state, problem)] };
    }
    this.#end(outcome.state, problem.code);
    return { state: outcome.state, receipt: null, problems: [problem] };
  }

  #end(state: 'refused' | 'not-sent' | 'unknown', reason: string): void {
    this.#station.ledger.append({ type: 'store-ended', data: { item_id: this.#itemId, state, reason } });
  }

  /** @returns false, and keeps nothing, where the backup_id is another item's in this ledger. */
  #keepStored(outcome: StoreOutcome & { state: 'stored' }): boolean {
    if (this.#station.queries.backup(outcome.backupId) !== null) return false;
    this.#station.ledger.append({
      type: 'item-stored',
      data: {
        item_id: this.#itemId,
        backup_id: outcome.backupId,
        backup_type: this.#backupType(),
        data_size: outcome.dataSize,
        returned_checksum: outcome.checksum,
        stored_at: isoTime(this.#context.clock.now()),
        basis: 'answer',
      },
    });
    return true;
  }

  /** CoinCover told a person the backup_id: one GET has to confirm that it holds such a backup. */
  async #claim(backupId: string): Promise<StoreResult> {
    if (this.#station.queries.backup(backupId) !== null) throw backupIdKnown();
    const check = await verifyBackup(this.#station, await this.#client(), this.#key(), backupId);
    if (check !== 'valid') {
      const problem = claimProblem(check);
      // The event of the check, right before, holds the backup_id that was claimed and CoinCover's own words.
      this.#station.recordRefusal('store.claim', problem, this.#itemId);
      return { state: 'unknown', receipt: null, problems: [problem] };
    }
    this.#station.ledger.append({
      type: 'item-stored',
      data: {
        item_id: this.#itemId,
        backup_id: backupId,
        backup_type: this.#backupType(),
        data_size: null,
        returned_checksum: null,
        stored_at: isoTime(this.#context.clock.now()),
        basis: 'claim',
      },
    });
    return this.#finish();
  }

  /** From `stored` to a receipt: verify key and backup, compare the checksum. With a receipt already there, nothing is sent. */
  async #finish(): Promise<StoreResult> {
    const kept = readReceipt(this.#station, this.#itemId);
    const backup = this.#backup();
    if (kept !== null) return { state: 'stored', receipt: kept, problems: this.#problems(backup, kept.document.body) };
    const client = await this.#client();
    const keyCheck = await verifyKey(this.#station, client, this.#key());
    const backupCheck = await verifyBackup(this.#station, client, this.#key(), backup.backup_id);
    const receipt = this.#writeReceipt(backup, keyCheck, backupCheck);
    return { state: 'stored', receipt, problems: this.#problems(backup, receipt.document.body) };
  }

  #backup(): BackupRow {
    const backup = this.#station.queries.backupOfItem(this.#itemId);
    if (backup === null)
      throw inputError('ledger-damaged', 'the item is stored, but its backup is not in the ledger', {
        hint: 'run `coldroom ledger check`',
      });
    return backup;
  }

  #problems(backup: BackupRow, body: { key_check: CheckResult; backup_check: CheckResult }): ColdroomError[] {
    const sent = this.#sealed.document.body.checksum;
    const returned = backup.returned_checksum;
    // A claimed backup came without an answer, so nothing was returned to compare; an answer without a checksum is a wrong one.
    const differs = sent !== null && (returned === null ? backup.basis === 'answer' : returned !== sent);
    return [
      differs
        ? checkError('checksum-differs', 'the checksum that CoinCover returned is not that of what was sealed', {
            hint: 'stop and escalate to CoinCover: do not rely on this backup, and do not destroy the secret',
          })
        : null,
      checkProblem('key', this.#item().key_id, body.key_check),
      checkProblem('backup', backup.backup_id, body.backup_check),
    ].filter((problem) => problem !== null);
  }

  #writeReceipt(backup: BackupRow, keyCheck: CheckResult, backupCheck: CheckResult): WrittenDocument<Receipt> {
    const item = this.#item();
    return this.#station.ledger.transaction((transaction) => {
      const written = writeDocument<'receipt/1'>(
        {
          coldroom: 'receipt/1',
          to: [...new Set([this.#station.id, this.#sealed.document.station.id])],
          ceremony: this.#sealed.document.ceremony,
          answers: this.#sealed.signedSha256,
          environment_id: item.environment_id,
          body: {
            item_id: item.item_id,
            environment: this.#sealed.document.body.environment,
            backup_id: backup.backup_id,
            backup_type: this.#backupType(),
            key_id: item.key_id,
            sealed_ciphertext_sha256: item.ciphertext_sha256,
            checksum: backup.returned_checksum,
            data_size: backup.data_size,
            stored_at: backup.stored_at,
            key_check: keyCheck,
            backup_check: backupCheck,
          },
        },
        this.#station.signer,
        transaction.head(),
        this.#context.clock.now(),
      );
      transaction.append({ type: 'receipt-written', data: { item_id: item.item_id, document: keptDocument(written, 'written') } });
      return written;
    });
  }
}

/** A claim that the GET did not confirm: the item stays unknown, whatever the reason. design.md, "Storing". */
function claimProblem(check: Exclude<CheckResult, 'valid'>): ColdroomError {
  switch (check) {
    case 'invalid':
      return checkError('claim-refused', 'CoinCover does not hold a valid backup with that id', {
        hint: 'ask CoinCover again; the item stays unknown',
      });
    case 'not-checkable':
      return unreachableError(
        'claim-not-checkable',
        'CoinCover holds COLD material offline and cannot check that backup_id, so it neither confirmed nor refuted it',
        {
          hint: 'asking again settles nothing: have CoinCover confirm the backup in writing and keep that with the ceremony’s papers; the item stays unknown, and the ledger holds the claim',
        },
      );
    case 'unknown':
      return unreachableError('claim-not-confirmed', 'CoinCover did not confirm that it holds a backup with that id', {
        hint: 'try again later; the item stays unknown',
      });
  }
}

/** After an unknown outcome, a second attempt that was not stored settles nothing about the first, and may be in doubt itself. */
function stillUnknown(second: 'refused' | 'not-sent' | 'unknown', problem: ColdroomError): ColdroomError {
  const came = second === 'unknown' ? 'ended unknown as well, so CoinCover may hold two' : 'came to nothing';
  return unreachableError(
    'outcome-unknown',
    `it is still not known whether CoinCover holds this item; sending it again ${came}: ${problem.message}`,
    {
      hint:
        second === 'unknown'
          ? 'ask CoinCover about every attempt, then settle it with `coldroom store … --resolve-unknown`'
          : (problem.hint ?? 'ask CoinCover about the first attempt'),
      cause: problem,
    },
  );
}

function backupIdKnown(): ColdroomError {
  return checkError('backup-id-known', 'that backup_id belongs to another item in this ledger', { hint: 'stop and ask CoinCover' });
}
