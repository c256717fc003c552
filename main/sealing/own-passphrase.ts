import type { ZxcvbnResult } from '@zxcvbn-ts/core';
import { inputError, type ColdroomError, type Passphrase } from '../values/index.ts';

/** What the rules of CoinCover's own command line ask of a passphrase (contract, "Encryption"). */
const OWN_LEAST_LENGTH = 16;
const OWN_MOST_LENGTH = 128;
const LEAST_KINDS = 3;
const LEAST_DIFFERENT = 10;

/**
 * How many guesses it must stand, as a power of ten, by zxcvbn's estimate. Its best class begins at 10^10, which somebody who
 * makes 10,000 guesses a second against scrypt has tried in eleven days; 10^14 take three centuries.
 */
const LEAST_GUESSES_LOG10 = 14;

/** Half of a passphrase stands alone against whoever knows the other: here zxcvbn's best class. */
const HALF_LEAST_LENGTH = 10;
const HALF_LEAST_GUESSES_LOG10 = 10;

/** The estimate takes seconds for a long one; what begins like this is as hard to guess as its beginning, or harder. */
const ESTIMATED_LENGTH = 48;

const ADVICE = 'take six or more words that Coldroom draws, or a longer one that rests on nothing that can be looked up';

/** Lower-case letters, capitals, digits, and everything else: signs, spaces, letters of scripts without capitals. */
const KINDS: readonly RegExp[] = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/** The code points of a passphrase in NFC, counted without making a string of it: every byte of UTF-8 but 10xxxxxx begins one. */
export function lengthInCharacters(passphrase: Passphrase): number {
  return passphrase.reduce((count, byte) => ((byte & 0xc0) === 0x80 ? count : count + 1), 0);
}

/**
 * Judges a passphrase that people made up: the rules of CoinCover's command line, in code points after NFC, then an estimate of
 * how many guesses it stands. The estimate needs a string, which cannot be wiped; it is dropped on return.
 * @param known what a guesser would try first: names of people, wallet, station.
 * @throws input `passphrase-too-short`, `passphrase-too-long`, `passphrase-few-kinds`, `passphrase-few-characters`,
 *   `passphrase-guessable`. No message says anything of the passphrase but the rule that it breaks.
 */
export async function checkOwnRules(passphrase: Passphrase, known: readonly string[] = []): Promise<void> {
  const length = lengthInCharacters(passphrase);
  if (length < OWN_LEAST_LENGTH) throw tooShort('a passphrase of your own', OWN_LEAST_LENGTH);
  if (length > OWN_MOST_LENGTH) throw tooLong();
  const text = passphrase.toString('utf8');
  if (KINDS.filter((kind) => kind.test(text)).length < LEAST_KINDS) {
    throw inputError(
      'passphrase-few-kinds',
      `the passphrase has fewer than ${LEAST_KINDS.toString()} of these: lower-case letters, capitals, digits, signs and spaces`,
      { hint: 'mix three of them, or take six or more words that Coldroom draws' },
    );
  }
  if (new Set(text).size < LEAST_DIFFERENT) {
    throw inputError('passphrase-few-characters', `the passphrase has fewer than ${LEAST_DIFFERENT.toString()} different characters`, {
      hint: ADVICE,
    });
  }
  await checkGuesses(text, LEAST_GUESSES_LOG10, known);
}

/**
 * Judges one of two halves by itself, before anybody sees the other.
 * @throws input `passphrase-half-short`, `passphrase-too-long`, `passphrase-guessable`.
 */
export async function checkOwnHalf(half: Passphrase, known: readonly string[] = []): Promise<void> {
  const length = lengthInCharacters(half);
  if (length < HALF_LEAST_LENGTH) {
    throw inputError('passphrase-half-short', `half of a passphrase has at least ${HALF_LEAST_LENGTH.toString()} characters`, {
      hint: 'choose a longer one: whoever knows the other half has only this one to guess',
    });
  }
  // Both, and the space between them, must fit.
  if (length > (OWN_MOST_LENGTH - 1) / 2) throw tooLong();
  await checkGuesses(half.toString('utf8'), HALF_LEAST_GUESSES_LOG10, known);
}

/** @throws input `passphrase-guessable`. */
async function checkGuesses(text: string, leastLog10: number, known: readonly string[]): Promise<void> {
  const result = await estimate(text, known);
  if (result.guessesLog10 < leastLog10) throw guessable(reasonOf(result));
  // zxcvbn counts a word that comes again like another one.
  const once = withoutRepeats(text);
  if (once !== text && (await estimate(once, known)).guessesLog10 < leastLog10) throw guessable(REASONS['repeat']);
}

function guessable(reason: string | undefined): ColdroomError {
  const told = reason === undefined ? '' : `: much of it is ${reason}`;
  return inputError('passphrase-guessable', `the passphrase is too easy to guess${told}`, { hint: ADVICE });
}

/** Fewer alike are chance. */
const REPEAT_LEAST_LENGTH = 4;

/** What is left when everything goes that stood there before, in capitals or not: to guess it once is to guess it again. */
function withoutRepeats(text: string): string {
  const all = Array.from(text);
  const folded = all.map((character) => character.toLowerCase());
  const comesBefore = (at: number, length: number): boolean =>
    at + length <= folded.length &&
    folded
      .slice(0, at)
      .join('')
      .includes(folded.slice(at, at + length).join(''));
  const kept: string[] = [];
  for (let at = 0; at < all.length;) {
    let length = 0;
    while (comesBefore(at, Math.max(length + 1, REPEAT_LEAST_LENGTH))) length = Math.max(length + 1, REPEAT_LEAST_LENGTH);
    if (length === 0) kept.push(all[at] ?? '');
    at += Math.max(length, 1);
  }
  return kept.join('');
}

/** The dictionaries are large: they load when the first passphrase is judged, and nothing of it stays. */
async function estimate(text: string, known: readonly string[]): Promise<ZxcvbnResult> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: ESTIMATED_LENGTH,
  });
  return zxcvbn.check(text, wordsOf(known));
}

/** Names whole and in their parts. */
function wordsOf(known: readonly string[]): string[] {
  return [...new Set(known.flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)]))].filter((word) => word.length > 2);
}

/** What most of it rests on, in general words: nothing of the passphrase itself. */
function reasonOf({ sequence }: ZxcvbnResult): string | undefined {
  const covered = new Map<string, number>();
  for (const match of sequence) {
    const reason = REASONS[kindOf(match)];
    if (reason !== undefined) covered.set(reason, (covered.get(reason) ?? 0) + match.token.length);
  }
  const [most] = [...covered].toSorted(([, a], [, b]) => b - a);
  return most?.[0];
}

const REASONS: Readonly<Record<string, string>> = {
  known: 'a name from this ceremony or station',
  dictionary: 'a common word, name or password',
  spatial: 'a run of neighbouring keys',
  repeat: 'the same over and over',
  sequence: 'a sequence like abc or 123',
  wordSequence: 'a sequence of words',
  regex: 'a year',
  date: 'a date',
  separator: 'words with the same sign between them',
};

function kindOf({ pattern, dictionaryName }: ZxcvbnResult['sequence'][number]): string {
  return pattern === 'dictionary' && dictionaryName === 'userInputs' ? 'known' : pattern;
}

function tooShort(what: string, least: number): ColdroomError {
  return inputError('passphrase-too-short', `${what} has at least ${least.toString()} characters`, { hint: ADVICE });
}

function tooLong(): ColdroomError {
  return inputError('passphrase-too-long', `a passphrase of your own has at most ${OWN_MOST_LENGTH.toString()} characters`, {
    hint: 'choose a shorter one, which somebody can still type without an error',
  });
}
