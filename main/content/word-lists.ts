import { wordlist as czech } from '@scure/bip39/wordlists/czech.js';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { wordlist as italian } from '@scure/bip39/wordlists/italian.js';
import { wordlist as japanese } from '@scure/bip39/wordlists/japanese.js';
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js';
import { wordlist as portuguese } from '@scure/bip39/wordlists/portuguese.js';
import { wordlist as simplifiedChinese } from '@scure/bip39/wordlists/simplified-chinese.js';
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js';
import { wordlist as traditionalChinese } from '@scure/bip39/wordlists/traditional-chinese.js';

/** One of BIP-39's word lists. */
export type WordList = {
  /** The language, as findings name it. */
  readonly name: string;
  /** 2,048 words in NFKD, in the list's order. */
  readonly words: string[];
  readonly has: (word: string) => boolean;
  /** BIP-39 writes Japanese phrases with U+3000 between the words. */
  readonly allowsIdeographicSpace: boolean;
};

function wordList(name: string, words: string[]): WordList {
  const known = new Set(words);
  return { name, words, has: (word) => known.has(word), allowsIdeographicSpace: name === 'Japanese' };
}

/** All ten lists of BIP-39, the most used first: of two that fit a faulty phrase equally well the first is named. */
export const WORD_LISTS: readonly WordList[] = [
  wordList('English', english),
  wordList('Spanish', spanish),
  wordList('French', french),
  wordList('Italian', italian),
  wordList('Portuguese', portuguese),
  wordList('Czech', czech),
  wordList('Japanese', japanese),
  wordList('Korean', korean),
  wordList('Simplified Chinese', simplifiedChinese),
  wordList('Traditional Chinese', traditionalChinese),
];
