/**
 * Minimal DER (X.690 §10.1) for the few structures that sealing writes itself. The content of an envelope is not in memory
 * when its header is written, so lengths are written apart from contents; node-forge, which writes whole trees, serves the
 * self-test as the second opinion.
 */

/** Identifier octets used here. */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  context0: 0x80,
  context0Constructed: 0xa0,
  context1Constructed: 0xa1,
} as const;

/** A length octet that stands for "until two zero bytes" (X.690 §8.1.3.6). BER alone has it. */
export const INDEFINITE = 0x80;

/** Identifier and length octets of a value of `length` bytes. @param length a safe integer, not negative. */
export function derHeader(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.from([tag, 0x80 | digits.length, ...digits]);
}

/** One value: identifier, length, contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([derHeader(tag, length), ...contents]);
}

/** A non-negative INTEGER in as few bytes as it takes. */
export function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? der(TAG.integer, Buffer.from([0]), bytes) : der(TAG.integer, bytes);
}

/**
 * Splits one value of the given tag off the front. Only for what is written again and compared afterwards: lengths that are
 * not minimal are taken here. Lengths up to 65535.
 * @returns views of its contents and of what follows; null where no such value stands there whole.
 */
export function splitDer(bytes: Buffer, tag: number): { contents: Buffer; rest: Buffer } | null {
  const first = bytes[1];
  if (bytes[0] !== tag || first === undefined || first === INDEFINITE) return null;
  const digits = first < 0x80 ? 0 : first & 0x7f;
  const at = 2 + digits;
  if (digits > 2 || bytes.length < at) return null;
  const length = digits === 0 ? first : bytes.readUIntBE(2, digits);
  if (bytes.length < at + length) return null;
  return { contents: bytes.subarray(at, at + length), rest: bytes.subarray(at + length) };
}
