import { parseAssignmentRequest, parseAssignmentResponse } from '../../attestation/index.ts';
import { writeNewFile } from '../../files/index.ts';
import type { AssignedKeyFacts, ItemFacts, KeptDocument, PairingState } from '../../ledger/index.ts';
import {
  checkImport,
  environmentOf,
  kindOf,
  readDocument,
  type ColdroomDocument,
  type ImportContext,
  type ImportDecision,
  type KeyPack,
  type ReadDocument,
  type Receipt,
  type SealedItem,
  type WrittenDocument,
} from '../../transfer/index.ts';
import { checkError, ColdroomError, isColdroomError, quote } from '../../values/index.ts';
import type { Station } from '../station/station.ts';

/** What the ledger keeps of a document, beside what it means. */
export function keptDocument(read: ReadDocument | WrittenDocument, direction: 'written' | 'imported'): KeptDocument {
  const { document } = read;
  return {
    document_id: document.id,
    kind: kindOf(document),
    direction,
    signer: document.station.id,
    subject: subjectOf(document),
    writer_seq: document.ledger_seq,
    sha256: read.sha256,
    signed_sha256: read.signedSha256,
    text: read.text,
  };
}

/** What replays are counted by: `key_id` of a key pack, `item_id`, a card's own station; a list has none. */
export function subjectOf(document: ColdroomDocument): string | null {
  switch (document.coldroom) {
    case 'keypack/1':
      return keyPackFacts(document).key_id;
    case 'sealed/1':
    case 'receipt/1':
      return document.body.item_id;
    case 'station/1':
      return document.station.id;
    case 'carry/1':
      return null;
  }
}

/** The facts of a key pack's exchange with CoinCover, read from its request and response. */
export function keyPackFacts(document: KeyPack): AssignedKeyFacts {
  const request = parseAssignmentRequest(Buffer.from(document.body.request, 'utf8'));
  const response = parseAssignmentResponse(Buffer.from(document.body.response, 'utf8'));
  return {
    key_id: response.key_id,
    environment: document.body.environment,
    environment_id: document.environment_id,
    account: document.body.account,
    user_identifier: request.user_identifier,
    key_environment: request.key_environment,
    public_key: response.public_key,
    fingerprint: response.fingerprint,
  };
}

/** Holds a document against the import rules with what this station's ledger knows. @throws as checkImport. */
export function decideImport(station: Station, read: ReadDocument, name: string): ImportDecision {
  const { document } = read;
  const subject = subjectOf(document);
  const environment = environmentOf(document);
  return checkImport(
    read,
    {
      self: station.id,
      ...partnersOf(station),
      keptSha256: station.queries.document(document.id)?.sha256 ?? null,
      highestWriterSeq: subject === null ? null : station.queries.highestWriterSeq(document.station.id, subject),
      writerSeqTaken: station.queries.documentsAt(document.station.id, document.ledger_seq).some((one) => one.document_id !== document.id),
      environmentId: environment === null ? null : (station.queries.environment(environment)?.environment_id ?? null),
    },
    name,
  );
}

/** Whom this station reads: those paired with it, and those whose place it has taken. */
function partnersOf(station: Station): Pick<ImportContext, 'paired' | 'followed' | 'former'> {
  const of = (state: PairingState) =>
    station.queries
      .pairings()
      .filter((one) => one.state === state)
      .map((one) => ({ id: one.station_id, role: one.role, name: one.name }));
  return {
    paired: of('paired'),
    followed: of('followed'),
    former: (['succeeded', 'unpaired'] as const).flatMap((state) => of(state).map((one) => ({ ...one, state }))),
  };
}

/**
 * A document bears the ceremony of the one it answers, so that what was made in one ceremony cannot be told as another's.
 * @throws check `document-ceremony`.
 */
function checkCeremony(station: Station, document: ColdroomDocument, answeredId: string, name: string): void {
  const text = station.queries.documentText(answeredId);
  if (text !== null && readDocument(Buffer.from(text, 'utf8'), 'the document in the ledger').document.ceremony === document.ceremony)
    return;
  throw checkError('document-ceremony', `${quote(name)} is of another ceremony than the document that it answers`, {
    hint: 'stop; documents of two ceremonies were mixed',
  });
}

/** The facts of a sealed item as the ledger has them. */
export function itemFacts({ environment_id: environmentId, body }: SealedItem): ItemFacts {
  return {
    item_id: body.item_id,
    environment: body.environment,
    environment_id: environmentId,
    key_id: body.key_id,
    mode: body.mode,
    size_bytes: body.size_bytes,
    ciphertext_sha256: body.ciphertext_sha256,
    checksum: body.checksum,
    name: body.name,
  };
}

/**
 * Holds a sealed item against the key pack it says it answers.
 * @throws check `sealed-key-unknown`, `sealed-key-differs`, `document-ceremony`.
 */
export function checkAnswersKeyPack(station: Station, document: SealedItem, name: string): void {
  const { answers, environment_id: environmentId, body } = document;
  const key = station.queries.assignedKey(body.key_id);
  if (key === null) {
    throw checkError('sealed-key-unknown', `${quote(name)} was sealed for a key whose key pack this station does not hold`, {
      hint: 'stop; store it at the station that wrote the key pack',
    });
  }
  // Any of the key's packs will do: the key and what was answered are the same in all.
  const pack = station.queries.keyPacks(key.key_id).find((one) => one.signed_sha256 === answers);
  if (
    pack !== undefined &&
    key.public_key === body.public_key &&
    key.environment === body.environment &&
    key.environment_id === environmentId
  ) {
    checkCeremony(station, document, pack.document_id, name);
    return;
  }
  throw checkError('sealed-key-differs', `${quote(name)} does not answer the key pack of the key it names`, {
    hint: 'stop; bring the key pack that it was sealed for, where that one was made anew and did not come here; else it is for another key or environment',
  });
}

/**
 * Holds a receipt against the sealed item it says it answers.
 * @throws check `receipt-item-unknown`, `receipt-item-differs`, `document-ceremony`.
 */
export function checkAnswersItem(station: Station, document: Receipt, name: string): void {
  const { answers, environment_id: environmentId, body } = document;
  const item = station.queries.item(body.item_id);
  if (item === null) {
    throw checkError('receipt-item-unknown', `${quote(name)} is for an item that this station does not hold`, {
      hint: 'bring the sealed item in first',
    });
  }
  const isAnswer =
    item.key_id === body.key_id &&
    item.environment === body.environment &&
    item.environment_id === environmentId &&
    item.ciphertext_sha256 === body.sealed_ciphertext_sha256 &&
    station.queries.document(item.document_id)?.signed_sha256 === answers;
  if (isAnswer) {
    checkCeremony(station, document, item.document_id, name);
    return;
  }
  throw checkError('receipt-item-differs', `${quote(name)} does not answer the sealed item it names`, {
    hint: 'stop; the receipt is for something else than what was sealed here',
  });
}

/**
 * Writes a document's file. The ledger has the document by now, so a disk that fails costs the file alone: the problem comes
 * back, with the command that writes it again, and is not thrown.
 * @param kept what stands in spite of it, for the hint: "the item is sealed and kept".
 */
export async function writeKept(
  out: string,
  { text, document }: { text: string; document: { id: string } },
  kept: string,
): Promise<ColdroomError | null> {
  try {
    await writeNewFile(out, Buffer.from(text, 'utf8'));
    return null;
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    const hint = `${kept}: \`coldroom document ${document.id} --out FILE\``;
    return new ColdroomError(error.family, error.code, error.message, { hint, cause: error });
  }
}

/** The ids of the cold stations that a key pack is for, beside its writer. design.md, "Stations and the air gap". */
export function pairedColdStations(station: Station): string[] {
  return station.queries
    .pairings()
    .filter((one) => one.state === 'paired' && one.role === 'cold')
    .map((one) => one.station_id);
}
