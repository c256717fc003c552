import { checkError, quote, withArticle, type ColdroomError } from '../values/index.ts';
import type { ColdroomDocument } from './schema.ts';
import type { ReadDocument } from './read.ts';
import { kindOf } from './read.ts';

type StationRole = ColdroomDocument['station']['role'];

type KnownStation = { readonly id: string; readonly role: StationRole; readonly name: string };

/** What a station knows when a document comes in; asked from its ledger by the caller. */
export type ImportContext = {
  /** This station's id. */
  self: string;
  /** The stations paired with it, with the roles and names they were paired under. */
  paired: readonly KnownStation[];
  /** Dead stations whose place this one has taken: what they wrote, and what is addressed to them, is its own. */
  followed: readonly KnownStation[];
  /** Stations that were paired once: their documents are a stranger's, and people should read why. */
  former: readonly (KnownStation & { readonly state: 'succeeded' | 'unpaired' })[];
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
 * @throws check `document-unknown-signer`, `document-wrong-role`, `document-other-name`, `document-not-for-us`, `document-other-bytes`,
 *   `document-environment`, `document-replayed`, `document-forked`.
 */
export function checkImport(read: ReadDocument, context: ImportContext, name: string): ImportDecision {
  // SECURITY(REQ-PAIRED): a swapped ciphertext on the stick would store cleanly and recover to nothing.
  const { document } = read;
  const selves = [context.self, ...context.followed.map((one) => one.id)];
  const writer = document.station.id;
  const pairing = [...context.paired, ...context.followed].find((one) => one.id === writer);
  if (!selves.includes(writer) && pairing === undefined) {
    throw unknownSigner(
      name,
      context.former.find((one) => one.id === writer),
    );
  }
  if (pairing !== undefined) checkSelfSaid(document, pairing, name);
  if (!WRITERS[document.coldroom].includes(pairing?.role ?? document.station.role)) {
    throw checkError(
      'document-wrong-role',
      `${quote(name)} is of a kind that ${withArticle(document.station.role)} station does not write`,
      {
        hint: 'stop; the station that signed it is not what it was paired as',
      },
    );
  }
  if (kindOf(document) !== 'station' && !document.to.some((one) => selves.includes(one))) {
    throw checkError('document-not-for-us', `${quote(name)} is addressed to other stations`, {
      hint:
        document.coldroom === 'keypack/1'
          ? 'stop; carry it to the station it was made for; if it was meant for this one and made before the two were paired, pair them and make it anew: `coldroom assign --recheck KEY_ID --out FILE`'
          : 'stop; carry it to the station it was made for',
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

function unknownSigner(name: string, former: ImportContext['former'][number] | undefined): ColdroomError {
  switch (former?.state) {
    case undefined:
      return checkError('document-unknown-signer', `${quote(name)} was signed by a station that is not paired with this one`, {
        hint: 'stop; if the station is yours, pair the two first',
      });
    case 'unpaired':
      return checkError('document-unknown-signer', `${quote(name)} was signed by ${quote(former.name)}, which was unpaired here`, {
        hint: 'stop; find out why it was unpaired before it is paired again, with a fresh card',
      });
    case 'succeeded':
      return checkError(
        'document-unknown-signer',
        `${quote(name)} was signed by ${quote(former.name)}, whose place another station has taken here`,
        {
          hint: 'stop; have the station that took its place make it: assign anew for another wallet, or restore the old station from its copy',
        },
      );
  }
}

/** A station neither changes its role nor its name: what says otherwise was not written by the program that people paired. */
function checkSelfSaid({ station }: ColdroomDocument, pairing: KnownStation, name: string): void {
  if (station.role !== pairing.role) {
    throw checkError(
      'document-wrong-role',
      `${quote(name)} says that ${withArticle(station.role)} station wrote it, which was paired as ${pairing.role}`,
      {
        hint: 'stop; the station that signed it is not what it was paired as',
      },
    );
  }
  if (station.name !== pairing.name) {
    throw checkError(
      'document-other-name',
      `${quote(name)} says that ${quote(station.name)} wrote it, which was paired as ${quote(pairing.name)}`,
      {
        hint: 'stop; a station keeps its name: find out what became of it, or pair it again with a fresh card',
      },
    );
  }
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
