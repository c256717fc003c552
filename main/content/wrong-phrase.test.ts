import { createHash } from 'node:crypto';
import { entropyToMnemonic } from '@scure/bip39';
import { describe, expect, it } from 'vitest';
import { inspectSecret } from './inspect.ts';
import { helpWithWords } from './word-help.ts';
import { WORD_LISTS } from './word-lists.ts';

/** Numbers below `most`, the same in every run. */
function* numbers(seed: string): Generator<(most: number) => number, never> {
  for (let n = 0; ; n += 1) {
    const digest = createHash('sha256').update(`${seed} ${n.toString()}`).digest();
    yield (most) => digest.readUInt32BE(0) % most;
  }
}

const PHRASES = 2000;
const SIZES = [16, 20, 24, 28, 32];

describe('2,000 valid phrases with one word changed or two swapped', () => {
  it('none passes for the planned identifier, whether its checksum holds or not', async () => {
    const next = numbers('phrases');
    const draw = (most: number) => next.next().value(most);
    const ask = (text: string, value: string) =>
      inspectSecret(Buffer.from(text), {
        kind: 'bip39',
        identifiers: [{ type: 'master-fingerprint', path: 'm' }],
        bip39Passphrase: null,
      }).then(({ valid, identifiers }) => ({ valid, passes: identifiers[0]?.value === value }));
    let byChecksum = 0;
    let byIdentifier = 0;
    for (let n = 0; n < PHRASES; n += 1) {
      const words: readonly string[] = WORD_LISTS[n % WORD_LISTS.length]?.words ?? [];
      const entropy = createHash('sha256').update(`entropy ${n.toString()}`).digest().subarray(0, SIZES[draw(5)]);
      const phrase = entropyToMnemonic(entropy, [...words])
        .normalize('NFKD')
        .split(' ');
      const [at, other] = [draw(phrase.length), draw(phrase.length)];
      const changed =
        n % 2 === 0 && phrase[at] !== phrase[other]
          ? phrase.with(at, phrase[other] ?? '').with(other, phrase[at] ?? '')
          : phrase.with(at, words[(words.indexOf(phrase[at] ?? '') + 1 + draw(2046)) % 2048] ?? '');
      expect(changed).not.toEqual(phrase);
      const planned = (
        await inspectSecret(Buffer.from(phrase.join(' ')), {
          kind: 'bip39',
          identifiers: [{ type: 'master-fingerprint', path: 'm' }],
          bip39Passphrase: null,
        })
      ).identifiers[0]?.value;
      if (planned === undefined) throw new Error(`a phrase that is right was refused: number ${n.toString()}`);
      const { valid, passes } = await ask(changed.join(' '), planned);
      expect(passes).toBe(false);
      if (valid) byIdentifier += 1;
      else byChecksum += 1;
    }
    expect(byChecksum + byIdentifier).toBe(PHRASES);
    // Checksums of 4 to 8 bits let one in 16 to 256 through; those are what the identifier is for.
    expect(byIdentifier).toBeGreaterThan(10);
    expect(byIdentifier).toBeLessThan(PHRASES / 10);
  });
});

describe('help with a word, for a screen that is kept out of pictures', () => {
  const PHRASE = `${'abandon '.repeat(11)}about`;
  it.each([
    ['nothing where nothing is wrong', PHRASE, 'bip39', []],
    ['a letter too many', PHRASE.replace('about', 'aboutt'), 'bip39', [{ place: 12, word: 'aboutt', nearest: ['about', 'amount'] }]],
    ['letters swapped', PHRASE.replace('about', 'abuot'), 'bip39', [{ place: 12, word: 'abuot', nearest: ['about', 'abuse', 'adult'] }]],
    [
      'a capital is not on the list, and its word is near',
      PHRASE.replace('about', 'About'),
      'bip39',
      [{ place: 12, word: 'About', nearest: ['about'] }],
    ],
    ['a word far from all', PHRASE.replace('about', 'xyzzyplugh'), 'bip39', [{ place: 12, word: 'xyzzyplugh', nearest: [] }]],
    ['a share', 'duckling enlarje academic', 'slip39', [{ place: 2, word: 'enlarje', nearest: ['enlarge'] }]],
    ['no list at all', 'xyzzy plugh', 'bip39', []],
    ['another kind', PHRASE.replace('about', 'aboutt'), 'opaque', []],
  ] as const)('%s', (_name, text, kind, expected) => {
    expect(helpWithWords(Buffer.from(text), kind)).toMatchObject(expected);
    expect(helpWithWords(Buffer.from(text), kind)).toHaveLength(expected.length);
  });
});
