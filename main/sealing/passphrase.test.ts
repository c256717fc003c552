import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { readPassphrase } from './passphrase.ts';

const read = (text: string) => readPassphrase(Buffer.from(text, 'utf8')).toString('utf8');

describe('readPassphrase', () => {
  it.each([
    ['words', 'words'],
    ['words\n', 'words'],
    ['words\r\n', 'words'],
    [' two  spaces \n', ' two  spaces '],
    ['ÀÉ mixed CASE', 'ÀÉ mixed CASE'],
    ['tre\u0301sor', 'tr\u00e9sor'],
    ['\u{1F511}', '\u{1F511}'],
    ['x', 'x'],
  ])('takes %j as %j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['', 'passphrase-empty'],
    ['\n', 'passphrase-empty'],
    ['\r\n', 'passphrase-empty'],
    ['words\n\n', 'passphrase-characters'],
    ['words\r', 'passphrase-characters'],
    ['two\nlines', 'passphrase-characters'],
    ['tab\there', 'passphrase-characters'],
    ['nul\0', 'passphrase-characters'],
    ['delete\u007f', 'passphrase-characters'],
    ['c1\u0085', 'passphrase-characters'],
    ['\ufeffwords', 'passphrase-characters'],
    ['unassigned \u0378', 'passphrase-characters'],
    ['noncharacter \uffff', 'passphrase-characters'],
  ])('refuses %j with %s', (text, code) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ family: 'input', code }));
  });

  it('refuses what is not UTF-8', () => {
    expect(() => readPassphrase(Buffer.from('ff', 'hex'))).toThrow(expect.objectContaining({ code: 'passphrase-not-utf8' }));
    expect(() => readPassphrase(Buffer.from('eda080', 'hex'))).toThrow(expect.objectContaining({ code: 'passphrase-not-utf8' }));
  });

  it('gives one reading: what it returns reads as itself, with or without a line end, and nothing is quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        try {
          const passphrase = readPassphrase(Buffer.from(text, 'utf8'));
          expect(readPassphrase(passphrase).equals(passphrase)).toBe(true);
          expect(readPassphrase(Buffer.concat([passphrase, Buffer.from('\n')])).equals(passphrase)).toBe(true);
          expect(passphrase.toString('utf8')).toBe(text.replace(/\r?\n$/, '').normalize('NFC'));
        } catch (error) {
          if (!isColdroomError(error)) throw error;
          expect(error.cause).toBeUndefined();
        }
      }),
      { numRuns: 300 },
    );
  });
});
