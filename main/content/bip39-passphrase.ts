import { decodeUtf8, inputError } from '../values/index.ts';

/**
 * Reads the passphrase of BIP-39 from a file's bytes: UTF-8, one trailing LF or CRLF lost and nothing else. Null, and a file
 * without a character, are BIP-39's "no passphrase". Control and unassigned characters are refused: no wallet lets them be
 * typed, so the identifiers would be of a wallet that nobody has.
 * @param bytes the caller wipes them. @returns the text as given, a string that cannot be wiped.
 * @throws input `bip39-passphrase-not-utf8`, `bip39-passphrase-characters`.
 */
export function readBip39Passphrase(bytes: Buffer | null): string {
  if (bytes === null) return '';
  const text = decodeUtf8(bytes);
  if (text === null) {
    throw inputError('bip39-passphrase-not-utf8', 'the BIP-39 passphrase is not UTF-8 text', { hint: 'save its file again as UTF-8' });
  }
  const line = text.replace(/\r?\n$/, '');
  if (/[\p{Cc}\p{Cn}\uFEFF]/u.test(line)) {
    throw inputError(
      'bip39-passphrase-characters',
      'the BIP-39 passphrase holds a control character, a second line, a byte order mark or an unassigned character',
      { hint: 'keep its file to the passphrase alone, on one line' },
    );
  }
  return line;
}
