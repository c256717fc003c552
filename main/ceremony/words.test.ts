import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, fingerprintWords } from '../values/index.ts';
import { checkWords } from './words.ts';

const fingerprint = fingerprintOf(Buffer.from('a key'));
const words = fingerprintWords(fingerprint);
const at = (position: number) => ({ position, word: words[position - 1] ?? '' });
const wrongAt = (position: number) => ({ position, word: words[position - 1] === 'absurd' ? 'adrift' : 'absurd' });

describe('two words of a fingerprint', () => {
  it('pass, at any two places', () => {
    const places = fc.uniqueArray(fc.integer({ min: 1, max: 32 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(places, (positions) => {
        checkWords(fingerprint, positions.map(at));
      }),
    );
  });

  it('may be in capitals, and have spaces around them', () => {
    const entered = [at(1), at(32)].map(({ position, word }) => ({ position, word: `  ${word.toUpperCase()}\t` }));
    expect(() => {
      checkWords(fingerprint, entered);
    }).not.toThrow();
  });

  it.each([
    ['the first wrong', [wrongAt(4), at(9)], 'word 4 is not'],
    ['the second wrong', [at(4), wrongAt(9)], 'word 9 is not'],
    ['both wrong', [wrongAt(4), wrongAt(9)], 'words 4 and 9 are not those'],
    [
      'swapped',
      [
        { ...at(4), position: 9 },
        { ...at(9), position: 4 },
      ],
      'words 9 and 4 are not those',
    ],
    ['a space inside', [{ position: 1, word: words[0]?.replace(/(.)/, '$1 ') ?? '' }, at(2)], 'word 1 is not'],
    ['a word left empty', [{ position: 1, word: '' }, at(2)], 'word 1 is not'],
    ['a place that there is not', [{ position: 33, word: 'absurd' }, at(2)], 'word 33 is not'],
  ])('are refused, naming which: %s', (_name, entered, named) => {
    expect(() => {
      checkWords(fingerprint, entered);
    }).toThrow(expect.objectContaining({ code: 'words-differ', message: expect.stringContaining(named) as string }));
  });

  it.each([
    ['none', []],
    ['one', [at(1)]],
    ['the same place twice', [at(1), at(1)]],
    ['three', [at(1), at(2), at(3)]],
  ])('are refused where there are not two: %s', (_name, entered) => {
    expect(() => {
      checkWords(fingerprint, entered);
    }).toThrow(expect.objectContaining({ code: 'words-missing' }));
  });

  it('never repeat the right word in the refusal', () => {
    expect(() => {
      checkWords(fingerprint, [wrongAt(4), at(9)]);
    }).toThrow(expect.objectContaining({ message: expect.not.stringContaining(words[3] ?? '?') as string }));
  });
});
