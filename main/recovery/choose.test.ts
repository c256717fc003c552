import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isColdroomError, sha256 } from '../values/index.ts';
import { choosePair, type CiphertextAtHand, type KeyAtHand } from './choose.ts';
import { cmsVectors, oaepVector, PEM } from './released.fixture.ts';

const a = createPrivateKey(PEM);
const b = generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey;
const keyOf = (from: string, key: KeyObject): KeyAtHand => ({ from, key });
const spki = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' });
const block = oaepVector().ciphertext;
const envelope = cmsVectors().find(({ name }) => name.includes('by key id'))?.cms ?? Buffer.alloc(0);
const byIssuer = cmsVectors().find(({ name }) => name.includes('by issuer'))?.cms ?? Buffer.alloc(0);

function at(from: string, ciphertext: Buffer, sealedFor: KeyObject | null = null): CiphertextAtHand {
  const expected = sealedFor === null ? null : { mode: 'direct' as const, checksum: null, ciphertextSha256: sha256(ciphertext) };
  return { from, ciphertext, expected, sealedFor: sealedFor === null ? null : spki(sealedFor) };
}

async function chosen(keys: KeyAtHand[], ciphertexts: CiphertextAtHand[]): Promise<unknown> {
  try {
    const { key, ciphertext } = await choosePair(keys, ciphertexts);
    return [key.equals(a) ? 'a' : 'b', ciphertext.from];
  } catch (error) {
    return isColdroomError(error) ? error.code : error;
  }
}

describe('which key is to open which ciphertext', () => {
  it('needs one of each', async () => {
    expect(await chosen([], [at('c', block)])).toBe('recover-private-key-missing');
    expect(await chosen([keyOf('a', a)], [])).toBe('recover-ciphertext-missing');
    expect(await chosen([keyOf('a', a)], [at('c', block)])).toEqual(['a', 'c']);
  });

  it('the one key for the one ciphertext that says whose it is, and no other', async () => {
    expect(await chosen([keyOf('b', b)], [at('c', block, a)])).toBe('private-key-differs');
    expect(await chosen([keyOf('b', b), keyOf('a', a)], [at('c', block, a)])).toEqual(['a', 'c']);
    expect(await chosen([keyOf('b', b), keyOf('a', a)], [at('e', envelope)])).toEqual(['a', 'e']);
  });

  it('does not try out keys on what names none', async () => {
    for (const ciphertext of [block, byIssuer]) {
      expect(await chosen([keyOf('b', b), keyOf('a', a)], [at('c', ciphertext)])).toBe('recover-several-private-keys');
    }
  });

  it('one thing twice is one thing, and what is known of it counts', async () => {
    expect(await chosen([keyOf('1', a), keyOf('2', a)], [at('c', block), at('sealed', block, a)])).toEqual(['a', 'sealed']);
    expect(await chosen([keyOf('1', b)], [at('c', block), at('sealed', block, a)])).toBe('private-key-differs');
  });

  it('of several ciphertexts the one that may open, or none', async () => {
    expect(await chosen([keyOf('b', b)], [at('e', envelope), at('c', block)])).toEqual(['b', 'c']);
    expect(await chosen([keyOf('a', a)], [at('e', envelope), at('c', block)])).toBe('recover-several-ciphertexts');
    expect(await chosen([keyOf('b', b)], [at('e', envelope), at('c', block, a)])).toBe('private-key-differs');
  });

  it('of several of both the only pair', async () => {
    expect(await chosen([keyOf('a', a), keyOf('b', b)], [at('c', block, a)])).toEqual(['a', 'c']);
    expect(await chosen([keyOf('a', a), keyOf('b', b)], [at('c', block, a), at('d', byIssuer, b)])).toBe('recover-several-private-keys');
  });
});
