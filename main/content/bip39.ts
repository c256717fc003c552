import { HDKey } from '@scure/bip32';
import { mnemonicToEntropy, mnemonicToSeed } from '@scure/bip39';
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
import { HDKey as Slip10Key } from 'micro-key-producer/slip10.js';
import { decodeUtf8, inputError } from '../values/index.ts';
import { solanaAddress } from './addresses.ts';
import { exactText } from './exact-text.ts';
import { identifyBelow } from './hd-key.ts';
import { invalid, type AskedIdentifier, type Finding, type Identifier, type Reading } from './kinds.ts';
import { checkPath, USUAL_PATHS } from './path.ts';

const LISTS: Readonly<Record<string, string[]>> = {
  English: english,
  'Simplified Chinese': simplifiedChinese,
  'Traditional Chinese': traditionalChinese,
  Czech: czech,
  French: french,
  Italian: italian,
  Japanese: japanese,
  Korean: korean,
  Portuguese: portuguese,
  Spanish: spanish,
};
const LENGTHS = [12, 15, 18, 21, 24];
/** BIP-39 joins Japanese words with U+3000; NFKD makes it a plain space. A file may hold either. */
const IDEOGRAPHIC_SPACE = '\u3000';

/**
 * A BIP-39 phrase in its exact form: lower case, single spaces, NFKD-equal, at most one line end after it. Findings name the
 * fault and its place, and none of the words.
 */
export function readBip39(secret: Uint8Array, bip39Passphrase: Uint8Array | null): Reading {
  const { text, findings } = exactText(secret);
  if (text === null) return invalid(...findings);
  const faults = formFaults(text);
  if (faults.length > 0) return invalid(...faults);
  const words = text.replaceAll(IDEOGRAPHIC_SPACE, ' ').split(' ');
  if (!LENGTHS.includes(words.length)) {
    return invalid({ code: 'word-count', message: `a phrase has ${LENGTHS.join(', ')} words; here are ${words.length.toString()}` });
  }
  const languages = Object.entries(LISTS).filter(([, list]) => words.every((word) => list.includes(word)));
  if (languages.length === 0) return invalid(...strangers(words));
  const valid = languages.filter(([, list]) => holdsChecksum(words, list)).map(([name]) => name);
  if (valid.length === 0) {
    return invalid({
      code: 'checksum',
      message: 'every word is on the list, but the phrase does not pass its own checksum: a word is wrong, or two are swapped',
    });
  }
  return { ok: true, secret: new Phrase(words.join(' '), valid, bip39Passphrase) };
}

function holdsChecksum(words: readonly string[], list: string[]): boolean {
  try {
    mnemonicToEntropy(words.join(' '), list).fill(0);
    return true;
  } catch {
    return false; // the answer to "does the checksum hold"
  }
}

function formFaults(text: string): Finding[] {
  const faults: Finding[] = [];
  const plain = text.replaceAll(IDEOGRAPHIC_SPACE, ' ');
  if (/ {2}/.test(plain)) faults.push({ code: 'second-space', message: 'two spaces stand between two words' });
  if (/[^\S ]/.test(plain)) faults.push({ code: 'other-space', message: 'a tab or another kind of space stands between words' });
  if (plain !== plain.normalize('NFKD'))
    faults.push({ code: 'not-nfkd', message: 'an accent or a letter is written in another Unicode form than BIP-39 wants (NFKD)' });
  for (const [index, word] of plain.split(' ').entries()) {
    const place = `word ${(index + 1).toString()}`;
    if (/\p{Lu}/u.test(word)) faults.push({ code: 'capital-letter', message: `a capital letter in ${place}` });
    if (/\p{N}/u.test(word)) faults.push({ code: 'number', message: `a number in ${place}` });
    if (/[\p{P}\p{S}]/u.test(word)) faults.push({ code: 'punctuation', message: `a quotation mark or another sign in ${place}` });
  }
  return faults;
}

/** The words that are not on the list that most of the others are on, by place. */
function strangers(words: readonly string[]): Finding[] {
  const [language, list] = Object.entries(LISTS).toSorted((a, b) => count(words, b[1]) - count(words, a[1]))[0] ?? ['English', english];
  if (count(words, list) === 0) return [{ code: 'not-on-a-list', message: 'its words are on none of the ten lists' }];
  return words
    .map((word, index) => ({ word, index }))
    .filter(({ word }) => !list.includes(word))
    .map(({ index }) => ({ code: 'word-not-on-list', message: `word ${(index + 1).toString()} is not on the ${language} list` }));
}

function count(words: readonly string[], list: readonly string[]): number {
  return words.filter((word) => list.includes(word)).length;
}

class Phrase {
  readonly kind = 'bip39' as const;
  readonly findings: readonly Finding[];
  readonly #phrase: string;
  readonly #passphrase: string;
  #seed: Uint8Array | null = null;

  constructor(phrase: string, languages: readonly string[], bip39Passphrase: Uint8Array | null) {
    this.#phrase = phrase;
    this.#passphrase = bip39Passphrase === null ? '' : passphraseText(bip39Passphrase);
    this.findings =
      languages.length === 1
        ? []
        : [{ code: 'two-languages', message: `the phrase is valid in ${languages.join(' and ')}: write down which it is` }];
  }

  async identify(asked: AskedIdentifier): Promise<Identifier> {
    const path = asked.path ?? USUAL_PATHS[asked.type] ?? 'm';
    checkPath(path);
    const seed = await this.#makeSeed();
    if (asked.type === 'solana') return { ...asked, path, value: solana(seed, path) };
    const root = HDKey.fromMasterSeed(seed);
    try {
      return { type: asked.type, path, value: identifyBelow(root, asked.type, path) };
    } finally {
      root.wipePrivateData();
    }
  }

  wipe(): void {
    this.#seed?.fill(0);
    this.#seed = null;
  }

  /** PBKDF2 is the costly part, so the seed is kept for the next identifier, and wiped with the phrase. */
  async #makeSeed(): Promise<Uint8Array> {
    this.#seed ??= await mnemonicToSeed(this.#phrase, this.#passphrase);
    return this.#seed;
  }
}

/** SLIP-10 knows only hardened steps on Ed25519. */
function solana(seed: Uint8Array, path: string): string {
  if (
    path
      .split('/')
      .slice(1)
      .some((step) => !step.endsWith("'"))
  ) {
    throw inputError('path-invalid', 'a Solana path has only hardened steps', { hint: "write it like m/44'/501'/0'/0'" });
  }
  return solanaAddress(Slip10Key.fromMasterSeed(seed).derive(path).publicKeyRaw);
}

function passphraseText(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text === null)
    throw inputError('bip39-passphrase-not-utf8', 'the BIP-39 passphrase is not UTF-8 text', { hint: 'save it again as UTF-8' });
  return text;
}
