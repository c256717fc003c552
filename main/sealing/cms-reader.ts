import { checkError, type ColdroomError } from '../values/index.ts';
import { ByteSource } from './byte-source.ts';
import {
  AUTH_ENVELOPED_DATA,
  BYTES_AFTER_NONCE,
  DATA,
  ENCRYPTED_KEY_BYTES,
  envelopeHeader,
  MAC_HEADER,
  NONCE_BYTES,
  TAG_BYTES,
  VERSION_0,
  type EnvelopeFields,
  type Recipient,
} from './cms-header.ts';
import { INDEFINITE, splitDer, TAG } from './der.ts';

/**
 * `strict` takes only what Coldroom writes. `lenient`, for recovery alone, also takes the two other forms that
 * `openssl cms -encrypt` gives the same algorithms: a recipient by issuer and serial number, which are not compared with
 * anything, and the indefinite lengths of `-stream`. Neither takes anything else.
 */
export type EnvelopeReader = 'strict' | 'lenient';

/** The recipients' SET is 607 bytes in our form; the rest is room for the issuer's name. */
const MAX_HEADER_VALUE_BYTES = 4096;
const MAX_LENGTH_OCTETS = 6;
const END_OF_CONTENTS = Buffer.from([0, 0]);

/**
 * Reads one envelope from a stream, in this order: `start`, `content` to its end, `finish`; `close` whatever happened. The
 * header is read loosely, made again from the fields found, and must be the same bytes, so that every envelope has one
 * reading and one writing. It checks structure alone: whom it is for and whether the tag holds is the caller's to ask.
 */
export class EnvelopeParser {
  readonly #source: ByteSource;
  readonly #reader: EnvelopeReader;
  /** The bytes read so far, until they have been compared. */
  #header: Buffer[] | null = [];
  #contentBytes: number | null = 0;

  constructor(source: AsyncIterable<Uint8Array>, reader: EnvelopeReader) {
    this.#source = new ByteSource(source);
    this.#reader = reader;
  }

  /** @throws check `envelope-malformed`. */
  async start(): Promise<EnvelopeFields> {
    await this.#container(TAG.sequence);
    await this.#expect(AUTH_ENVELOPED_DATA);
    await this.#container(TAG.context0Constructed);
    await this.#container(TAG.sequence);
    await this.#expect(VERSION_0);
    const { recipient, encryptedKey } = readRecipient(await this.#value(TAG.set));
    await this.#container(TAG.sequence);
    await this.#expect(DATA);
    const nonce = readNonce(await this.#value(TAG.sequence));
    await this.#raw(1); // [0], primitive or constructed as the length says: the comparison below sees to it
    this.#contentBytes = await this.#length();
    const fields: EnvelopeFields = { recipient, encryptedKey, nonce, contentBytes: this.#contentBytes };
    const header = Buffer.concat(this.#header ?? []);
    this.#header = null;
    if (!header.equals(envelopeHeader(fields))) throw malformed();
    if (this.#reader === 'strict' && (recipient.by !== 'key-id' || this.#contentBytes === null)) throw malformed();
    return fields;
  }

  /** The encrypted content, as it comes: views, each good until the next. @throws check `envelope-malformed`. */
  async *content(): AsyncGenerator<Buffer> {
    if (this.#contentBytes !== null) {
      yield* this.#bytes(this.#contentBytes);
      return;
    }
    for (;;) {
      const tag = await this.#byte();
      if (tag === END_OF_CONTENTS[0]) {
        await this.#expect(END_OF_CONTENTS.subarray(1));
        return;
      }
      const length = await this.#length();
      if (tag !== TAG.octetString || length === null) throw malformed();
      yield* this.#bytes(length);
    }
  }

  /** @returns the tag of 16 bytes. @throws check `envelope-malformed`, also where anything follows the end. */
  async finish(): Promise<Buffer> {
    const streamed = this.#contentBytes === null;
    if (streamed) await this.#expect(END_OF_CONTENTS); // of EncryptedContentInfo
    await this.#expect(MAC_HEADER);
    const tag = await this.#raw(TAG_BYTES);
    if (streamed) for (let open = 3; open > 0; open--) await this.#expect(END_OF_CONTENTS);
    if ((await this.#source.some(1)) !== null) throw malformed();
    return tag;
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.#source.close();
  }

  async #raw(length: number): Promise<Buffer> {
    const bytes = await this.#source.take(length);
    if (bytes.length !== length) throw malformed();
    this.#header?.push(bytes);
    return bytes;
  }

  async #byte(): Promise<number> {
    return (await this.#raw(1)).readUInt8(0);
  }

  async #expect(wanted: Buffer): Promise<void> {
    if (!(await this.#raw(wanted.length)).equals(wanted)) throw malformed();
  }

  /** Length octets, not necessarily minimal; null for the indefinite form. */
  async #length(): Promise<number | null> {
    const first = await this.#byte();
    if (first < 0x80) return first;
    if (first === INDEFINITE) return null;
    const octets = first & 0x7f;
    if (octets > MAX_LENGTH_OCTETS) throw malformed();
    return (await this.#raw(octets)).readUIntBE(0, octets);
  }

  /** Enters a container whose length follows from what is inside, which the comparison holds it to. */
  async #container(tag: number): Promise<void> {
    await this.#expect(Buffer.from([tag]));
    await this.#length();
  }

  /** The contents of a value of the header. */
  async #value(tag: number): Promise<Buffer> {
    await this.#expect(Buffer.from([tag]));
    const length = await this.#length();
    if (length === null || length > MAX_HEADER_VALUE_BYTES) throw malformed();
    return this.#raw(length);
  }

  async *#bytes(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      const piece = await this.#source.some(left);
      if (piece === null) throw malformed();
      left -= piece.length;
      yield piece;
    }
  }
}

/** SET OF one KeyTransRecipientInfo. Versions and algorithms are passed over: the comparison has them. */
function readRecipient(set: Buffer): { recipient: Recipient; encryptedKey: Buffer } {
  const version = split(split(set, TAG.sequence).contents, TAG.integer);
  const byKeyId = version.rest[0] === TAG.context0;
  const identifier = split(version.rest, byKeyId ? TAG.context0 : TAG.sequence);
  const encryptedKey = split(split(identifier.rest, TAG.sequence).rest, TAG.octetString).contents;
  if (encryptedKey.length !== ENCRYPTED_KEY_BYTES) throw malformed();
  const recipient: Recipient = byKeyId
    ? { by: 'key-id', subjectKeyId: identifier.contents }
    : { by: 'issuer', issuerAndSerial: identifier.contents };
  return { recipient, encryptedKey };
}

/** The nonce, from where the only acceptable AlgorithmIdentifier has it. */
function readNonce(algorithm: Buffer): Buffer {
  const nonce = algorithm.subarray(-BYTES_AFTER_NONCE - NONCE_BYTES, -BYTES_AFTER_NONCE);
  if (nonce.length !== NONCE_BYTES) throw malformed();
  return nonce;
}

function split(bytes: Buffer, tag: number): { contents: Buffer; rest: Buffer } {
  const found = splitDer(bytes, tag);
  if (found === null) throw malformed();
  return found;
}

function malformed(): ColdroomError {
  return checkError('envelope-malformed', 'it is no envelope of the kind that Coldroom or openssl writes, or it was cut or changed', {
    hint: 'fetch the file again; check its size against the sealed item',
  });
}
