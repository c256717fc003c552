import { decodeHex, sha256 } from '../values/index.ts';

// Which fragments a part is the sum of, as BC-UR says it (BCR-2020-005, "Fountain codes", and its reference implementation):
// sender and receiver work it out from the part's number alone, so both have to draw the very same numbers.

const MASK_64 = (1n << 64n) - 1n;
const TWO_TO_64 = 2 ** 64;

/** @returns a source of doubles in [0, 1): xoshiro256** seeded with the SHA-256 of `seed`. */
function randomFrom(seed: Uint8Array): () => number {
  const digest = decodeHex(sha256(seed)) ?? Buffer.alloc(32);
  let [a, b, c, d] = [0, 8, 16, 24].map((at) => digest.readBigUInt64BE(at)) as [bigint, bigint, bigint, bigint];
  return () => {
    const drawn = (rotateLeft((b * 5n) & MASK_64, 7n) * 9n) & MASK_64;
    const shifted = (b << 17n) & MASK_64;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 45n);
    return Number(drawn) / TWO_TO_64;
  };
}

function rotateLeft(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK_64;
}

/** Draws how many fragments make a part: `k` of them with a chance proportional to 1/k. By Walker's alias method. */
function drawDegree(count: number, random: () => number): number {
  const { chances, aliases } = aliasTable(count);
  const slot = Math.floor(random() * count);
  return 1 + (random() < (chances[slot] ?? 1) ? slot : (aliases[slot] ?? slot));
}

type AliasTable = { readonly chances: readonly number[]; readonly aliases: readonly number[] };

/** One message has one number of fragments: its table is made once. */
let lastTable: (AliasTable & { readonly count: number }) | null = null;

function aliasTable(count: number): AliasTable {
  if (lastTable?.count === count) return lastTable;
  const weights = Array.from({ length: count }, (_, index) => 1 / (index + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const scaled = weights.map((weight) => (weight * count) / sum);
  // What rounding leaves over in the end has the chance 1.
  const chances = new Array<number>(count).fill(1);
  const aliases = scaled.map((_, index) => index);
  const downwards = scaled.map((_, index) => count - 1 - index);
  const small = downwards.filter((index) => (scaled[index] ?? 1) < 1);
  const large = downwards.filter((index) => (scaled[index] ?? 1) >= 1);
  for (let less = small.pop(), more = large.pop(); less !== undefined && more !== undefined; less = small.pop(), more = large.pop()) {
    chances[less] = scaled[less] ?? 1;
    aliases[less] = more;
    const left = (scaled[more] ?? 1) + (scaled[less] ?? 1) - 1;
    scaled[more] = left;
    (left < 1 ? small : large).push(more);
  }
  lastTable = { count, chances, aliases };
  return lastTable;
}

/**
 * The fragments, by index from 0, whose sum (exclusive or) is one part.
 * @param part its number, from 1: the first `count` parts are the fragments themselves.
 * @param count how many fragments the message has. @param checksum CRC-32 of the message.
 */
export function fragmentsOfPart(part: number, count: number, checksum: number): readonly number[] {
  if (part <= count) return [part - 1];
  const seed = Buffer.alloc(8);
  seed.writeUInt32BE(part, 0);
  seed.writeUInt32BE(checksum, 4);
  const random = randomFrom(seed);
  const degree = drawDegree(count, random);
  const left = Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: degree }, () => left.splice(Math.floor(random() * left.length), 1)[0] ?? 0);
}
