import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSignature, isSignedBy } from './signature.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const message = Buffer.from('the exact bytes', 'utf8');
const der = sign('sha256', message, privateKey);
const refusal = (code: string) => expect.objectContaining({ code, family: 'check' }) as Error;
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

/** Ecdsa-Sig-Value of two INTEGERs whose contents are given in hex. */
function valueOf(r: string, s: string): string {
  const integer = (hex: string) => `02${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`;
  const body = integer(r) + integer(s);
  return base64(`30${(body.length / 2).toString(16).padStart(2, '0')}${body}`);
}
const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

describe('decodeSignature', () => {
  it('takes what an ES256 signer writes, and gives the same bytes', () => {
    for (let round = 0; round < 100; round += 1) {
      const bytes = sign('sha256', Buffer.from([round]), privateKey);
      expect(decodeSignature(bytes.toString('base64')).equals(bytes)).toBe(true);
    }
  });
  it.each([
    ['the least', valueOf('01', '01')],
    ['the greatest, n − 1', valueOf(`00${ORDER.slice(0, -2)}50`, `00${ORDER.slice(0, -2)}50`)],
    ['one that needs its zero byte', valueOf('0080', '01')],
  ])('takes two integers in range: %s', (_name, text) => {
    expect(decodeSignature(text).toString('base64')).toBe(text);
  });
  it.each([
    ['null', null],
    ['the empty text', ''],
  ])('%s is no signature', (_name, text) => {
    expect(() => decodeSignature(text)).toThrow(refusal('signature-missing'));
  });
  const good = 'MAYCAQECAQE='; // r = s = 1
  it.each([
    ['base64 without its padding', 'MAYCAQECAQE'],
    [
      'URL-safe base64',
      valueOf(`00${'fb'.repeat(32)}`, '01')
        .replaceAll('+', '-')
        .replaceAll('/', '_'),
    ],
    ['a line end after it', `${good}\n`],
    ['bits set in the padding', 'MAYCAQECAQF='],
    ['hex', '3006020101020101'],
    ['zero bytes', '===='],
    ['r of zero', valueOf('00', '01')],
    ['s of zero', valueOf('01', '00')],
    ['r of n', valueOf(`00${ORDER}`, '01')],
    ['s of n', valueOf('01', `00${ORDER}`)],
    ['a negative r', valueOf('80', '01')],
    ['a negative s', valueOf('01', 'ff')],
    ['a padded r', valueOf('0001', '01')],
    ['a padded s', valueOf('01', '007f')],
    ['an r without content', valueOf('', '01')],
    ['an s without content', valueOf('01', '')],
    ['an empty sequence', base64('3000')],
    ['one integer', base64('3003020101')],
    ['three integers', base64('3009020101020101020101')],
    ['a byte after the end', base64('300602010102010100')],
    ['a byte after the end, inside the sequence', base64('300702010102010100')],
    ['a sequence longer than the bytes', base64('3007020101020101')],
    ['an integer longer than the bytes', base64('3006020101020201')],
    ['a length in the long form', base64('308106020101020101')],
    ['an indefinite length', base64('30800201010201010000')],
    ['a set', base64('3106020101020101')],
    ['a bit string for an integer', base64('3006030101020101')],
    ['73 bytes', valueOf(`00${'80'.repeat(33)}`, `00${'80'.repeat(32)}`)],
    ['r ‖ s, as in a JWS', sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64')],
  ])('refuses %s', (_name, text) => {
    expect(() => decodeSignature(text)).toThrow(refusal('signature-encoding'));
  });
  it('takes no text but the base64 of what it gives', () => {
    const length = fc.integer({ min: 0, max: 34 });
    const likeDer = fc
      .tuple(length, length, fc.uint8Array({ minLength: 68, maxLength: 68 }))
      .map(([r, s, bytes]) =>
        valueOf(Buffer.from(bytes.subarray(0, r)).toString('hex'), Buffer.from(bytes.subarray(34, 34 + s)).toString('hex')),
      );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), likeDer), (text) => {
        try {
          expect(decodeSignature(text).toString('base64')).toBe(text);
        } catch (error) {
          expect(error).toEqual(refusal(text === '' ? 'signature-missing' : 'signature-encoding'));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('isSignedBy', () => {
  it('is true for these bytes and this key alone', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    expect(isSignedBy(message, der, publicKey)).toBe(true);
    expect(isSignedBy(Buffer.concat([message, Buffer.from([0])]), der, publicKey)).toBe(false);
    expect(isSignedBy(message.subarray(1), der, publicKey)).toBe(false);
    expect(isSignedBy(message, der, other)).toBe(false);
  });
  it('is false over another hash', () => {
    expect(isSignedBy(message, sign('sha384', message, privateKey), publicKey)).toBe(false);
  });
});
