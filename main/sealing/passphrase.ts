import { decodeUtf8, inputError, type Passphrase } from '../values/index.ts';

/**
 * Controls, unassigned code points, and the byte order mark that some editors put in front. An unassigned code point may get
 * a decomposition in a later Unicode, and NFC would then give other bytes; for assigned ones it is stable for good.
 */
const REFUSED = /[\p{Cc}\p{Cn}\uFEFF]/u;

/**
 * Reads a passphrase from a file's bytes: UTF-8, one trailing LF or CRLF lost and nothing else (no trimming, no case
 * folding), then NFC. On the way it is a string, which cannot be wiped; it is dropped on return.
 * @param bytes the file; the caller wipes it.
 * @returns UTF-8 in NFC, at least one byte; the caller wipes it.
 * @throws input `passphrase-not-utf8`, `passphrase-empty`, `passphrase-characters`. design.md, "Sealing formats".
 */
export function readPassphrase(bytes: Uint8Array): Passphrase {
  const text = decodeUtf8(bytes);
  if (text === null) {
    throw inputError('passphrase-not-utf8', 'the passphrase file is not UTF-8 text', { hint: 'save it again as UTF-8' });
  }
  const line = text.replace(/\r?\n$/, '');
  if (line === '') throw inputError('passphrase-empty', 'the passphrase file holds no passphrase', { hint: 'put it on the first line' });
  if (REFUSED.test(line)) {
    throw inputError(
      'passphrase-characters',
      'the passphrase holds a control character, a second line, a byte order mark or an unassigned character',
      { hint: 'keep it to one line of ordinary text' },
    );
  }
  return Buffer.from(line.normalize('NFC'), 'utf8') as Passphrase;
}
