import { isArchive } from './archive.ts';
import { readCiphertext } from './ciphertext.ts';
import { isJsonObject, parseJson } from '../values/index.ts';
import { MAX_DOCUMENT_BYTES, readDocumentOf, type SealedItem } from '../transfer/index.ts';

/** What a released content can be, as `recover` names it. */
export const RELEASED_KINDS = ['private-key', 'encrypted-private-key', 'ciphertext', 'sealed', 'archive', 'unknown'] as const;
export type ReleasedKind = (typeof RELEASED_KINDS)[number];

/** A released content, recognised. `bytes` are the caller's to wipe. */
export type Released =
  | { readonly what: 'private-key' | 'encrypted-private-key'; readonly bytes: Buffer }
  | { readonly what: 'ciphertext'; readonly bytes: Buffer }
  | { readonly what: 'sealed'; readonly document: SealedItem }
  | { readonly what: 'archive' | 'unknown' };

const BRACE = 0x7b;
const RSA_BLOCK_BYTES = 512;
const OBJECT_IDENTIFIER = 0x06;
const INDEFINITE = 0x80;

/**
 * Says what a content is by what it is, whatever it is called: nobody promised names. Nothing is unpacked, and what fits nothing is
 * `unknown`, not guessed at. A sealed item is read here, since what says that it is one and is none was tampered with.
 * @param name for messages.
 * @throws what readDocumentOf throws of a sealed item: check `document-signature`, `document-inconsistent`; input `document-…`.
 */
export function recognise(content: Buffer, name: string): Released {
  // First of all: one that does not compress shows the key that lies in it.
  if (isArchive(content)) return { what: 'archive' };
  // The older form too, which is taken nowhere: whoever reads it says so, and how it is made into the newer.
  if (hasPem(content, 'PRIVATE KEY') || hasPem(content, 'RSA PRIVATE KEY')) return { what: 'private-key', bytes: content };
  if (hasPem(content, 'ENCRYPTED PRIVATE KEY')) return { what: 'encrypted-private-key', bytes: content };
  if (isSealedItem(content)) return { what: 'sealed', document: readDocumentOf(content, name, 'sealed/1').document };
  const ciphertext = ciphertextIn(content, name);
  return ciphertext === null ? { what: 'unknown' } : { what: 'ciphertext', bytes: ciphertext };
}

function hasPem(content: Buffer, label: string): boolean {
  return content.includes(`-----BEGIN ${label}-----`);
}

function isSealedItem(content: Buffer): boolean {
  if (content[0] !== BRACE) return false;
  try {
    const json = parseJson(content, { maxBytes: MAX_DOCUMENT_BYTES, integersOnly: true });
    return isJsonObject(json) && typeof json['coldroom'] === 'string' && json['coldroom'].startsWith('sealed/');
  } catch {
    return false; // no JSON of ours: something else
  }
}

function ciphertextIn(content: Buffer, name: string): Buffer | null {
  try {
    const ciphertext = readCiphertext(content, name);
    return ciphertext.length === RSA_BLOCK_BYTES ? oneBlock(ciphertext) : contentInfo(ciphertext);
  } catch {
    return null; // it throws for "is none" alone
  }
}

/** 512 bytes of text are no ciphertext: none has bytes of printable ASCII and line ends alone. */
function oneBlock(bytes: Buffer): Buffer | null {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09) ? null : bytes;
}

/** CMS: a SEQUENCE whose first value is an OBJECT IDENTIFIER (RFC 5652 §3). A private key or a certificate in DER is none. */
function contentInfo(bytes: Buffer): Buffer | null {
  const length = bytes[1] ?? 0;
  const at = 2 + (length > INDEFINITE ? length & 0x7f : 0);
  return bytes[at] === OBJECT_IDENTIFIER ? bytes : null;
}
