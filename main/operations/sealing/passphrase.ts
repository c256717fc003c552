import { checkOwnPassphrase, type Policy } from '../../ceremony/index.ts';
import { readBoundedFile } from '../../files/index.ts';
import { checkOwnRules, isWordPassphrase, lengthInCharacters, readPassphrase } from '../../sealing/index.ts';
import type { Passphrase } from '../../values/index.ts';

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

/** As {@link readPassphraseFile}; null where no file was named. @throws as readPassphraseFile. */
export async function readNamedPassphrase(path: string | undefined, what: string): Promise<Passphrase | null> {
  return path === undefined ? null : readPassphraseFile(path, what);
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
 * A passphrase that a secret is to be sealed under. Words of the list, as Coldroom draws them, pass by that alone, under any policy;
 * any other is one that people made up: the policy must allow it, and it is held against the policy's least length and the rules
 * for such passphrases. Opening never asks this.
 * @param known names that a guesser would try first. @param passphrase the caller wipes it, also where this throws.
 * @throws input `passphrase-own-refused`, `passphrase-too-short`, and those of checkOwnRules.
 */
export async function checkSealingPassphrase(rules: Policy, passphrase: Passphrase, known: readonly string[]): Promise<void> {
  if (await isWordPassphrase(passphrase)) return;
  checkOwnPassphrase(rules, lengthInCharacters(passphrase));
  await checkOwnRules(passphrase, known);
}
