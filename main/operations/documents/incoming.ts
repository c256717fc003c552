import { readBoundedFile } from '../../files/index.ts';
import {
  MAX_DOCUMENT_BYTES,
  readDocument,
  readDocumentOf,
  type ColdroomDocument,
  type DocumentVersion,
  type ReadDocument,
} from '../../transfer/index.ts';
import { sha256 } from '../../values/index.ts';
import { refusalsAbout } from './refusals.ts';

/** Reads a document that came in; a refusal of it names its bytes. @throws as readDocument, and those of reading a file. */
export async function readIncoming(path: string): Promise<ReadDocument> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the document' });
  return refusalsAbout({ documentSha256: sha256(bytes) }, () => readDocument(bytes, path));
}

/** As {@link readIncoming}, of one kind. @param what how a message names the file. @throws as readDocumentOf. */
export async function readIncomingOf<Version extends DocumentVersion>(
  path: string,
  version: Version,
  what: string,
): Promise<ReadDocument<Extract<ColdroomDocument, { coldroom: Version }>>> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what });
  return refusalsAbout({ documentSha256: sha256(bytes) }, () => readDocumentOf(bytes, path, version));
}
