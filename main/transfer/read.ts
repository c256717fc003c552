import type { z } from 'zod';
import {
  checkError,
  decodeUtf8,
  inputError,
  isJsonObject,
  parseJson,
  quote,
  sha256,
  type Json,
  type JsonObject,
  type Sha256,
} from '../values/index.ts';
import { checkConsistent } from './consistency.ts';
import { DOCUMENT_SCHEMAS, isDocumentVersion, MAX_DOCUMENT_BYTES, type ColdroomDocument, type DocumentVersion } from './schema.ts';
import { isSignedByItsStation, signedBytes } from './signature.ts';

/** A document that has its schema's form, a good signature by the station it names, and members that agree. */
export type ReadDocument<Kind extends ColdroomDocument = ColdroomDocument> = {
  document: Kind;
  /** The exact text that was read. */
  text: string;
  /** SHA-256 of the file's bytes. */
  sha256: Sha256;
  /** SHA-256 of the signed bytes: what an answering document names in `answers`. */
  signedSha256: Sha256;
};

/**
 * Reads a document of any kind: strict JSON, its schema, its signature, its inner consistency. It does not ask who the
 * signer is, for whom the document is, or whether it is new: see `rules.ts`.
 *
 * A value that breaks the schema is first held against the signature: where that fails too, the document was changed
 * after it was signed, and the answer is a refusal (exit 3), not "bad input".
 * @throws input `document-not-json`, `document-not-ours`, `document-version`, `document-members`, `document-values`;
 *   check `document-signature`, `document-inconsistent`.
 */
export function readDocument(bytes: Uint8Array, name: string): ReadDocument {
  // SECURITY(REQ-SIGNED): what is read is what was signed, or nothing is read.
  const json = readJson(bytes, name);
  const version = json['coldroom'];
  if (!isDocumentVersion(version)) {
    throw inputError(
      'document-version',
      `${quote(name)} is a document of kind ${quote(typeof version === 'string' ? version : '')}, which this Coldroom does not read`,
      {
        hint: 'use the version of Coldroom that wrote it, or a later one',
      },
    );
  }
  const document = parseShape(json, version, name);
  if (!isSignedByItsStation(json)) throw badSignature(name);
  checkConsistent(document, name);
  return { document, text: decodeUtf8(bytes) ?? '', sha256: sha256(bytes), signedSha256: sha256(signedBytes(json)) };
}

/**
 * As {@link readDocument}, for a caller that takes one kind alone.
 * @throws as readDocument, and input `document-kind`.
 */
export function readDocumentOf<Version extends DocumentVersion>(
  bytes: Uint8Array,
  name: string,
  version: Version,
): ReadDocument<Extract<ColdroomDocument, { coldroom: Version }>> {
  const read = readDocument(bytes, name);
  if (!isOfVersion(read, version)) {
    throw inputError(
      'document-kind',
      `${quote(name)} is ${KIND_WORDS[kindOf(read.document)]}, and ${KIND_WORDS[kindName(version)]} is wanted here`,
      {
        hint: 'name a file of that kind',
      },
    );
  }
  return read;
}

function isOfVersion<Version extends DocumentVersion>(
  read: ReadDocument,
  version: Version,
): read is ReadDocument<Extract<ColdroomDocument, { coldroom: Version }>> {
  return read.document.coldroom === version;
}

export type DocumentKindName = 'keypack' | 'sealed' | 'receipt' | 'station' | 'carry';

/** The kinds as people say them. */
export const KIND_WORDS: Readonly<Record<DocumentKindName, string>> = {
  keypack: 'a key pack',
  sealed: 'a sealed item',
  receipt: 'a receipt',
  station: 'a station card',
  carry: 'a carry list',
};

/** The kind as file names and `check` name it. */
export function kindOf(document: ColdroomDocument): DocumentKindName {
  return kindName(document.coldroom);
}

function kindName(version: DocumentVersion): DocumentKindName {
  return version.slice(0, version.indexOf('/')) as DocumentKindName;
}

function readJson(bytes: Uint8Array, name: string): JsonObject {
  let json: Json;
  try {
    json = parseJson(bytes, { maxBytes: MAX_DOCUMENT_BYTES, integersOnly: true });
  } catch (cause) {
    throw inputError(
      'document-not-json',
      `${quote(name)} is no Coldroom document: ${cause instanceof Error ? cause.message : 'unreadable'}`,
      {
        hint: 'name a file that Coldroom wrote',
        cause,
      },
    );
  }
  if (!isJsonObject(json) || typeof json['coldroom'] !== 'string') {
    throw inputError('document-not-ours', `${quote(name)} is JSON, but no Coldroom document`, { hint: 'name a file that Coldroom wrote' });
  }
  return json;
}

const OTHER_VERSION = { hint: 'copy it again from the station that wrote it; if it is the same, compare the versions of Coldroom on both' };

function parseShape(json: JsonObject, version: DocumentVersion, name: string): ColdroomDocument {
  const parsed = DOCUMENT_SCHEMAS[version].safeParse(json);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  if (isOfAnotherKind(json) && !isSignedByItsStation(json)) throw badSignature(name);
  const extra = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (extra !== undefined) {
    throw inputError(
      'document-members',
      `${quote(name)} has a member that does not belong there: ${quote(extra.keys.join(', '))}`,
      OTHER_VERSION,
    );
  }
  const first = issues[0];
  const place = quote(first?.path.join('.') ?? '');
  if (issues.some((issue) => isMissing(json, issue))) {
    throw inputError('document-members', `${quote(name)} lacks a member, or has one of the wrong type: ${place}`, OTHER_VERSION);
  }
  if (!isSignedByItsStation(json)) throw badSignature(name);
  throw inputError('document-values', `${quote(name)} holds a value that is not allowed in ${place}`, OTHER_VERSION);
}

/** In all but its name a document of a kind that we read: then that name was changed, and it is no question of members. */
function isOfAnotherKind(json: JsonObject): boolean {
  return Object.entries(DOCUMENT_SCHEMAS).some(
    ([version, schema]) => version !== json['coldroom'] && schema.safeParse({ ...json, coldroom: version }).success,
  );
}

function isMissing(json: JsonObject, issue: z.core.$ZodIssue): boolean {
  let at: unknown = json;
  for (const step of issue.path) {
    if (typeof at !== 'object' || at === null) return true;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at === undefined;
}

function badSignature(name: string): Error {
  return checkError('document-signature', `${quote(name)} was changed after its station signed it, or was never signed by it`, {
    hint: 'stop; fetch the document again from the station that wrote it',
  });
}
