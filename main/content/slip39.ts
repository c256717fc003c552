import { finding, type Finding } from './finding.ts';
import type { KindReader, Reading } from './kind.ts';
import { parsePhraseForm, phraseWords, type PhraseRule } from './phrase-form.ts';
import { readSecretText } from './secret-text.ts';
import { SLIP39_NUMBERS, SLIP39_WORDS } from './slip39-words.ts';
import { WORD_LISTS } from './word-lists.ts';

/** Each word stands for 10 bits. */
const WORD_BITS = 10;
/** Words before the share's value: identifier, group and member; words behind it: the checksum. */
const HEADER_WORDS = 4;
const CHECKSUM_WORDS = 3;
/** 128 bits, the least that SLIP-39 splits; 512, the most that BIP-32 takes as a seed. */
const LEAST_WORDS = 20;
const MOST_WORDS = 59;

const RULE: PhraseRule = {
  allows: (count) => count >= LEAST_WORDS && count <= MOST_WORDS && paddingBits(count) <= 8,
  wanted: 'which no share has; most have 20 or 33',
  mostWords: MOST_WORDS,
};

/**
 * One share of SLIP-39 in its exact form: lower case, one space between words, at most one line end after it. A share gives away
 * nothing of the secret, so it has no identifiers; that it is one, and which, is all that can be told.
 *
 * Faults: those of the text and of {@link parsePhraseForm}, `phrase-space`, `phrase-unknown-word`, `share-checksum`,
 * `share-padding`, `share-group`. A valid share has the note `share-place`: its member and group, and how many are needed.
 */
export const slip39: KindReader = {
  kind: 'slip39',
  identifiers: {},
  takesBip39Passphrase: false,
  takesPassword: false,
  resembles: resemblesShare,
  read: (secret) => {
    const { text, faults } = readSecretText(secret);
    if (text === '') return { valid: false, findings: faults };
    return readShare(text, faults);
  },
};

/**
 * True for 18 words or more of which three quarters are on this list, and more than are on any list of BIP-39: more than half of
 * its words are on the English one too. Where as many are on both, the number of words decides.
 */
function resemblesShare(text: string): boolean {
  const words = phraseWords(text);
  const here = words.filter((word) => SLIP39_NUMBERS.has(word)).length;
  if (words.length < 18 || here * 4 < words.length * 3) return false;
  const elsewhere = Math.max(...WORD_LISTS.map((list) => words.filter((word) => list.has(word)).length));
  return here > elsewhere || (here === elsewhere && words.length % 3 !== 0);
}

function readShare(text: string, textFaults: readonly Finding[]): Reading {
  const form = parsePhraseForm(text, RULE);
  const faults = [...textFaults, ...form.faults];
  form.words.forEach((word, index) => {
    if (form.named.has(index) || SLIP39_NUMBERS.has(word)) return;
    faults.push(finding('phrase-unknown-word', `word ${(index + 1).toString()} is not on the list of SLIP-39`));
  });
  for (const index of form.ideographicAfter) {
    faults.push(finding('phrase-space', `a tab or another unusual space after word ${(index + 1).toString()}`));
  }
  if (faults.length > 0) return { valid: false, findings: faults };

  const numbers = form.words.map((word) => SLIP39_NUMBERS.get(word) ?? 0);
  const share = decodeHeader(numbers);
  if (rs1024(share.isExtendable ? 'shamir_extendable' : 'shamir', numbers) !== 1) {
    return { valid: false, findings: [finding('share-checksum', 'its checksum is wrong: a word is another one, or out of place')] };
  }
  const padding = paddingBits(numbers.length);
  // The checksum is right, so whoever made the share made it so.
  if (padding > 0 && (numbers[HEADER_WORDS] ?? 0) >> (WORD_BITS - padding) !== 0) {
    return {
      valid: false,
      findings: [finding('share-padding', 'its checksum is right, and the bits that fill its first value word are not zero')],
    };
  }
  if (share.groupThreshold > share.groupCount || share.group > share.groupCount) {
    return { valid: false, findings: [finding('share-group', 'its checksum is right, and its groups contradict each other')] };
  }
  return { valid: true, findings: [finding('share-place', placeOf(share))], open: null };
}

/** What the first four words say of a share; groups and members are counted from 1. */
type Header = {
  readonly isExtendable: boolean;
  readonly group: number;
  readonly groupThreshold: number;
  readonly groupCount: number;
  readonly member: number;
  readonly memberThreshold: number;
};

/** SLIP-39, "Format of the share mnemonic": identifier 15 bits, extendable 1, iteration exponent 4, then five fields of 4. */
function decodeHeader(numbers: readonly number[]): Header {
  const [, second = 0, third = 0, fourth = 0] = numbers;
  const fields = (third << WORD_BITS) | fourth;
  const field = (at: number): number => ((fields >> (16 - 4 * at)) & 15) + 1;
  return {
    isExtendable: ((second >> 4) & 1) === 1,
    group: field(0),
    groupThreshold: field(1),
    groupCount: field(2),
    member: field(3),
    memberThreshold: field(4),
  };
}

function placeOf({ group, groupThreshold, groupCount, member, memberThreshold }: Header): string {
  const shares = memberThreshold === 1 ? 'this one share opens its group' : `${memberThreshold.toString()} shares of a group open it`;
  const groups =
    groupCount === 1
      ? ''
      : `; it is of group ${group.toString()} of ${groupCount.toString()}, and ${groupThreshold.toString()} groups are needed`;
  return `it is share ${member.toString()} of its group, and ${shares}${groups}`;
}

/**
 * A share that opens its group by itself, of one group: for rehearsals.
 * @param value what it stands for, 16 or 32 bytes. @param identifier 4 bytes, of which 15 bits count.
 */
export function makeShare(value: Buffer, identifier: Buffer): string {
  const count = HEADER_WORDS + Math.ceil((value.length * 8) / WORD_BITS) + CHECKSUM_WORDS;
  const bits = '0'.repeat(paddingBits(count)) + Array.from(value, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const valueWords = bits.match(/.{10}/g)?.map((word) => Number.parseInt(word, 2)) ?? [];
  // Extendable, its iteration exponent 0; group and member are the first of one, which is written as zeros.
  const header = [identifier.readUInt16BE(0) % 1024, ((identifier.readUInt16BE(2) % 32) << 5) | 16, 0, 0];
  const sum = rs1024('shamir_extendable', [...header, ...valueWords, 0, 0, 0]) ^ 1;
  const checksum = [20, 10, 0].map((shift) => (sum >> shift) & 1023);
  return [...header, ...valueWords, ...checksum].map((number) => SLIP39_WORDS[number] ?? '').join(' ');
}

/** The value is a whole number of 16 bits; what is left of its words comes before it. */
function paddingBits(count: number): number {
  return (WORD_BITS * (count - HEADER_WORDS - CHECKSUM_WORDS)) % 16;
}

/** Ten generators of SLIP-39, "Checksum": a Reed–Solomon code over 1,024 symbols, which finds any three wrong words. */
const GENERATORS = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
] as const;

/** The checksum over the customisation string and all words: 1 where it is right. */
function rs1024(customisation: string, numbers: readonly number[]): number {
  let sum = 1;
  for (const value of [...Buffer.from(customisation, 'ascii'), ...numbers]) {
    const top = sum >> 20;
    sum = ((sum & 0xfffff) << WORD_BITS) ^ value;
    GENERATORS.forEach((generator, bit) => {
      if (((top >> bit) & 1) === 1) sum ^= generator;
    });
  }
  return sum;
}
