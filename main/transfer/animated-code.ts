import { crc32 } from 'node:zlib';
import { inputError } from '../values/index.ts';
import { decodeBytewords, encodeBytewords } from './bytewords.ts';
import { fragmentsOfPart } from './fountain.ts';
import { FragmentSums } from './fragment-sums.ts';

// A document as animated QR codes: BC-UR of the type `bytes` (BCR-2020-005). Written here and not taken from a package,
// because a cold station reads it from whoever holds a screen to its camera: sizes are bounded before anything is made of
// them. test/vectors/animated-code.json holds what another implementation writes.

/** The most bytes that a screen shows and a camera reads: about two minutes. A stick takes what is larger. */
export const MAX_CODE_BYTES = 64 * 1024;
/** What one string may be long: far more than any code that a camera reads. */
export const MAX_PART_LENGTH = 4096;

/** Bytes of the document in one picture, of 53 and 69 squares a side: poor cameras read `coarse`, `fine` takes half the time. */
const FRAGMENT_BYTES = { coarse: 130, fine: 240 } as const;
const MIN_FRAGMENT_BYTES = 10;
/** Pictures in a loop for each fragment: with a third of them missed, one loop still holds twice what is needed. */
const PARTS_PER_FRAGMENT = 3;
/** Of few fragments a sum is often one that was had before: those loops are longer. */
const MIN_PARTS = 12;
const MAX_FRAGMENTS = Math.ceil((MAX_CODE_BYTES + 5) / MIN_FRAGMENT_BYTES);

export type CodeDensity = keyof typeof FRAGMENT_BYTES;

export type AnimatedCode = {
  /** How many parts a reader needs at the least. */
  readonly fragments: number;
  /** One string a picture, upper case letters, digits, `:`, `/` and `-` (QR's alphanumeric mode), to be shown in a loop. */
  readonly frames: readonly string[];
};

/**
 * Writes bytes as the strings of an animated code.
 * @throws input `code-too-large` for more than {@link MAX_CODE_BYTES}.
 */
export function encodeAnimatedCode(bytes: Uint8Array, density: CodeDensity): AnimatedCode {
  if (bytes.length > MAX_CODE_BYTES) throw tooLarge();
  const message = Buffer.concat([cborHead(BYTE_STRING, bytes.length), bytes]);
  const size = fragmentSize(message.length, FRAGMENT_BYTES[density]);
  const fragments = Math.ceil(message.length / size);
  if (fragments === 1) return { fragments, frames: [`ur:bytes/${encodeBytewords(message)}`.toUpperCase()] };
  const padded = Buffer.concat([message], fragments * size);
  const checksum = crc32(message);
  const frames = Array.from({ length: Math.max(PARTS_PER_FRAGMENT * fragments, MIN_PARTS) }, (_, index) => {
    const part = index + 1;
    const sum = sumOf(padded, fragmentsOfPart(part, fragments, checksum), size);
    const body = Buffer.concat([
      cborHead(ARRAY, 5),
      ...[part, fragments, message.length, checksum].map((value) => cborHead(UNSIGNED, value)),
      cborHead(BYTE_STRING, size),
      sum,
    ]);
    return `ur:bytes/${part.toString()}-${fragments.toString()}/${encodeBytewords(body)}`.toUpperCase();
  });
  return { fragments, frames };
}

/** As large as allowed, and the same for all but the padding of the last (the reference's "nominal fragment length"). */
function fragmentSize(messageBytes: number, most: number): number {
  return Math.ceil(messageBytes / Math.ceil(messageBytes / most));
}

function sumOf(padded: Buffer, fragments: readonly number[], size: number): Buffer {
  const sum = Buffer.alloc(size);
  for (const fragment of fragments) {
    for (let at = 0; at < size; at += 1) sum[at] = (sum[at] ?? 0) ^ (padded[fragment * size + at] ?? 0);
  }
  return sum;
}

type Message = { readonly fragments: number; readonly messageBytes: number; readonly checksum: number; readonly fragmentBytes: number };

/** Takes the strings of one animated code in, in any order and as often as they come, until the document is whole. */
export class CodeReceiver {
  #message: Message | null = null;
  #sums: FragmentSums | null = null;
  #bytes: Buffer | null = null;

  /** What is held of what is needed, 0 to 1; parts that tell nothing new do not count. */
  get progress(): number {
    if (this.#bytes !== null) return 1;
    return this.#message === null ? 0 : (this.#sums?.rank ?? 0) / this.#message.fragments;
  }

  /** The document's bytes once it is whole, else null. The caller judges what they are. */
  get bytes(): Buffer | null {
    return this.#bytes;
  }

  /**
   * Takes one string in. After an error everything held before is still held, but after `code-contradiction`: then nothing is.
   * @throws input `code-not-ours` (no part of a document), `code-damaged`, `code-too-large`, `code-another` (of another
   *   message than the one begun: make a new receiver to read that one), `code-contradiction` (parts that each are whole do
   *   not add up: somebody mixed them).
   */
  take(text: string): void {
    const { sequence, body } = parsePart(text);
    if (sequence === null) {
      const bytes = parseMessage(body);
      if (this.#message !== null || (this.#bytes !== null && !this.#bytes.equals(bytes))) throw another();
      this.#bytes = bytes;
      return;
    }
    const { part, sum, ...message } = parsePartBody(body, sequence);
    if (this.#message === null) {
      if (this.#bytes !== null) throw another();
      this.#message = message;
      this.#sums = new FragmentSums(message.fragments);
    } else if (!isSameMessage(this.#message, message)) throw another();
    if (this.#bytes !== null || this.#sums === null) return;
    this.#sums.add(fragmentsOfPart(part, message.fragments, message.checksum), sum);
    if (this.#sums.rank === message.fragments) this.#finish(message, this.#sums);
  }

  #finish(message: Message, sums: FragmentSums): void {
    const whole = sums.fragments()?.subarray(0, message.messageBytes) ?? Buffer.alloc(0);
    const bytes = crc32(whole) === message.checksum ? byteString(whole) : null;
    if (bytes === null) {
      this.#message = null;
      this.#sums = null;
      throw inputError('code-contradiction', 'the codes that were read do not add up to one document', {
        hint: 'show the code again from the start, and read it again',
      });
    }
    this.#bytes = bytes;
  }
}

function isSameMessage(one: Message, other: Message): boolean {
  return (
    one.fragments === other.fragments &&
    one.messageBytes === other.messageBytes &&
    one.checksum === other.checksum &&
    one.fragmentBytes === other.fragmentBytes
  );
}

type Sequence = { readonly part: number; readonly fragments: number };

function parsePart(text: string): { sequence: Sequence | null; body: Buffer } {
  const lower = text.length > MAX_PART_LENGTH ? '' : text.toLowerCase();
  const match = /^ur:bytes\/(?:([1-9][0-9]{0,9})-([1-9][0-9]{0,9})\/)?([a-z]+)$/.exec(lower);
  if (match === null) {
    throw inputError('code-not-ours', 'that code is no part of a Coldroom document', {
      hint: 'point the camera at the other station’s screen',
    });
  }
  const body = decodeBytewords(match[3] ?? '');
  if (body === null) throw damaged();
  const sequence = match[1] === undefined ? null : { part: Number(match[1]), fragments: Number(match[2]) };
  return { sequence, body };
}

/** A message in a single part. */
function parseMessage(body: Buffer): Buffer {
  const bytes = byteString(body);
  if (bytes === null) throw damaged();
  if (bytes.length > MAX_CODE_BYTES) throw tooLarge();
  return bytes;
}

function parsePartBody(body: Buffer, sequence: Sequence): Message & { readonly part: number; readonly sum: Buffer } {
  const array = readHead(body, 0);
  if (array?.major !== ARRAY || array.value !== 5) throw damaged();
  let at = array.end;
  const numbers = Array.from({ length: 4 }, () => {
    const head = readHead(body, at);
    if (head?.major !== UNSIGNED) throw damaged();
    at = head.end;
    return head.value;
  });
  const [part = 0, fragments = 0, messageBytes = 0, checksum = 0] = numbers;
  const sum = byteString(body.subarray(at));
  if (sum === null || part !== sequence.part || fragments !== sequence.fragments) throw damaged();
  // SECURITY(REQ-BOUNDED): bounded before room is made for it; what a stranger shows to the camera cannot fill this machine's memory.
  if (messageBytes > MAX_CODE_BYTES + MAX_HEAD_BYTES || fragments > MAX_FRAGMENTS) throw tooLarge();
  if (sum.length === 0 || Math.ceil(messageBytes / sum.length) !== fragments) throw damaged();
  return { part, fragments, messageBytes, checksum, fragmentBytes: sum.length, sum };
}

// CBOR (RFC 8949 §3): as much of it as BC-UR needs, whose numbers have at most 32 bits.
const UNSIGNED = 0;
const BYTE_STRING = 2;
const ARRAY = 4;
const MAX_HEAD_BYTES = 5;

function cborHead(major: number, value: number): Buffer {
  const type = major << 5;
  if (value < 24) return Buffer.from([type | value]);
  if (value < 0x100) return Buffer.from([type | 24, value]);
  const head = Buffer.alloc(value < 0x10000 ? 3 : MAX_HEAD_BYTES);
  if (head.length === 3) head.writeUInt16BE(value, 1);
  else head.writeUInt32BE(value, 1);
  head[0] = type | (head.length === 3 ? 25 : 26);
  return head;
}

/** @returns the head that starts at an offset and the offset behind it; null where there is none, or a longer one than needed. */
function readHead(bytes: Buffer, at: number): { major: number; value: number; end: number } | null {
  const first = bytes[at];
  if (first === undefined) return null;
  const [major, info] = [first >> 5, first & 31];
  if (info < 24) return { major, value: info, end: at + 1 };
  const size = { 24: 1, 25: 2, 26: 4 }[info];
  if (size === undefined || at + 1 + size > bytes.length) return null;
  const value = bytes.readUIntBE(at + 1, size);
  const end = at + 1 + size;
  return cborHead(major, value).length === end - at ? { major, value, end } : null;
}

/** The content of a byte string that takes all of `cbor`, or null. */
function byteString(cbor: Buffer): Buffer | null {
  const head = readHead(cbor, 0);
  return head?.major === BYTE_STRING && head.end + head.value === cbor.length ? cbor.subarray(head.end) : null;
}

function damaged(): Error {
  return inputError('code-damaged', 'that code was not read right', { hint: 'hold still; the next ones will do' });
}

function another(): Error {
  return inputError('code-another', 'that code is of another document than the one being read', {
    hint: 'go on with the first one, or start over with this one',
  });
}

function tooLarge(): Error {
  return inputError('code-too-large', `a document of more than ${MAX_CODE_BYTES.toString()} bytes does not cross as a code`, {
    hint: 'carry it on a stick',
  });
}
