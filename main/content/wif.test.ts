import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectSecret } from './inspect.ts';
import type { IdentifierType } from './identifier.ts';
import { wif } from './wif.ts';

const base58check = createBase58check(sha256);
const encode = (...hex: string[]) => base58check.encode(Buffer.from(hex.join(''), 'hex'));
const codes = (text: string) => wif.read(Buffer.from(text)).findings.map(({ code }) => code);
const ask = async (secret: string, type: IdentifierType) =>
  (await inspectSecret(Buffer.from(secret), { identifiers: [{ type, path: null }], bip39Passphrase: null })).identifiers[0]?.value;

const ONE = '1'.padStart(64, '0');
const ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
const COMPRESSED = 'KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn';
const UNCOMPRESSED = '5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf';

describe('a WIF', () => {
  it.each([COMPRESSED, `${COMPRESSED}\n`, `${COMPRESSED}\r\n`])('is valid without a finding', (text) => {
    expect(wif.read(Buffer.from(text))).toMatchObject({ valid: true, findings: [] });
  });
  it('for an uncompressed key is valid and says so; it has the address of the uncompressed key, and no SegWit', async () => {
    expect(UNCOMPRESSED).toBe(encode('80', ONE));
    expect(codes(UNCOMPRESSED)).toEqual(['wif-uncompressed']);
    expect(await ask(UNCOMPRESSED, 'bitcoin-p2pkh')).toBe('1EHNa6Q4Jz2uvNExL497mE43ikXhwF6kZm');
    expect(await ask(UNCOMPRESSED, 'public-key')).toBe('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798');
    expect(await ask(UNCOMPRESSED, 'ethereum')).toBe('0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf');
    for (const type of ['bitcoin-p2wpkh', 'bitcoin-p2tr'] as const) {
      const refusal = expect.objectContaining({ code: 'identifier-not-for-key', family: 'input' }) as Error;
      await expect(ask(UNCOMPRESSED, type)).rejects.toThrow(refusal);
    }
  });
  it.each([
    ['nothing', '', ['secret-empty']],
    ['two lines', `${COMPRESSED}\n${COMPRESSED}`, ['secret-space']],
    ['50 characters', COMPRESSED.slice(0, 50), ['wif-length']],
    ['53 characters', `${COMPRESSED}1`, ['wif-length']],
    ['a letter O in it', COMPRESSED.replace('w', 'O'), ['base58-character']],
    ['another letter', COMPRESSED.replace('w', 'x'), ['base58-checksum']],
    ['a test network', encode('ef', ONE, '01'), ['wif-network']],
    ['another version', encode('81', ONE, '01'), ['wif-version']],
    ['another last byte', encode('80', ONE, '02'), ['wif-structure']],
    ['the key 0', encode('80', '00'.repeat(32), '01'), ['key-range']],
    ['the key n', encode('80', ORDER, '01'), ['key-range']],
  ])('%s is not valid', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
    expect(wif.read(Buffer.from(text)).valid).toBe(false);
  });
  it('the key n - 1 is in range', () => {
    expect(codes(encode('80', ORDER.replace(/41$/, '40'), '01'))).toEqual([]);
  });
  it('any key in range round trips to its public key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 1n, max: BigInt(`0x${ORDER}`) - 1n }), async (key) => {
        const hex = key.toString(16).padStart(64, '0');
        expect(await ask(encode('80', hex, '01'), 'bitcoin-p2wpkh')).toBe(await ask(hex, 'bitcoin-p2wpkh'));
      }),
      { numRuns: 50 },
    );
  });
  it.each([COMPRESSED, UNCOMPRESSED, COMPRESSED.slice(0, 49), COMPRESSED.replace('w', 'O'), ` ${COMPRESSED}`])(
    '%s is taken for one',
    (text) => {
      expect(wif.resembles(text)).toBe(true);
    },
  );
});

it('names the place of a character that is none', () => {
  const text = 'KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn'.replace('Qg', 'QO');
  expect(wif.read(Buffer.from(text)).findings.map(({ message }) => message)).toEqual([
    'character 10 is not in the Base58 alphabet, which has no 0, O, I and l',
  ]);
});
