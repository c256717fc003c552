const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The text of an armoured OpenPGP file, or null where it is binary: every binary packet begins with a byte whose highest bit is set
 * (RFC 9580 §4.2), and no text does but behind a byte order mark.
 */
export function textOf(bytes: Buffer): string | null {
  const isMarked = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const start = isMarked ? BYTE_ORDER_MARK.length : 0;
  return ((bytes[start] ?? 0) & 0x80) === 0 ? bytes.toString('latin1', start) : null;
}
