import { describe, expect, it } from 'vitest';
import { readBip39Passphrase } from './bip39-passphrase.ts';

const refusal = (code: string) => expect.objectContaining({ code, family: 'input' }) as Error;

describe('readBip39Passphrase', () => {
  it.each([
    ['', ''],
    ['\n', ''],
    ['TREZOR', 'TREZOR'],
    ['TREZOR\n', 'TREZOR'],
    ['TREZOR\r\n', 'TREZOR'],
    [' two  spaces ', ' two  spaces '],
    ['㍍ガバヴァぱばぐゞちぢ十人十色', '㍍ガバヴァぱばぐゞちぢ十人十色'],
  ])('%j is %j', (file, text) => {
    expect(readBip39Passphrase(Buffer.from(file))).toBe(text);
  });
  it('null is none', () => {
    expect(readBip39Passphrase(null)).toBe('');
  });
  it('refuses what is no UTF-8', () => {
    expect(() => readBip39Passphrase(Buffer.from([0xc0]))).toThrow(refusal('bip39-passphrase-not-utf8'));
  });
  it.each(['a\nb', 'a\n\n', 'a\r', 'a\tb', '\uFEFFa', 'a\u0000', 'a\u0378'])('refuses %j', (file) => {
    expect(() => readBip39Passphrase(Buffer.from(file))).toThrow(refusal('bip39-passphrase-characters'));
  });
});
