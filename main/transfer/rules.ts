import { checkError, quote } from '../values/index.ts';
import type { ColdroomDocument } from './schema.ts';
import type { ReadDocument } from './read.ts';
import { kindOf } from './read.ts';

/** What a station knows when a document comes in; asked from its ledger by the caller. */
export type ImportContext = {
  /** This station's id. */
  self: string;
  /** Ids of the stations paired with it. */
  paired: readonly string[];
  /** SHA-256 of the file already kept under this document id, or null. */
  keptSha256: string | null;
  /** The highest `ledger_seq` known from this writer for this document's subject, or null. */
  highestWriterSeq: number | null;
  /** This station's id of the environment the document names, or null where it has none set. */
  environmentId: string | null;
};

/** `key_id` of a key pack is in its response, so the caller reads it; else `item_id`; a card has no subject. */
export type ImportDecision = 'new' | 'already-kept';

/**
 * The rules by which a station takes a document in (design.md, "Stations and the air gap"). The very bytes already kept
 * are no change, but still have to be of this station's environment, whose hosts may have changed since; everything else that is not new, not for this station or not from one it knows is refused.
 * @throws check `document-unknown-signer`, `document-not-for-us`, `document-other-bytes`, `document-environment`,
 *   `document-replayed`.
 */
export function checkImport(read: ReadDocument, context: ImportContext, name: string): ImportDecision {
  const { document } = read;
  const fromSelf = document.station.id === context.self;
  if (!fromSelf && !context.paired.includes(document.station.id)) {
    throw checkError('document-unknown-signer', `${quote(name)} was signed by a station that is not paired with this one`, {
      hint: 'stop; if the station is yours, pair the two first',
    });
  }
  if (kindOf(document) !== 'station' && !document.to.includes(context.self)) {
    throw checkError('document-not-for-us', `${quote(name)} is addressed to other stations`, {
      hint: 'stop; carry it to the station it was made for',
    });
  }
  if (context.environmentId !== null && document.environment_id !== context.environmentId) {
    throw checkError('document-environment', `${quote(name)} belongs to another environment or to other hosts than this station’s`, {
      hint: 'stop; compare `environment list` on both stations',
    });
  }
  if (context.keptSha256 !== null) {
    if (context.keptSha256 === read.sha256) return 'already-kept';
    throw checkError('document-other-bytes', `${quote(name)} bears the id of a document that this station holds with other bytes`, {
      hint: 'stop; use the file as it was written, or `document ID --out FILE` for a fresh copy',
    });
  }
  if (context.highestWriterSeq !== null && document.ledger_seq < context.highestWriterSeq) {
    throw checkError('document-replayed', `${quote(name)} is older than what this station already has on the same subject`, {
      hint: 'stop; somebody brought an old document again',
    });
  }
  return 'new';
}

/** The document's name of its environment, or null for a station card. */
export function environmentOf(document: ColdroomDocument): string | null {
  return 'environment' in document.body ? document.body.environment : null;
}
