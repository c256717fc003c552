import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { finding, type Finding } from './finding.ts';

const base58check = createBase58check(sha256);

/** True when every character is of Bitcoin's Base58 alphabet, which leaves out 0, O, I and l. */
export function isBase58(text: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]+$/.test(text);
}

/** The fault `base58-character`, with the place of the first character that is not of the alphabet, counted from 1; else none. */
export function alphabetFaults(text: string): Finding[] {
  if (isBase58(text)) return [];
  const place = Array.from(text).findIndex((character) => !isBase58(character)) + 1;
  return [finding('base58-character', `character ${place.toString()} is not in the Base58 alphabet, which has no 0, O, I and l`)];
}

/**
 * Decodes Base58Check. @param text of {@link isBase58}, and short: the work grows with the square of its length.
 * @returns the payload, which the caller wipes, or null when the checksum of 4 bytes is wrong.
 */
export function decodeBase58Check(text: string): Uint8Array | null {
  try {
    return base58check.decode(text);
  } catch {
    return null; // of text in the alphabet only the checksum can be wrong, and the decoder's message may quote the text
  }
}
