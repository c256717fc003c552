import { describe, expect, it } from 'vitest';
import { hexKey } from './hex-key.ts';

const codes = (text: string) => hexKey.read(Buffer.from(text)).findings.map(({ code }) => code);
const ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
const BELOW = ORDER.replace(/41$/, '40');

describe('a hex key', () => {
  it.each([BELOW, BELOW.toUpperCase(), `0x${BELOW}`, `${BELOW}\n`, `${BELOW}\r\n`, '1'.padStart(64, '0')])('%j is valid', (text) => {
    expect(hexKey.read(Buffer.from(text))).toMatchObject({ valid: true, findings: [] });
    expect(hexKey.resembles(text.trim())).toBe(true);
  });
  it.each([
    ['nothing', '', ['secret-empty']],
    ['0x alone', '0x', ['hex-length']],
    ['63 digits', BELOW.slice(1), ['hex-length']],
    ['65 digits', `0${BELOW}`, ['hex-length']],
    ['a letter that is no digit', `g${BELOW.slice(1)}`, ['hex-digit']],
    ['0X', `0X${BELOW}`, ['hex-digit', 'hex-length']],
    ['a digit of another script', `\u0660${BELOW.slice(1)}`, ['hex-digit']],
    ['zero', '0'.repeat(64), ['key-range']],
    ['the order', ORDER, ['key-range']],
    ['above the order', 'f'.repeat(64), ['key-range']],
    ['a space before it', ` ${BELOW}`, ['secret-space']],
    ['two lines', `${BELOW}\n${BELOW}`, ['secret-space']],
    ['a byte order mark', `\uFEFF${BELOW}`, ['secret-bom']],
    ['32 bytes that are no text', '\u00fe'.repeat(32), ['hex-digit', 'hex-length']],
  ])('%s is not valid', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
    expect(hexKey.read(Buffer.from(text)).valid).toBe(false);
  });
  it.each([60, 63, 65, 68])('%i digits are taken for one', (count) => {
    expect(hexKey.resembles('a'.repeat(count))).toBe(true);
  });
  it.each([32, 59, 69, 128])('%i digits are not', (count) => {
    expect(hexKey.resembles('a'.repeat(count))).toBe(false);
  });
});

it.each([
  [`${'0'.repeat(63)}g`, 'character 64 of the digits is no hex digit'],
  [`0x${'0'.repeat(63)}g`, 'character 64 of the digits is no hex digit'],
  [` ${'1'.repeat(64)}`, 'a space or a line break before it'],
  [`${'1'.repeat(32)} ${'1'.repeat(32)}`, 'a space or a line break after character 32'],
])('%j: the place is named', (text, message) => {
  expect(hexKey.read(Buffer.from(text)).findings.map((one) => one.message)).toEqual([message]);
});
