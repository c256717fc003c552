import type { Kind } from './kind.ts';
import { readSecretText } from './secret-text.ts';
import { SLIP39_WORDS } from './slip39-words.ts';
import { WORD_LISTS } from './word-lists.ts';

/** One word of a phrase that is on no list, and the words that it may have been meant as. */
export type WordHelp = { readonly place: number; readonly word: string; readonly nearest: readonly string[] };

const MOST_NEAREST = 3;
/** More letters than this apart are another word. */
const MOST_APART = 2;
const MOST_WORDS = 59;
/** No list has a longer word. */
const LONGEST_WORD = 32;

/**
 * The words of a phrase that are not on the list that has most of the others, with those of the list that are fewest letters apart.
 * SECURITY(REQ-NO-WORDS): this quotes the secret. For a screen that is kept out of pictures, and nothing else: never for a log, a document, a
 * report, JSON or an error.
 * @returns in the phrase's order; empty for other kinds, and where no list has any of its words. Places are counted from 1.
 */
export function helpWithWords(secret: Buffer, kind: Kind): readonly WordHelp[] {
  if (kind !== 'bip39' && kind !== 'slip39') return [];
  const words = readSecretText(secret)
    .text.split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS);
  const lists = kind === 'slip39' ? [SLIP39_WORDS] : WORD_LISTS.map((list) => list.words);
  const folded = words.map((word) => word.normalize('NFKD').toLowerCase());
  const counted = lists.map((list) => ({ list, count: folded.filter((word) => list.includes(word)).length }));
  const best = counted.reduce((most, one) => (one.count > most.count ? one : most));
  if (best.count === 0) return [];
  return words.flatMap((word, index) => {
    if (best.list.includes(word.normalize('NFD')) || word.length > LONGEST_WORD) return [];
    const meant = folded[index] ?? '';
    return [{ place: index + 1, word, nearest: best.list.includes(meant) ? [meant] : nearestOf(best.list, meant) }];
  });
}

function nearestOf(list: readonly string[], word: string): string[] {
  return list
    .map((candidate) => ({ candidate, apart: lettersApart(word, candidate) }))
    .filter(({ apart }) => apart <= MOST_APART)
    .toSorted((a, b) => a.apart - b.apart)
    .slice(0, MOST_NEAREST)
    .map(({ candidate }) => candidate);
}

/** Letters to change, add, leave out, or swap with the next one (optimal string alignment). */
function lettersApart(one: string, other: string): number {
  const [a, b] = [Array.from(one), Array.from(other)];
  if (Math.abs(a.length - b.length) > MOST_APART) return MOST_APART + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
