/**
 * Decodes standard base64 with padding (RFC 4648 §4). Only text that re-encodes to itself is taken: Node's own decoder
 * skips what it does not know, and two readings of one signature are one too many.
 * @returns the bytes, or null when the text is anything else. The empty string gives zero bytes.
 */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** Decodes hex of either case and even length. @returns the bytes, or null. The empty string gives zero bytes. */
export function decodeHex(text: string): Buffer | null {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  return Buffer.from(text, 'hex');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8, keeping a byte order mark as U+FEFF. @returns the text, or null when the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null; // the decoder's only failure is "not UTF-8", which is the answer
  }
}
