import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACES, loadFonts } from './fonts.ts';
import { LineBreaker } from './lines.ts';
import { printable } from './printable.ts';
import { BODY, MONO } from './style.ts';

const fonts = loadFonts();
const breaker = new LineBreaker(fonts);
const printed = (text: string) => breaker.printable(text, 'sans');
const unescaped = (text: string) =>
  text.replace(/\\u\{([0-9a-f]+)\}/gu, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));

describe('text as it is printed', () => {
  it.each([
    ['Latin, Greek, Cyrillic and Vietnamese as they are', 'Žofie Ωμέγα Ёлка Nguyễn’s — №1 € → ✓', 'Žofie Ωμέγα Ёлка Nguyễn’s — №1 € → ✓'],
    ['letters joined with their marks', 'Nguye\u0302\u0303n', 'Nguyễn'],
    ['a mark that joins nothing', 'q\u0301', 'q\\u{301}'],
    ['what the font lacks', '中 🗝', '\\u{4e2d} \\u{1f5dd}'],
    ['controls, a line end among them', 'a\n\u0000b', 'a\\u{a}\\u{0}b'],
    ['bidi controls', 'a\u202ecod.exe\u2066', 'a\\u{202e}cod.exe\\u{2066}'],
    ['joiners and soft hyphens', 'a\u200d\u00ad\ufeffb', 'a\\u{200d}\\u{ad}\\u{feff}b'],
    ['private use, which Inter has', '\ue000', '\\u{e000}'],
    ['half a pair', 'a\ud800', 'a\\u{d800}'],
    ['spaces that are none', 'a\u00a0b\u2003c', 'a\\u{a0}b\\u{2003}c'],
    ['spaces at the ends and after another', ' a  b ', '\\u{20}a \\u{20}b\\u{20}'],
    ['a letter that looks like an apostrophe', 'ʼ', '\\u{2bc}'],
    ['a text that is an escape', '\\u{41} \\u41 C:\\users', '\\u{5c}u{41} \\u41 C:\\users'],
    ['nothing', '', ''],
  ])('%s', (_, text, expected) => {
    expect(printed(text)).toBe(expected);
  });

  it('can be turned back into the text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom(' ', '\\', 'u', '{', '}', '4'),
            fc.integer({ max: 0xffff }).map((code) => String.fromCharCode(code)),
          ),
        }),
        (text) => {
          expect(unescaped(printed(text))).toBe(text.normalize('NFC'));
        },
      ),
    );
  });

  it.each(FACES)('no two characters share a glyph of %s', (face) => {
    const font = fonts[face];
    const glyphs = new Map<number, number>();
    for (const codePoint of font.characterSet) {
      const text = `x${String.fromCodePoint(codePoint)}x`;
      if (printable(text, () => true) !== text) continue;
      const glyph = font.glyphForCodePoint(codePoint).id;
      expect(glyphs.get(glyph), codePoint.toString(16)).toBeUndefined();
      glyphs.set(glyph, codePoint);
    }
    expect(glyphs.size).toBeGreaterThan(500);
  });

  it.each(['sans', 'strong'] as const)('%s writes what was written: no arrow for ->, no times sign for x', (face) => {
    const text = 'a->b 3x4 --> fi (A) 1:2';
    expect(fonts[face].layout(text).glyphs.map(({ id }) => id)).toEqual(
      Array.from(text, (one) => fonts[face].glyphForCodePoint(one.codePointAt(0) ?? 0).id),
    );
  });
});

describe('lines', () => {
  const joined = (text: string, width: number, style = BODY) => {
    const lines = breaker.break({ text, style }, width);
    for (const line of lines) expect(breaker.widthOf(line.text, style)).toBeLessThanOrEqual(width);
    return lines.map(({ text: one, end }) => one + end).join('');
  };

  it('lose nothing and keep to their width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'W', ' ', '-', '\n', 'é', '中'), maxLength: 300 }),
        fc.integer({ min: 60, max: 400 }),
        (text, width) => {
          expect(joined(text, width)).toBe(printed(text));
        },
      ),
    );
  });

  it('break a value that is wider than they are, but not within an escape', () => {
    expect(joined('f'.repeat(500), 150, MONO)).toBe('f'.repeat(500));
    for (const { text } of breaker.break({ text: '中'.repeat(200), style: BODY }, 131)) expect(text).toMatch(/^(\\u\{4e2d\})+$/);
  });
});
