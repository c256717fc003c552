import { HDKey } from '@scure/bip32';
import { validateMnemonic } from '@scure/bip39';
import { HDKey as Slip10Key } from 'micro-key-producer/slip10.js';
import { seedOfPhrase } from './bip39-seed.ts';
import { finding, type Finding } from './finding.ts';
import { openTree } from './hd-keys.ts';
import type { Keys } from './keys.ts';
import type { KindReader, Reading } from './kind.ts';
import { parsePhraseForm, phraseWords, type PhraseForm, type PhraseRule } from './phrase-form.ts';
import { readSecretText } from './secret-text.ts';
import { WORD_LISTS, type WordList } from './word-lists.ts';

/** Word counts of BIP-39, "Generating the mnemonic". */
const COUNTS: readonly number[] = [12, 15, 18, 21, 24];
const RULE: PhraseRule = { allows: (count) => COUNTS.includes(count), wanted: 'where 12, 15, 18, 21 or 24 belong', mostWords: 24 };

/**
 * A phrase of BIP-39 in one of the ten lists, in its exact form: lower case, one space between words, at most one line end
 * after it, NFKD-equal: an accent that is one character with its letter is a fault, since the bytes sealed are the file's and
 * a tool that does not normalise would find other keys. In Japanese U+3000 may stand between words, as BIP-39 has it.
 *
 * Faults: those of the text and of {@link parsePhraseForm}, `phrase-space`, `phrase-other-form`, `phrase-unknown-word`,
 * `phrase-not-nfkd`, `phrase-checksum`. Notes on a valid phrase: `phrase-two-languages`, `phrase-ideographic-space`.
 *
 * Usual paths: the first address of the first account by BIP-44, BIP-84, BIP-86; Ethereum's first address as most wallets
 * count it; Solana's as Phantom and Solflare count it (others use m/44'/501'/0'); for `xpub` the first account by BIP-44,
 * the standard that the letters "xpub" belong to (SLIP-132).
 */
export const bip39: KindReader = {
  kind: 'bip39',
  identifiers: {
    'master-fingerprint': { usual: 'm' },
    xpub: { usual: "m/44'/0'/0'" },
    'bitcoin-p2pkh': { usual: "m/44'/0'/0'/0/0" },
    'bitcoin-p2wpkh': { usual: "m/84'/0'/0'/0/0" },
    'bitcoin-p2tr': { usual: "m/86'/0'/0'/0/0" },
    ethereum: { usual: "m/44'/60'/0'/0/0" },
    solana: { usual: "m/44'/501'/0'/0'" },
    'public-key': 'given',
  },
  takesBip39Passphrase: true,
  takesPassword: false,
  resembles: resemblesPhrase,
  read: (secret) => {
    const { text, faults } = readSecretText(secret);
    if (text === '') return { valid: false, findings: faults };
    return readPhrase(text, faults);
  },
};

/**
 * True when there are six words or more and three quarters of them are on one list, whatever stands between and around
 * them. Ordinary English has up to two thirds of its words on the English list ("the quick brown fox …").
 */
function resemblesPhrase(text: string): boolean {
  const words = phraseWords(text);
  return words.length >= 6 && WORD_LISTS.some((list) => countOn(list, words) * 4 >= words.length * 3);
}

function readPhrase(text: string, textFaults: readonly Finding[]): Reading {
  const form = parsePhraseForm(text, RULE);
  const words = form.words.map((word) => word.normalize('NFD'));
  const lists = WORD_LISTS.filter((list) => words.every((word) => list.has(word)));
  const faults = [...textFaults, ...form.faults];
  if (words.length > 0 && lists.length === 0) faults.push(...unknownWordFaults(form, words));
  if (lists.length > 0 && form.words.some((word) => word !== word.normalize('NFKD'))) {
    faults.push(finding('phrase-not-nfkd', 'an accent is written as one character with its letter; BIP-39 wants the two apart (NFKD)'));
  }
  const candidates = lists.filter((list) => form.ideographicAfter.length === 0 || list.allowsIdeographicSpace);
  if (candidates.length === 0) faults.push(...ideographicFaults(form, words));
  if (faults.length > 0) return { valid: false, findings: faults };

  const phrase = words.join(' ');
  const languages = candidates.filter((list) => validateMnemonic(phrase, list.words)).map((list) => list.name);
  if (languages.length === 0) {
    return { valid: false, findings: [finding('phrase-checksum', 'its checksum is wrong: a word is another one, or out of place')] };
  }
  return { valid: true, findings: notesOn(text, languages), open: ({ bip39Passphrase }) => openPhrase(phrase, bip39Passphrase) };
}

function unknownWordFaults(form: PhraseForm, words: readonly string[]): Finding[] {
  const list = bestList(words);
  const faults: Finding[] = [];
  words.forEach((word, index) => {
    if (form.named.has(index) || list?.has(word) === true) return;
    const place = (index + 1).toString();
    if (list?.has(word.normalize('NFKD')) === true) {
      faults.push(finding('phrase-other-form', `characters of another form, such as full width, in word ${place}`));
    } else if (list === null) {
      faults.push(finding('phrase-unknown-word', `word ${place} is on none of the ten lists`));
    } else {
      faults.push(finding('phrase-unknown-word', `word ${place} is not on the ${list.name} list`));
    }
  });
  return faults;
}

function ideographicFaults(form: PhraseForm, words: readonly string[]): Finding[] {
  if (bestList(words)?.allowsIdeographicSpace === true) return [];
  return form.ideographicAfter.map((index) =>
    finding('phrase-space', `a tab or another unusual space after word ${(index + 1).toString()}`),
  );
}

/** The list that has the most of the words, for naming what is wrong; null when none has any. */
function bestList(words: readonly string[]): WordList | null {
  const folded = words.map((word) => word.normalize('NFKD').toLowerCase());
  let best: WordList | null = null;
  let most = 0;
  for (const list of WORD_LISTS) {
    const count = countOn(list, folded);
    if (count <= most) continue;
    best = list;
    most = count;
  }
  return best;
}

function countOn(list: WordList, words: readonly string[]): number {
  return words.reduce((count, word) => (list.has(word) ? count + 1 : count), 0);
}

function notesOn(text: string, languages: readonly string[]): Finding[] {
  const notes: Finding[] = [];
  if (languages.length > 1) {
    notes.push(
      finding(
        'phrase-two-languages',
        `it is a valid phrase in more than one language: ${languages.join(', ')}; its keys are the same in each`,
      ),
    );
  }
  if (text !== text.normalize('NFKD')) {
    notes.push(
      finding(
        'phrase-ideographic-space',
        'an ideographic space stands between its words, as the Japanese list has it; wallets that follow BIP-39 read it as a plain one',
      ),
    );
  }
  return notes;
}

async function openPhrase(phrase: string, passphrase: string): Promise<Keys> {
  const seed = await seedOfPhrase(phrase, passphrase);
  try {
    return openTree(HDKey.fromMasterSeed(seed), Slip10Key.fromMasterSeed(seed));
  } finally {
    seed.fill(0);
  }
}
