import type { Judgement } from '../../attestation/index.ts';
import type { ItemRow } from '../../ledger/index.ts';
import type { KeyPack, ReadDocument, Receipt, SealedItem } from '../../transfer/index.ts';
import { checkError, inputError, quote, type ColdroomError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { checkAnswersItem, checkAnswersKeyPack, decideImport, itemFacts, keptDocument, keyPackFacts } from './documents.ts';
import { judgeKeyPack, readKeptKeyPack } from './key-pack.ts';
import type { Station } from '../station/station.ts';
import { checkProblem } from '../service/verify-check.ts';

/** One document taken into this station's ledger, or found there. `problems` are what it says of CoinCover's checks. */
export type TakenIn = { readonly isNew: boolean; readonly problems: readonly ColdroomError[] };

/**
 * A key pack that this station does not hold yet is kept, once it has been judged from this station's own trust.
 * @throws check those of the import rules and of the judgement, `document-conflict`.
 */
export function takeInKeyPack(
  context: OperationContext,
  station: Station,
  pack: ReadDocument<KeyPack>,
  name: string,
): TakenIn & { judgement: Judgement } {
  const isNew = decideImport(station, pack, name) === 'new';
  const judgement = judgeKeyPack(context, station, pack.document, !isNew);
  if (isNew) {
    const key = keyPackFacts(pack.document);
    checkSameKey(station, pack.document, key.key_id, name);
    station.ledger.append({ type: 'key-pack-imported', data: { assignment_id: null, key, document: keptDocument(pack, 'imported') } });
  }
  return { isNew, judgement, problems: [] };
}

/**
 * A key pack that was made anew may bring another list of signing keys and be for other stations; what was asked and answered is
 * the same to the byte.
 * @throws check `document-conflict`.
 */
export function checkSameKey(
  station: Station,
  { station: writer, ceremony, environment_id: environmentId, body }: KeyPack,
  keyId: string,
  name: string,
): void {
  const key = station.queries.assignedKey(keyId);
  if (key === null) return;
  const { document: known } = readKeptKeyPack(station, key);
  const isSame =
    known.station.id === writer.id &&
    known.ceremony === ceremony &&
    known.environment_id === environmentId &&
    known.body.environment === body.environment &&
    known.body.account === body.account &&
    known.body.request === body.request &&
    known.body.response === body.response;
  if (!isSame) throw conflict(name);
}

/**
 * Holds a sealed item against the import rules and against the key it names, and keeps it where it is new.
 * @throws check `sealed-key-unknown`, `sealed-key-differs`, `item-id-known`, and those of the import rules.
 */
export function takeInSealed(station: Station, sealed: ReadDocument<SealedItem>, name: string): TakenIn & { item: ItemRow } {
  const { body } = sealed.document;
  const isNew = decideImport(station, sealed, name) === 'new';
  checkAnswersKeyPack(station, sealed.document, name);
  const known = station.queries.item(body.item_id);
  if (known !== null && known.document_id !== sealed.document.id) {
    throw checkError('item-id-known', `${quote(name)} bears the item id of another sealed item`, {
      hint: 'stop; use the file as it was written',
    });
  }
  if (isNew) {
    station.ledger.append({
      type: 'item-imported',
      data: { state: 'sealed', item: itemFacts(sealed.document), document: keptDocument(sealed, 'imported') },
    });
  }
  const item = station.queries.item(body.item_id);
  if (item === null)
    throw inputError('ledger-damaged', 'the ledger keeps this document, but not its item', { hint: 'run `coldroom ledger check`' });
  return { isNew, item, problems: [] };
}

/**
 * Brings a receipt home: holds it against the item that was sealed here (key, ciphertext, checksum, size) and keeps what
 * CoinCover answered. What CoinCover holds must show in this ledger even where it is not what was sealed: a checksum that
 * differs is kept and told, never left out.
 * @throws check `receipt-item-unknown`, `receipt-item-differs`, `document-conflict`, and those of the import rules.
 */
export function takeInReceipt(context: OperationContext, station: Station, receipt: ReadDocument<Receipt>, name: string): TakenIn {
  const { body } = receipt.document;
  const isNew = decideImport(station, receipt, name) === 'new';
  checkAnswersItem(station, receipt.document, name);
  if (isNew) keepReceipt(station, receipt, name);
  const item = station.queries.item(body.item_id);
  if (item === null) throw new TypeError('checkAnswersItem lets only receipts of known items through');
  if (body.data_size !== null && !isSizeOf(item, station, body.data_size)) {
    context.onNote(
      `CoinCover says that it holds ${body.data_size.toString()} bytes of ${quote(item.name)}, which is neither its size nor its ciphertext’s`,
    );
  }
  const problems = [
    isChecksumWrong(item, body)
      ? checkError('checksum-differs', 'the checksum that CoinCover returned is not that of what was sealed', {
          hint: 'stop and escalate to CoinCover: do not rely on this backup, and do not destroy the secret',
        })
      : null,
    checkProblem('key', body.key_id, body.key_check),
    checkProblem('backup', body.backup_id, body.backup_check),
  ].filter((problem) => problem !== null);
  return { isNew, problems };
}

/** An envelope has no checksum to compare, and a backup that a person claimed came without an answer. */
function isChecksumWrong(item: ItemRow, body: Receipt['body']): boolean {
  return item.checksum !== null && body.checksum !== null && item.checksum !== body.checksum;
}

/** The contract does not say which bytes `data_size` counts. */
function isSizeOf(item: ItemRow, station: Station, dataSize: number): boolean {
  const text = station.queries.documentText(item.document_id);
  const ciphertext = text === null ? '' : (JSON.parse(text) as { body: { ciphertext: string } }).body.ciphertext;
  return dataSize === item.size_bytes || dataSize === Buffer.byteLength(ciphertext, 'base64');
}

function keepReceipt(station: Station, receipt: ReadDocument<Receipt>, name: string): void {
  const { document } = receipt;
  const { body } = document;
  if (station.queries.backupOfItem(body.item_id) !== null || station.queries.backup(body.backup_id) !== null) throw conflict(name);
  station.ledger.transaction((transaction) => {
    transaction.append({
      type: 'item-stored',
      data: {
        item_id: body.item_id,
        backup_id: body.backup_id,
        backup_type: body.backup_type,
        data_size: body.data_size,
        returned_checksum: body.checksum,
        stored_at: body.stored_at,
        basis: 'receipt',
      },
    });
    const checked = { message: null, status: null, checked_at: document.created_at };
    transaction.append({ type: 'verified', data: { kind: 'key', id: body.key_id, check: body.key_check, ...checked } });
    transaction.append({ type: 'verified', data: { kind: 'backup', id: body.backup_id, check: body.backup_check, ...checked } });
    transaction.append({ type: 'receipt-imported', data: { item_id: body.item_id, document: keptDocument(receipt, 'imported') } });
  });
}

export function conflict(name: string): ColdroomError {
  return checkError('document-conflict', `${quote(name)} speaks of something that this ledger holds differently`, {
    hint: 'stop; compare the two documents',
  });
}

/** For `ledger rebuild`: a receipt that this very station wrote, which was judged when it was written. */
export function rebuildReceipt(station: Station, receipt: ReadDocument<Receipt>, name: string): void {
  checkAnswersItem(station, receipt.document, name);
  keepReceipt(station, receipt, name);
}
