import { decodeUtf8 } from '../values/index.ts';
import { finding, type Finding } from './finding.ts';

/**
 * The most bytes that are looked at as text. 24 of the longest words of the ten lists and their spaces are 864 bytes, an
 * extended key is 111; what is larger never becomes a string, which could not be wiped.
 */
export const MAX_TEXT_BYTES = 4096;

/** The same for keys that are a file of their own: an RSA key of 16,384 bits as PEM has 12,700 bytes. */
export const MAX_FILE_BYTES = 16_384;

const BYTE_ORDER_MARK = '\uFEFF';

/** A secret as text, and what is wrong with it as a text file. */
export type SecretText = {
  /** Without a byte order mark and without one LF or CRLF at the end; empty where it cannot be read at all. */
  readonly text: string;
  readonly faults: readonly Finding[];
};

/**
 * Reads a secret as UTF-8 text. One line end after it is how editors save files, and no fault; every other departure is
 * named: `secret-too-long`, `secret-empty`, `secret-not-utf8`, `secret-bom`. The text is a JavaScript string, which cannot
 * be wiped: callers keep it no longer than they need it.
 */
export function readSecretText(secret: Buffer, maxBytes = MAX_TEXT_BYTES): SecretText {
  const fault = (code: string, message: string): SecretText => ({ text: '', faults: [finding(code, message)] });
  if (secret.length > maxBytes) {
    return fault('secret-too-long', `it is longer than ${maxBytes.toString()} bytes, which nothing of this kind is`);
  }
  const decoded = decodeUtf8(secret);
  if (decoded === null) return fault('secret-not-utf8', 'it is not UTF-8 text');
  const hasMark = decoded.startsWith(BYTE_ORDER_MARK);
  const text = (hasMark ? decoded.slice(1) : decoded).replace(/\r?\n$/, '');
  const faults = hasMark ? [finding('secret-bom', 'a byte order mark at the beginning')] : [];
  if (text === '') faults.push(finding('secret-empty', 'it is empty'));
  return { text, faults };
}

/** {@link readSecretText} for kinds that are one word: any space or further line end is `secret-space`. */
export function readSecretWord(secret: Buffer): SecretText {
  const { text, faults } = readSecretText(secret);
  const at = text.search(/[\s\u0085]/u);
  if (at === -1) return { text, faults };
  const place = at === 0 ? 'before it' : `after character ${Array.from(text.slice(0, at)).length.toString()}`;
  return { text, faults: [...faults, finding('secret-space', `a space or a line break ${place}`)] };
}
