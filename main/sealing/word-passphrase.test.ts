import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Passphrase } from '../values/index.ts';
import { readPassphrase } from './passphrase.ts';
import { publishedForm, WORD_LIST } from './word-list.ts';
import { bitsOfWords, generatePassphrase, isWordPassphrase, LEAST_WORDS, MOST_WORDS, placesNotInList } from './word-passphrase.ts';

const of = (text: string) => Buffer.from(text, 'utf8') as Passphrase;
const SIX = 'abacus zoom t-shirt yo-yo drop-down felt-tip';

describe('the list of words', () => {
  it('is the published file, byte for byte', () => {
    const file = publishedForm(WORD_LIST);
    expect(file.slice(0, 26)).toBe('11111\tabacus\n11112\tabdomen');
    expect(file.slice(-11)).toBe('66666\tzoom\n');
    expect(file.length).toBe(108_800);
    expect(createHash('sha256').update(file).digest('hex')).toBe('addd35536511597a02fa0a9ff1e5284677b8883b83e986e43f15a3db996b903e');
  });

  it('has 6^5 different words, none of which a space or a capital could confuse', () => {
    expect(WORD_LIST).toHaveLength(6 ** 5);
    expect(new Set(WORD_LIST).size).toBe(6 ** 5);
    for (const word of WORD_LIST) expect(word).toMatch(/^[a-z]+(-[a-z]+)?$/);
  });
});

describe('generatePassphrase', () => {
  it('draws words of the list, as many as were asked for, with one space between', async () => {
    for (const count of [LEAST_WORDS, 7, 12, MOST_WORDS]) {
      const passphrase = await generatePassphrase(count);
      const words = passphrase.toString('utf8').split(' ');
      expect(words).toHaveLength(count);
      expect(await placesNotInList(words)).toEqual([]);
      expect(await isWordPassphrase(passphrase)).toBe(true);
      expect(readPassphrase(passphrase).equals(passphrase)).toBe(true);
    }
  });

  it.each([0, 5, 25, 6.5, Number.NaN, -6])('refuses %d words', async (count) => {
    await expect(generatePassphrase(count)).rejects.toThrow(RangeError);
  });

  it('asks for each word apart, below the length of the list, and takes the very words that were drawn', async () => {
    const asked: number[] = [];
    const drawn = [0, 7775, 1, 1, 7774, 2];
    const passphrase = await generatePassphrase(6, (below) => drawn[asked.push(below) - 1] ?? 0);
    expect(asked).toEqual(Array.from({ length: 6 }, () => 7776));
    expect(passphrase.toString()).toBe([0, 7775, 1, 1, 7774, 2].map((at) => WORD_LIST[at]).join(' '));
  });

  it('draws again where hardly any two words differ', async () => {
    const drawn = [1, 1, 1, 2, 3, 4, ...[9, 8, 7, 6, 5, 5]];
    let at = 0;
    const passphrase = await generatePassphrase(6, () => drawn[at++] ?? 0);
    expect(passphrase.toString()).toBe([9, 8, 7, 6, 5, 5].map((index) => WORD_LIST[index]).join(' '));
  });

  it('gives 77 bits for six words', () => {
    expect([6, 7, 12].map(bitsOfWords)).toEqual([77, 90, 155]);
  });

  it('is even: every word comes, and none much more often than another; and nothing comes twice', async () => {
    const rounds = 6000;
    const times = new Map<string, number>();
    const seen = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const text = (await generatePassphrase(MOST_WORDS)).toString();
      seen.add(text);
      for (const word of text.split(' ')) times.set(word, (times.get(word) ?? 0) + 1);
    }
    expect(seen.size).toBe(rounds);
    const each = (rounds * MOST_WORDS) / WORD_LIST.length; // 18.5 times
    // Chi-square with 7,775 degrees of freedom: its standard deviation is √(2·7775) = 125; eight of them never happen by chance.
    const chi = WORD_LIST.reduce((sum, word) => sum + ((times.get(word) ?? 0) - each) ** 2 / each, 0);
    expect(Math.abs(chi - 7775)).toBeLessThan(8 * 125);
    // A remainder of 16 bits would favour the first 3,328 words by an eighth.
    const first = WORD_LIST.slice(0, 3328).reduce((sum, word) => sum + (times.get(word) ?? 0), 0);
    const expected = 3328 * each;
    expect(Math.abs(first - expected)).toBeLessThan(7 * Math.sqrt(expected));
  });

  it('would fail that test with a remainder of 16 bits', async () => {
    const rounds = 6000;
    const favoured = new Set(WORD_LIST.slice(0, 3328));
    let first = 0;
    let seed = 1;
    const uneven = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return (seed >>> 16) % below;
    };
    for (let round = 0; round < rounds; round += 1) {
      for (const word of (await generatePassphrase(MOST_WORDS, uneven)).toString().split(' ')) if (favoured.has(word)) first += 1;
    }
    const expected = (3328 * rounds * MOST_WORDS) / WORD_LIST.length;
    expect(Math.abs(first - expected)).toBeGreaterThan(7 * Math.sqrt(expected));
  });
});

describe('isWordPassphrase', () => {
  it.each([
    [SIX, true],
    [`${SIX} abacus`, true],
    ['abacus zoom abide able aged abacus', true],
    ['abacus zoom abide able aged', false],
    ['abacus abacus abacus abacus abacus abacus', false],
    ['abacus zoom abide able abacus zoom', false],
    [`${SIX} `, false],
    [` ${SIX}`, false],
    [SIX.replace(' ', '  '), false],
    [SIX.replace('zoom', 'Zoom'), false],
    [SIX.replace('zoom', 'zooms'), false],
    [SIX.replaceAll(' ', '\u00a0'), false],
    [SIX.replaceAll(' ', '-'), false],
    ['', false],
  ])('%j: %s', async (text, expected) => {
    expect(await isWordPassphrase(of(text))).toBe(expected);
  });

  it('holds for any words of the list, of which five differ', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 7775 }), { minLength: 1, maxLength: 12 }), async (indexes) => {
        const text = indexes.map((index) => WORD_LIST[index]).join(' ');
        expect(await isWordPassphrase(of(text))).toBe(indexes.length >= 6 && new Set(indexes).size >= 5);
      }),
    );
  });
});

describe('placesNotInList', () => {
  it('counts from one', async () => {
    expect(await placesNotInList(['zoom', 'zoon', 'abacus', ''])).toEqual([2, 4]);
  });
});
