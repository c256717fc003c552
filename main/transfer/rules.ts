import { checkError, quote } from '../values/index.ts';
import type { ColdroomDocument } from './schema.ts';
import type { ReadDocument } from './read.ts';
import { kindOf } from './read.ts';

type StationRole = ColdroomDocument['station']['role'];

/** What a station knows when a document comes in; asked from its ledger by the caller. */
export type ImportContext = {
  /** This station's id. */
  self: string;
  /** The stations paired with it, with the roles they were paired in. */
  paired: readonly { id: string; role: StationRole }[];
  /** Dead stations whose place this one has taken: what they wrote, and what is addressed to them, is its own. */
  followed: readonly { id: string; role: StationRole }[];
  /** SHA-256 of the file already kept under this document id, or null. */
  keptSha256: string | null;
  /** The highest `ledger_seq` known from this writer for this document's subject, or null. */
  highestWriterSeq: number | null;
  /** Whether another document of this writer is known that was written at the same place of its ledger. */
  writerSeqTaken: boolean;
  /** This station's id of the environment the document names, or null where it has none set. */
  environmentId: string | null;
};

/** `key_id` of a key pack is in its response, so the caller reads it; else `item_id`; a card has no subject. */
export type ImportDecision = 'new' | 'already-kept';

/**
 * The rules by which a station takes a document in (design.md, "Stations and the air gap"). The very bytes already kept
 * are no change, but still have to be of this station's environment, whose hosts may have changed since; everything else that is not new, not for this station or not from one it knows is refused.
 * @throws check `document-unknown-signer`, `document-wrong-role`, `document-not-for-us`, `document-other-bytes`,
 *   `document-environment`, `document-replayed`, `document-forked`.
 */
export function checkImport(read: ReadDocument, context: ImportContext, name: string): ImportDecision {
  const { document } = read;
  const selves = [context.self, ...context.followed.map((one) => one.id)];
  const writer = document.station.id;
  const pairing = [...context.paired, ...context.followed].find((one) => one.id === writer);
  if (!selves.includes(writer) && pairing === undefined) {
    throw checkError('document-unknown-signer', `${quote(name)} was signed by a station that is not paired with this one`, {
      hint: 'stop; if the station is yours, pair the two first',
    });
  }
  if (!WRITERS[document.coldroom].includes(pairing?.role ?? document.station.role)) {
    throw checkError('document-wrong-role', `${quote(name)} is of a kind that a ${document.station.role} station does not write`, {
      hint: 'stop; the station that signed it is not what it was paired as',
    });
  }
  if (kindOf(document) !== 'station' && !document.to.some((one) => selves.includes(one))) {
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
  if (context.writerSeqTaken) {
    throw checkError('document-forked', `${quote(name)} was written at a place of its station’s ledger that another document has already`, {
      hint: 'stop; the ledger of the station that wrote it was set back or copied: run `ledger check` there and compare it with its reports',
    });
  }
  return 'new';
}

/** Who writes what: a cold station has no key from CoinCover and no answer of it, an online one seals nothing. */
const WRITERS: Readonly<Record<ColdroomDocument['coldroom'], readonly StationRole[]>> = {
  'keypack/1': ['single', 'online'],
  'sealed/1': ['single', 'cold'],
  'receipt/1': ['single', 'online'],
  'station/1': ['single', 'cold', 'online'],
  'carry/1': ['single', 'cold', 'online'],
};

/** The document's name of its environment, or null for a station card. */
export function environmentOf(document: ColdroomDocument): string | null {
  return 'environment' in document.body ? document.body.environment : null;
}
