import { finding, type Finding } from './finding.ts';

/** How many words a phrase may have. */
export type PhraseRule = {
  readonly allows: (count: number) => boolean;
  /** Said after a number that is not allowed: "where 12, 15, 18, 21 or 24 belong". */
  readonly wanted: string;
  /** Words beyond the longest phrase are counted and not looked at, so that findings stay few. */
  readonly mostWords: number;
};

const IDEOGRAPHIC_SPACE = '\u3000';
const SPACES = '\\t\\n\\v\\f\\r \\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000';
const TOKEN = new RegExp(`([${SPACES}]*)([^${SPACES}]*)`, 'gu');

/** What must not stand in a word, the first that fits is the one named. */
const INTRUDERS: readonly (readonly [code: string, what: string, pattern: RegExp])[] = [
  ['phrase-capital', 'a capital letter', /[\p{Lu}\p{Lt}]/u],
  ['phrase-number', 'a number', /\p{N}/u],
  ['phrase-smart-quote', 'a smart quote', /[\u2018-\u201F\u2032-\u2037\u2039\u203A\u00AB\u00BB\u00B4]/u],
  ['phrase-punctuation', 'a punctuation mark', /[\p{P}\p{S}]/u],
  ['phrase-invisible', 'an invisible character', /\p{C}/u],
];

/** A phrase taken apart: its words, and what is wrong with how it is written. Nothing here knows a word list. */
export type PhraseForm = {
  /** The words as written, no more than the rule's longest phrase has. */
  readonly words: readonly string[];
  /** Places, counted from 0, of words that a fault already names. */
  readonly named: ReadonlySet<number>;
  /** Places, counted from 0, of words that U+3000 follows: right in a Japanese phrase and in no other. */
  readonly ideographicAfter: readonly number[];
  readonly faults: readonly Finding[];
};

/**
 * Takes a phrase apart and names what is wrong with its form: `phrase-word-count`, `phrase-outer-space`, `phrase-line-break`,
 * `phrase-second-space`, `phrase-space` (a tab, a no-break space and the like), and per word `phrase-capital`,
 * `phrase-number`, `phrase-smart-quote`, `phrase-punctuation`, `phrase-invisible`. Places are counted from 1.
 * @param text without a byte order mark and without one line end.
 */
export function parsePhraseForm(text: string, rule: PhraseRule): PhraseForm {
  const words: string[] = [];
  const named = new Set<number>();
  const ideographicAfter: number[] = [];
  const faults: Finding[] = [];
  let count = 0;
  for (const [, gap = '', word = ''] of text.matchAll(TOKEN)) {
    if (count <= rule.mostWords) {
      const isBetween = count > 0 && word !== '';
      if (isBetween && gap === IDEOGRAPHIC_SPACE) ideographicAfter.push(count - 1);
      else faults.push(...gapFaults(gap, isBetween, count));
    }
    if (word === '') continue;
    if (count < rule.mostWords) {
      const intruders = wordFaults(word, count + 1);
      if (intruders.length > 0) named.add(count);
      faults.push(...intruders);
      words.push(word);
    }
    count += 1;
  }
  if (!rule.allows(count)) {
    const counted = count === 1 ? '1 word' : `${count.toString()} words`;
    faults.unshift(finding('phrase-word-count', `${counted}, ${rule.wanted}`));
  }
  return { words, named, ideographicAfter, faults };
}

/** The words of a text that may be meant as a phrase, whatever stands between and around them: in NFKD and lower case. */
export function phraseWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** @param wordsBefore how many words stand before the gap. */
function gapFaults(gap: string, isBetween: boolean, wordsBefore: number): Finding[] {
  if (gap === '' || (isBetween && gap === ' ')) return [];
  const place = wordsBefore === 0 ? 'before word 1' : `after word ${wordsBefore.toString()}`;
  if (/[\n\v\f\r\u0085\u2028\u2029]/u.test(gap)) {
    // One line end after the last word is taken off before, so the one found here is too many.
    const which = isBetween || wordsBefore === 0 ? 'a line break' : 'a second line end';
    return [finding('phrase-line-break', `${which} ${place}`)];
  }
  if (/[^ \u3000]/u.test(gap)) return [finding('phrase-space', `a tab or another unusual space ${place}`)];
  if (!isBetween) return [finding('phrase-outer-space', `a space ${place}`)];
  return [finding('phrase-second-space', `a second space ${place}`)];
}

/** @param place counted from 1. */
function wordFaults(word: string, place: number): Finding[] {
  const faults: Finding[] = [];
  let rest = word;
  for (const [code, what, pattern] of INTRUDERS) {
    if (!pattern.test(rest)) continue;
    faults.push(finding(code, `${what} in word ${place.toString()}`));
    rest = rest.replace(new RegExp(pattern.source, 'gu'), '');
  }
  return faults;
}
