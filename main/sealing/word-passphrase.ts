import { randomInt } from 'node:crypto';
import type { Passphrase } from '../values/index.ts';

/** 6 words are 77 bits (design.md, "Sealing formats"). */
export const LEAST_WORDS = 6;
/** 310 bits: more than the key that comes of them, and still one page of a card. */
export const MOST_WORDS = 24;
/**
 * Six times the same word is no passphrase that anybody drew: one in a million of six words has fewer different ones than these.
 * Generation draws again then, so that what it gives always passes {@link isWordPassphrase}.
 */
const LEAST_DIFFERENT = 5;

/** The bits of so many words, rounded down. */
export function bitsOfWords(count: number): number {
  return Math.floor(count * Math.log2(7776));
}

/**
 * Draws a passphrase: words of the EFF's large list with one U+0020 between them. The words are constants of the list; no string
 * of the whole is made.
 * @param count 6 to 24.
 * @param draw a whole number from 0 to below the one it is given, each alike; `crypto.randomInt` throws away what would be uneven.
 * @returns the caller wipes it.
 */
export async function generatePassphrase(count: number, draw: (below: number) => number = randomInt): Promise<Passphrase> {
  if (!Number.isInteger(count) || count < LEAST_WORDS || count > MOST_WORDS) {
    throw new RangeError(`a passphrase has ${LEAST_WORDS.toString()} to ${MOST_WORDS.toString()} words`);
  }
  const { WORD_LIST } = await import('./word-list.ts');
  for (;;) {
    const drawn = Array.from({ length: count }, () => draw(WORD_LIST.length));
    if (new Set(drawn).size < LEAST_DIFFERENT) continue;
    const pieces = drawn.map((index, at) => Buffer.from(`${at === 0 ? '' : ' '}${WORD_LIST[index] ?? ''}`, 'latin1'));
    const passphrase = Buffer.concat(pieces);
    for (const piece of pieces) piece.fill(0);
    drawn.fill(0);
    return passphrase as Passphrase;
  }
}

/**
 * Whether it is six words of the list or more, with single spaces, at least five of them different. That is how a generated one
 * looks; whether it was drawn or picked nobody can tell from it.
 */
export async function isWordPassphrase(passphrase: Passphrase): Promise<boolean> {
  const words = passphrase.toString('utf8').split(' ');
  if (words.length < LEAST_WORDS || new Set(words).size < LEAST_DIFFERENT) return false;
  return (await placesNotInList(words)).length === 0;
}

/** The places, from 1, of what is no word of the list: an error of hand or eye, which says nothing of what was drawn. */
export async function placesNotInList(words: readonly string[]): Promise<number[]> {
  const { WORD_LIST } = await import('./word-list.ts');
  const known = new Set(WORD_LIST);
  return words.flatMap((word, index) => (known.has(word) ? [] : [index + 1]));
}
