import { checkOwnPassphrase, type Policy } from '../ceremony/index.ts';
import { readBoundedFile } from '../files/index.ts';
import { readPassphrase } from '../sealing/index.ts';
import type { Passphrase } from '../values/index.ts';

const MAX_PASSPHRASE_FILE_BYTES = 4096;

/**
 * A passphrase from a file that the person named. The file's bytes are wiped; the caller wipes the passphrase.
 * @param what the file, for messages: "the passphrase file".
 * @throws input: those of reading a file and of readPassphrase.
 */
export async function readPassphraseFile(path: string, what: string): Promise<Passphrase> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_PASSPHRASE_FILE_BYTES, what });
  try {
    return readPassphrase(bytes);
  } finally {
    bytes.fill(0);
  }
}

/**
 * A passphrase that somebody typed. The string cannot be wiped; the bytes made of it are. The caller wipes the passphrase.
 * @throws input: those of readPassphrase.
 */
export function readPassphraseText(text: string): Passphrase {
  const bytes = Buffer.from(text, 'utf8');
  try {
    return readPassphrase(bytes);
  } finally {
    bytes.fill(0);
  }
}

/**
 * A passphrase that a secret is to be sealed under, held against the policy. The caller wipes it, also where this throws.
 * @param passphrase in NFC, as readPassphrase gives it; its characters are counted, not its bytes.
 * @throws input `passphrase-own-refused`, `passphrase-too-short`.
 */
export function checkSealingPassphrase(rules: Policy, passphrase: Passphrase): void {
  // The first byte of each character: the others of UTF-8 are 10xxxxxx. A string of it could not be wiped.
  checkOwnPassphrase(
    rules,
    passphrase.reduce((count, byte) => ((byte & 0xc0) === 0x80 ? count : count + 1), 0),
  );
}
