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
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  context0: 0x80,
  context0Constructed: 0xa0,
  context1Constructed: 0xa1,
} as const;

/** Identifier and length octets of a value of `length` bytes. */
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
