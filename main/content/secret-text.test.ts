import { describe, expect, it } from 'vitest';
import { MAX_TEXT_BYTES, readSecretText, readSecretWord } from './secret-text.ts';

const codes = (secret: Buffer, read = readSecretText) => read(secret).faults.map(({ code }) => code);
const bytes = (text: string) => Buffer.from(text, 'utf8');

describe('readSecretText', () => {
  it.each([
    ['x', 'x'],
    ['x\n', 'x'],
    ['x\r\n', 'x'],
    ['x\n\n', 'x\n'],
    ['x\r', 'x\r'],
    [' x ', ' x '],
  ])('%j is %j', (file, text) => {
    expect(readSecretText(bytes(file))).toEqual({ text, faults: [] });
  });
  it.each<[string, Buffer, string[]]>([
    ['nothing', Buffer.alloc(0), ['secret-empty']],
    ['a line end', bytes('\n'), ['secret-empty']],
    ['a byte order mark', bytes('\uFEFFx'), ['secret-bom']],
    ['a byte order mark alone', bytes('\uFEFF'), ['secret-bom', 'secret-empty']],
    ['what is no UTF-8', Buffer.from([0x78, 0xff]), ['secret-not-utf8']],
    ['UTF-16', Buffer.from('\uFEFFx', 'utf16le'), ['secret-not-utf8']],
    ['an encoded surrogate', Buffer.from('eda080', 'hex'), ['secret-not-utf8']],
  ])('names %s', (_name, secret, expected) => {
    expect(codes(secret)).toEqual(expected);
  });
  it('looks at 4,096 bytes and not at 4,097', () => {
    expect(codes(Buffer.alloc(MAX_TEXT_BYTES - 1, 'x'))).toEqual([]);
    expect(codes(Buffer.alloc(MAX_TEXT_BYTES, 'x'))).toEqual([]);
    expect(readSecretText(Buffer.alloc(MAX_TEXT_BYTES + 1, 'x'))).toMatchObject({ text: '', faults: [{ code: 'secret-too-long' }] });
  });
});

describe('readSecretWord', () => {
  it.each(['x', 'x\n', 'x\r\n'])('takes %j', (file) => {
    expect(codes(bytes(file), readSecretWord)).toEqual([]);
  });
  it.each([' x', 'x ', 'x y', 'x\n\n', 'x\t', 'x\r', '\u00A0x', 'x\u3000'])('names the space in %j', (file) => {
    expect(codes(bytes(file), readSecretWord)).toEqual(['secret-space']);
  });
});
