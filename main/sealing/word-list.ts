import { createHash } from 'node:crypto';
import { EFF_LONG_WORDLIST } from 'secure-password-utilities/wordlists';

/** Of `eff_large_wordlist.txt` as the Electronic Frontier Foundation publishes it: five throws of a die, a tab, the word, a line. */
const PUBLISHED_SHA256 = 'addd35536511597a02fa0a9ff1e5284677b8883b83e986e43f15a3db996b903e';

/** 7,776 words of 3 to 9 lower-case letters, four of them with a hyphen, in the order of the alphabet: 12.9 bits each. */
export const WORD_LIST: readonly string[] = checked(EFF_LONG_WORDLIST);

/** A list that somebody has changed on its way here would still look random. */
function checked(list: readonly string[]): readonly string[] {
  if (createHash('sha256').update(publishedForm(list)).digest('hex') === PUBLISHED_SHA256) return list;
  throw new TypeError('the list of words is not the one that the Electronic Frontier Foundation publishes');
}

/** The list as the published file has it. */
export function publishedForm(list: readonly string[]): string {
  return list.map((word, index) => `${throwsOf(index)}\t${word}\n`).join('');
}

/** Five throws of a die for an index: its digits to the base 6, each one more. */
function throwsOf(index: number): string {
  return index
    .toString(6)
    .padStart(5, '0')
    .replaceAll(/\d/g, (digit) => (Number(digit) + 1).toString());
}
