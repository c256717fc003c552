import { checkError, type ColdroomError } from '../values/index.ts';
import { ByteSource } from './byte-source.ts';
import {
  AUTH_ENVELOPED_DATA,
  DATA,
  ENCRYPTED_KEY_BYTES,
  envelopeHeader,
  gcmAlgorithm,
  NONCE_BYTES,
  OAEP_SHA_256,
  SUBJECT_KEY_ID_BYTES,
  TAG_BYTES,
  VERSION_0,
  VERSION_2,
} from './cms-header.ts';
import { derHeader, TAG } from './der.ts';

/**
 * `strict` takes only what Coldroom writes: the header is made again from its fields and compared byte for byte. `lenient`,
 * for recovery alone, also takes what `openssl cms -encrypt` writes: issuerAndSerial, and `-stream`'s indefinite lengths.
 */
export type EnvelopeReader = 'strict' | 'lenient';

export type EnvelopeStart = {
  /** 20 bytes, or null where the recipient is named by issuer and serial. */
  subjectKeyId: Buffer | null;
  encryptedKey: Buffer;
  nonce: Buffer;
};

/** A BER length: bytes, or null for indefinite (ended by two zero bytes). */
type Length = number | null;

const MAX_HEADER_VALUE_BYTES = 4096;

/**
 * Reads one envelope from a stream, in order: `start`, then `content` to its end, then `finish`. It checks structure alone;
 * who it is for and whether the tag holds is the caller's to ask.
 */
export class EnvelopeParser {
  readonly #source: ByteSource;
  readonly #reader: EnvelopeReader;
  /** Where each container that is open around the content ends, outermost first; null for an indefinite length. */
  readonly #open: (number | null)[] = [];
  /** The bytes before the content, until they have been compared. */
  #header: Buffer[] | null = [];
  #position = 0;
  #content: { length: Length; pieces: boolean } = { length: 0, pieces: false };

  constructor(source: AsyncIterable<Uint8Array>, reader: EnvelopeReader) {
    this.#source = new ByteSource(source);
    this.#reader = reader;
  }

  /** @throws check `envelope-malformed`. */
  async start(): Promise<EnvelopeStart> {
    await this.#openContainer(TAG.sequence);
    await this.#expect(AUTH_ENVELOPED_DATA);
    await this.#openContainer(TAG.context0Constructed);
    await this.#openContainer(TAG.sequence);
    await this.#expect(VERSION_0);
    const { subjectKeyId, encryptedKey } = readRecipient(await this.#value(TAG.set));
    await this.#openContainer(TAG.sequence);
    await this.#expect(DATA);
    const nonce = readNonce(await this.#value(TAG.sequence));
    const contentTag = (await this.#raw(1))[0];
    if (contentTag !== TAG.context0 && contentTag !== TAG.context0Constructed) throw malformed();
    this.#content = { length: await this.#length(), pieces: contentTag === TAG.context0Constructed };
    if (this.#content.length === null && !this.#content.pieces) throw malformed();
    this.#checkHeader({ subjectKeyId, encryptedKey, nonce });
    return { subjectKeyId, encryptedKey, nonce };
  }

  /** The encrypted content, as it comes. @throws check `envelope-malformed`. */
  async *content(): AsyncGenerator<Buffer> {
    const { length, pieces } = this.#content;
    if (!pieces) {
      yield* this.#bytes(length ?? 0);
      return;
    }
    let left = length;
    for (;;) {
      if (left === 0) return;
      const [tag] = await this.#raw(1);
      const size = await this.#length();
      if (left === null && tag === 0 && size === 0) return;
      if (tag !== TAG.octetString || size === null) throw malformed();
      if (left !== null) {
        left -= 1 + lengthOctets(size) + size;
        if (left < 0) throw malformed();
      }
      yield* this.#bytes(size);
    }
  }

  /** @returns the tag of 16 bytes. @throws check `envelope-malformed`, also where anything follows the end. */
  async finish(): Promise<Buffer> {
    await this.#closeContainer(); // EncryptedContentInfo
    await this.#expect(Buffer.from([TAG.octetString, TAG_BYTES]));
    const tag = await this.#raw(TAG_BYTES);
    while (this.#open.length > 0) await this.#closeContainer();
    if ((await this.#source.some(1)) !== null) throw malformed();
    return tag;
  }

  /** The one rule of `strict`: the bytes are those that we would have written for these fields. */
  #checkHeader(start: EnvelopeStart): void {
    const header = Buffer.concat(this.#header ?? []);
    this.#header = null;
    if (this.#reader === 'lenient') return;
    const { length, pieces } = this.#content;
    if (start.subjectKeyId === null || pieces || length === null) throw malformed();
    const expected = envelopeHeader({ ...start, subjectKeyId: start.subjectKeyId, contentBytes: length });
    if (!header.equals(expected)) throw malformed();
  }

  async #raw(length: number): Promise<Buffer> {
    const bytes = await this.#source.take(length);
    if (bytes.length !== length) throw malformed();
    this.#header?.push(bytes);
    this.#position += length;
    return bytes;
  }

  async #expect(wanted: Buffer): Promise<void> {
    if (!(await this.#raw(wanted.length)).equals(wanted)) throw malformed();
  }

  async #length(): Promise<Length> {
    const first = (await this.#raw(1))[0] ?? 0;
    if (first < 0x80) return first;
    if (first === 0x80) return this.#reader === 'lenient' ? null : fail();
    const digits = first & 0x7f;
    if (digits > 6) throw malformed();
    const length = (await this.#raw(digits)).readUIntBE(0, digits);
    if (1 + digits !== lengthOctets(length)) throw malformed();
    return length;
  }

  /** A small value of the header, contents only. */
  async #value(tag: number): Promise<Buffer> {
    await this.#expect(Buffer.from([tag]));
    const length = await this.#length();
    if (length === null || length > MAX_HEADER_VALUE_BYTES) throw malformed();
    return this.#raw(length);
  }

  async #openContainer(tag: number): Promise<void> {
    await this.#expect(Buffer.from([tag]));
    const length = await this.#length();
    this.#open.push(length === null ? null : this.#position + length);
  }

  /** A container of indefinite length ends in two zero bytes, any other where its length says. */
  async #closeContainer(): Promise<void> {
    const end = this.#open.pop();
    if (end === null) await this.#expect(Buffer.from([0, 0]));
    else if (end !== this.#position) throw malformed();
  }

  async *#bytes(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      const piece = await this.#source.some(left);
      if (piece === null) throw malformed();
      left -= piece.length;
      this.#position += piece.length;
      yield piece;
    }
  }
}

/** SET OF exactly one KeyTransRecipientInfo. */
function readRecipient(set: Buffer): { subjectKeyId: Buffer | null; encryptedKey: Buffer } {
  const recipient = new Values(new Values(set).only(TAG.sequence));
  const version = recipient.next(TAG.integer);
  const by = recipient.peek();
  const identifier = recipient.next(by);
  const named = by === TAG.context0 && identifier.length === SUBJECT_KEY_ID_BYTES && version.equals(VERSION_2.subarray(2));
  const issued = by === TAG.sequence && version.equals(VERSION_0.subarray(2));
  if (!named && !issued) throw malformed();
  if (!Buffer.concat([Buffer.from([TAG.sequence, OAEP_SHA_256.length - 2]), recipient.next(TAG.sequence)]).equals(OAEP_SHA_256))
    throw malformed();
  const encryptedKey = recipient.next(TAG.octetString);
  recipient.end();
  if (encryptedKey.length !== ENCRYPTED_KEY_BYTES) throw malformed();
  return { subjectKeyId: named ? identifier : null, encryptedKey };
}

/** The nonce of an AES-256-GCM AlgorithmIdentifier whose parameters are exactly ours. */
function readNonce(algorithm: Buffer): Buffer {
  const nonce = algorithm.subarray(-3 - NONCE_BYTES, -3);
  const expected = gcmAlgorithm(nonce);
  if (nonce.length !== NONCE_BYTES || !expected.subarray(2).equals(algorithm)) throw malformed();
  return nonce;
}

/** The values inside a small definite-length container, one after the other. */
class Values {
  #rest: Buffer;

  constructor(bytes: Buffer) {
    this.#rest = bytes;
  }

  peek(): number {
    return this.#rest[0] ?? fail();
  }

  next(tag: number): Buffer {
    if (this.peek() !== tag) throw malformed();
    const first = this.#rest[1] ?? fail();
    const digits = first < 0x80 ? 0 : first & 0x7f;
    if (digits > 2 || first === 0x80 || this.#rest.length < 2 + digits) throw malformed();
    const length = digits === 0 ? first : this.#rest.readUIntBE(2, digits);
    if (1 + digits !== lengthOctets(length)) throw malformed();
    const value = this.#rest.subarray(2 + digits, 2 + digits + length);
    if (value.length !== length) throw malformed();
    this.#rest = this.#rest.subarray(2 + digits + length);
    return value;
  }

  only(tag: number): Buffer {
    const value = this.next(tag);
    this.end();
    return value;
  }

  end(): void {
    if (this.#rest.length !== 0) throw malformed();
  }
}

function lengthOctets(length: number): number {
  return derHeader(0, length).length - 1;
}

function fail(): never {
  throw malformed();
}

function malformed(): ColdroomError {
  return checkError('envelope-malformed', 'it is no envelope of the kind that Coldroom or openssl writes, or it was cut or changed', {
    hint: 'fetch the file again; check its size against the sealed item',
  });
}
