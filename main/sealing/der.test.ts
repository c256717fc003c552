import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { der, derHeader, derInteger, splitDer, TAG } from './der.ts';

describe('derHeader', () => {
  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000'],
    [2 ** 32, '04850100000000'],
    [2 ** 36 - 32, '04850fffffffe0'],
  ])('writes the length %i as few bytes as it takes', (length, hex) => {
    expect(derHeader(TAG.octetString, length).toString('hex')).toBe(hex);
  });
});

describe('der and splitDer', () => {
  it('are each other’s reverse, and node-forge reads the same', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 127, 128, 255, 256, 65_535, 65_536).map((length) => randomBytes(length)),
        fc.uint8Array({ maxLength: 5 }),
        (contents, more) => {
          const value = der(TAG.octetString, contents);
          expect(forge.asn1.fromDer(value.toString('latin1')).value === contents.toString('latin1')).toBe(true);
          const split = splitDer(Buffer.concat([value, more]), TAG.octetString);
          if (contents.length > 65_535) {
            expect(split).toBeNull();
            return;
          }
          expect(split?.contents.equals(contents)).toBe(true);
          expect(split?.rest.equals(more)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(['', '04', '0401', '0480', '048101', '04820001', '04830000', '05', '0300'])('splits nothing off %j', (hex) => {
    expect(splitDer(Buffer.from(hex, 'hex'), TAG.octetString)).toBeNull();
  });
});

describe('derInteger', () => {
  it.each([
    [0n, '020100'],
    [127n, '02017f'],
    [128n, '02020080'],
    [255n, '020200ff'],
    [256n, '02020100'],
    [65537n, '0203010001'],
  ])('writes %s', (value, hex) => {
    expect(derInteger(value).toString('hex')).toBe(hex);
  });

  it('is what openssl reads', () => {
    const text = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], { input: derInteger(0x80ffn), encoding: 'utf8' });
    expect(text).toContain('INTEGER           :80FF');
  });
});
