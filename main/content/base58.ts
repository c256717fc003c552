import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';

const base58check = createBase58check(sha256);

/** True when every character is of Bitcoin's Base58 alphabet, which leaves out 0, O, I and l. */
export function isBase58(text: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]+$/.test(text);
}

/** Where the first character stands that is not of the alphabet, counted from 1. @param text of which {@link isBase58} is not true. */
export function strangerIn(text: string): number {
  return Array.from(text).findIndex((character) => !isBase58(character)) + 1;
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
