import { describe, expect, it } from 'vitest';
import { renderCard, type CardForm } from './index.ts';
import { pageTexts, poppler, POPPLER, taggedTexts } from './poppler.fixture.ts';

const form: CardForm = { words: 7, paper: 'a4', version: '0.1.0' };
const pdf = await renderCard(form);

describe('the bytes of a card', () => {
  it('are the same each time, and others for another number of words', async () => {
    expect((await renderCard({ ...form })).equals(pdf)).toBe(true);
    expect((await renderCard({ ...form, words: 8 })).equals(pdf)).toBe(false);
  });
});

describe.skipIf(!POPPLER)('a card, read by poppler', () => {
  it.each([6, 7, 8, 9, 12, 13, 16, 17, 24])('of %i words is one page with a numbered, empty line for each', async (words) => {
    for (const paper of ['a4', 'letter'] as const) {
      const card = await renderCard({ ...form, words, paper });
      expect(pageTexts(card)).toHaveLength(1);
      const cells = taggedTexts(card)
        .filter(({ tag }) => tag === 'TD')
        .map(({ text }) => text);
      const numbers = cells.filter((text) => /^\d+$/.test(text)).map(Number);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: words }, (_, at) => at + 1));
      // An empty cell for each word, beside those for IDs, bag, initials and signatures.
      expect(cells.filter((text) => text === '').length).toBeGreaterThanOrEqual(words + 4 + 2 + 4);
    }
  });

  it('has lines for IDs, bag number and initials, and names the parts', () => {
    const text = pageTexts(pdf).join(' ').replaceAll(/\s+/g, ' ');
    for (const said of ['Key ID', 'Backup ID', 'Bag number', 'Initials', 'Witness', 'The whole passphrase', 'First half', 'Second half']) {
      expect(text).toContain(said);
    }
  });

  it.each([
    ['a4', '595.28 x 841.89 pts (A4)'],
    ['letter', '612 x 792 pts (letter)'],
  ] as const)('is tagged and on %s', async (paper, size) => {
    const info = poppler('pdfinfo', await renderCard({ ...form, paper }), 'FILE');
    expect(info).toContain(size);
    expect(info).toMatch(/^Tagged: +yes$/m);
  });
});
