import { inputError, isoTime, newUuid, sha256, type JsonObject, type Sha256 } from '../values/index.ts';
import { DOCUMENT_SCHEMAS, MAX_DOCUMENT_BYTES, type ColdroomDocument, type DocumentVersion } from './schema.ts';
import { signedBytes, type StationSigner } from './signature.ts';

type DocumentOf<Version extends DocumentVersion> = Extract<ColdroomDocument, { coldroom: Version }>;

/** What the writer says; the rest (id, time, station, signature) is filled in. */
export type DocumentDraft<Version extends DocumentVersion> = Pick<
  DocumentOf<Version>,
  'coldroom' | 'to' | 'ceremony' | 'answers' | 'environment_id' | 'body'
>;

export type WrittenDocument<Kind extends ColdroomDocument = ColdroomDocument> = {
  document: Kind;
  /** The file's exact text, ending in one line feed. */
  text: string;
  sha256: Sha256;
  signedSha256: Sha256;
};

/**
 * Makes a signed document. It is checked against its own schema, so that nothing leaves which we would not read.
 * @param head the ledger's head before the event that keeps this document.
 * @throws input `document-too-large` over 16 MiB. A draft that breaks the schema is a bug and throws a plain error.
 */
export function writeDocument<Version extends DocumentVersion>(
  draft: DocumentDraft<Version>,
  signer: StationSigner,
  head: { seq: number; head: string },
  nowMs: number,
): WrittenDocument<DocumentOf<Version>> {
  const { coldroom, body, ...about } = draft;
  const unsigned = {
    coldroom,
    id: newUuid(),
    created_at: isoTime(nowMs),
    station: signer.station,
    ...about,
    ledger_seq: head.seq,
    ledger_head: head.head,
    body,
  } as unknown as JsonObject;
  const toSign = signedBytes(unsigned);
  const signed = { ...unsigned, signature: signer.sign(toSign).toString('base64') };
  const document = DOCUMENT_SCHEMAS[coldroom].parse(signed) as DocumentOf<Version>;
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (Buffer.byteLength(text, 'utf8') > MAX_DOCUMENT_BYTES) {
    throw inputError('document-too-large', 'the document would be larger than 16 MiB', { hint: 'seal a smaller file' });
  }
  return { document, text, sha256: sha256(text), signedSha256: sha256(toSign) };
}
