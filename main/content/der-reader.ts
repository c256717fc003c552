/** One value of DER: its identifier octet, what is inside, and all of it. Views of the bytes that were read. */
export type DerValue = { readonly tag: number; readonly contents: Buffer; readonly whole: Buffer };

export const DER = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  context0: 0xa0,
  context1: 0xa1,
  /** [1] of RFC 5958's OneAsymmetricKey, which is primitive. */
  context1Primitive: 0x81,
} as const;

/**
 * The values that stand one after the other, to the very end. Only definite lengths in as few octets as they take (X.690 §10.1) and
 * tags of one octet, which is all that key files use.
 * @returns null for anything else.
 */
export function readDer(bytes: Buffer): DerValue[] | null {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f) return null;
    const digits = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || digits > 3 || at + 2 + digits > bytes.length) return null;
    const length = digits === 0 ? first : bytes.readUIntBE(at + 2, digits);
    if (digits > 0 && length < (digits === 1 ? 0x80 : 256 ** (digits - 1))) return null;
    const begins = at + 2 + digits;
    if (begins + length > bytes.length) return null;
    values.push({ tag, contents: bytes.subarray(begins, begins + length), whole: bytes.subarray(at, begins + length) });
    at = begins + length;
  }
  return values;
}

/** What is inside the one value of this tag that the bytes are; null where they are anything else. */
export function readOnly(bytes: Buffer, tag: number): Buffer | null {
  const values = readDer(bytes);
  const [value] = values ?? [];
  return values?.length === 1 && value?.tag === tag ? value.contents : null;
}

/** The members of the one SEQUENCE that the bytes are. */
export function readSequence(bytes: Buffer): DerValue[] | null {
  const contents = readOnly(bytes, DER.sequence);
  return contents === null ? null : readDer(contents);
}

/** A non-negative INTEGER in as few octets as it takes (X.690 §8.3.2). */
export function integerOf(value: DerValue | undefined): bigint | null {
  if (value?.tag !== DER.integer) return null;
  const { contents } = value;
  const [first, second] = contents;
  if (first === undefined || first >= 0x80) return null;
  if (first === 0 && second !== undefined && second < 0x80) return null;
  return BigInt(`0x${contents.toString('hex')}`);
}

/** One value: identifier, length, contents. */
export function encodeDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const contents = Buffer.concat(parts);
  const { length } = contents;
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | digits.length, ...digits];
  return Buffer.concat([Buffer.from(header), contents]);
}

/** An OBJECT IDENTIFIER's contents from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return Buffer.from(
    [first * 40 + second, ...rest].flatMap((arc) => {
      const octets = [arc % 128];
      for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) octets.unshift(128 + (left % 128));
      return octets;
    }),
  );
}
