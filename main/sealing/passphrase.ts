import { decodeUtf8, inputError, type Passphrase } from '../values/index.ts';

/**
 * Reads a passphrase from a file's bytes: UTF-8, one trailing LF or CRLF lost and nothing else (no trimming, no case
 * folding), then NFC. Control and unassigned code points are refused: they cannot be typed the same way twice.
 * @param bytes the file; the caller wipes it. @returns UTF-8 in NFC; the caller wipes it.
 * @throws input `passphrase-not-utf8`, `passphrase-empty`, `passphrase-characters`. design.md, "Sealing formats".
 */
export function readPassphrase(bytes: Uint8Array): Passphrase {
  const text = decodeUtf8(bytes);
  if (text === null) throw inputError('passphrase-not-utf8', 'the passphrase file is not UTF-8 text', { hint: 'save it again as UTF-8' });
  const line = text.replace(/\r?\n$/, '');
  if (line === '') throw inputError('passphrase-empty', 'the passphrase file holds no passphrase');
  const normal = line.normalize('NFC');
  if (/[\p{Cc}\p{Cn}\p{Cs}\uFEFF]/u.test(normal)) {
    throw inputError(
      'passphrase-characters',
      'the passphrase holds a control character, a second line, a byte order mark or an unassigned character',
      {
        hint: 'keep it to one line of ordinary text',
      },
    );
  }
  return Buffer.from(normal, 'utf8') as Passphrase;
}
