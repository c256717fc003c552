import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeHex, decodeUtf8 } from './encoding.ts';
import { isoTime } from './clock.ts';
import { isColdroomError, quote } from './error.ts';
import { fingerprintWords } from './fingerprint-words.ts';
import { canonicalJson, parseJson, type Json } from './json.ts';
import type { Sha256 } from './brand.ts';

const codeOf = (act: () => unknown): string | null => {
  try {
    act();
    return null;
  } catch (error) {
    if (isColdroomError(error)) return error.code;
    throw error;
  }
};

describe('words.json', () => {
  const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/vectors/words.json'), 'utf8')) as {
    cases: { sha256: Sha256; words: string[] }[];
  };
  it('has cases', () => {
    expect(cases.length).toBeGreaterThan(3);
  });
  it.each(cases)('$sha256', ({ sha256, words }) => {
    expect(fingerprintWords(sha256)).toEqual(words);
  });
});

describe('JSON with one reading', () => {
  const parse = (text: string | Buffer, integersOnly = true) => parseJson(Buffer.from(text), { maxBytes: 1000, integersOnly });
  it.each([
    ['', 'json-syntax'],
    ['{', 'json-syntax'],
    ['[1,]', 'json-syntax'],
    ['[] []', 'json-syntax'],
    ['// comment\n[]', 'json-syntax'],
    ["['a']", 'json-syntax'],
    ['[01]', 'json-syntax'],
    ['[NaN]', 'json-syntax'],
    ['\uFEFF[]', 'json-bom'],
    ['{"a":1,"a":1}', 'json-duplicate-member'],
    ['{"a":{"b":1,"\\u0062":2}}', 'json-duplicate-member'],
    ['{"__proto__":1,"__proto__":2}', 'json-duplicate-member'],
    ['["\\ud800"]', 'json-lone-surrogate'],
    ['{"\\udc00":1}', 'json-lone-surrogate'],
    ['[1.0]', 'json-not-integer'],
    ['[1e3]', 'json-not-integer'],
    ['[-0]', 'json-not-integer'],
    ['[9007199254740993]', 'json-not-integer'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'json-too-deep'],
    [`"${'a'.repeat(999)}"`, 'json-too-large'],
  ])('%j is refused: %s', (text, code) => {
    expect(codeOf(() => parse(text))).toBe(code);
  });
  it('refuses what is no UTF-8', () => {
    expect(codeOf(() => parse(Buffer.from([0x22, 0xc3, 0x22])))).toBe('json-not-utf8');
  });
  it('takes the same member in two objects, the deepest nesting and the longest text', () => {
    expect(parse('[{"a":1},{"a":2}]')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(codeOf(() => parse(`${'['.repeat(32)}${']'.repeat(32)}`))).toBe(null);
    expect(codeOf(() => parse(`"${'a'.repeat(998)}"`))).toBe(null);
    expect(parse('[1.5]', false)).toEqual([1.5]);
  });
  it('reads back what RFC 8785 writes, and writes it again the same', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = JSON.parse(text) as Json;
        const canonical = canonicalJson(value);
        fc.pre(canonical.isWellFormed() && Buffer.byteLength(canonical) <= 1000);
        expect(canonicalJson(parse(canonical, false))).toBe(canonical);
      }),
    );
  });
  it('sorts members by UTF-16 code units (RFC 8785 §3.2.3)', () => {
    expect(canonicalJson({ '\uFB33': 1, '\u{1F600}': 2, '\u20AC': 3, '1': 4, '\r': 5 })).toBe(
      '{"\\r":5,"1":4,"\u20AC":3,"\u{1F600}":2,"\uFB33":1}',
    );
  });
});

describe('encodings', () => {
  it('take only the one spelling of base64', () => {
    expect(decodeBase64('AAE=')).toEqual(Buffer.from([0, 1]));
    for (const text of ['AAE', 'AAF=', 'AA E=', 'AAE=\n', 'AA-_', '=']) expect(decodeBase64(text)).toBe(null);
  });
  it('take hex of either case and whole bytes', () => {
    expect(decodeHex('aAfF')).toEqual(Buffer.from([0xaa, 0xff]));
    for (const text of ['a', 'ag', ' aa', '0x']) expect(decodeHex(text)).toBe(null);
  });
  it('keep a byte order mark, and refuse broken UTF-8', () => {
    expect(decodeUtf8(Buffer.from([0xef, 0xbb, 0xbf]))).toBe('\uFEFF');
    expect(decodeUtf8(Buffer.from([0xed, 0xa0, 0x80]))).toBe(null);
  });
});

describe('quoted text', () => {
  it('cannot forge a line, a colour or a direction', () => {
    expect(quote('a\nb\u001b[31m\u202e')).toBe('"a\\nb\\u001b[31m\\u{202e}"');
    expect(quote('x'.repeat(81))).toBe(`"${'x'.repeat(80)}…"`);
  });
});

describe('a moment', () => {
  it('is written with a year of four digits, or not at all', () => {
    expect(isoTime(Date.UTC(10_000, 0, 1) - 1)).toBe('9999-12-31T23:59:59.999Z');
    expect(isoTime(Date.parse('0000-01-01T00:00:00.000Z'))).toBe('0000-01-01T00:00:00.000Z');
    for (const atMs of [Date.UTC(10_000, 0, 1), Date.parse('0000-01-01T00:00:00.000Z') - 1, 8.64e15]) {
      expect(() => isoTime(atMs)).toThrow(expect.objectContaining({ code: 'clock-unusable', family: 'input' }) as Error);
    }
  });
});
