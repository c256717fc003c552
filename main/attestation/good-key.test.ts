import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAssignedKey } from '../sealing/index.ts';
import { checkGoodModulus } from './good-key.ts';

const vectors = join(import.meta.dirname, '../../test/vectors');
const { cases } = JSON.parse(readFileSync(join(vectors, 'public-keys.json'), 'utf8')) as {
  cases: { name: string; public_key: string; accept: boolean; spki_pem?: string; fingerprint?: string }[];
};
const modulusOf = (name: string): bigint => parseAssignedKey(cases.find((one) => one.name === name)?.public_key ?? '').modulus;
const refusal = (code: string) => expect.objectContaining({ code, family: 'check' }) as Error;
const check = (modulus: bigint) => () => {
  checkGoodModulus(modulus);
};

/** Odd, and each divisible by no smaller number: by plain division, another way than the product's sieve. */
const SMALL_PRIMES = Array.from({ length: 2 ** 15 }, (_, index) => 2 * index + 1)
  .filter((n) => n > 1 && isPrime(n))
  .map(BigInt);

function isPrime(n: number): boolean {
  for (let divisor = 3; divisor * divisor <= n; divisor += 2) if (n % divisor === 0) return false;
  return true;
}

describe('public-keys.json', () => {
  /** Why each refused vector is refused, so that none passes for another reason. */
  const codes: Record<string, string> = {
    'one byte short': 'key-der',
    'one nibble short': 'key-odd-length',
    'trailing byte': 'key-trailing-bytes',
    'leading byte': 'key-der',
    '2048 bits': 'key-not-4096-bits',
    'exponent 3': 'key-exponent',
    'not hex': 'key-not-hex',
    'a P-256 key': 'key-not-rsa',
    'a private key': 'key-too-long',
    'two primes next to each other': 'key-close-primes',
    'a prime factor of 19961': 'key-small-factor',
    'ROCA (CVE-2017-15361)': 'key-roca',
  };
  it('has cases of both verdicts, each refusal with its code', () => {
    expect(cases.filter((one) => one.accept).length).toBeGreaterThanOrEqual(3);
    expect(new Set(cases.filter((one) => !one.accept).map((one) => one.name))).toEqual(new Set(Object.keys(codes)));
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
    const judge = () => {
      const key = parseAssignedKey(one.public_key);
      checkGoodModulus(key.modulus);
      return { accept: true, spki_pem: key.spkiPem, fingerprint: key.fingerprint };
    };
    if (one.accept) expect(judge()).toEqual({ accept: true, spki_pem: one.spki_pem, fingerprint: one.fingerprint });
    else expect(judge).toThrow(refusal(codes[name] ?? ''));
  });
});

describe('checkGoodModulus', () => {
  const good = modulusOf('spki');
  it('takes the modulus of a sound key', () => {
    const jwk = createPublicKey(readFileSync(join(vectors, 'rsa4096-a.key.pem'))).export({ format: 'jwk' });
    check(BigInt(`0x${Buffer.from(jwk.n ?? '', 'base64url').toString('hex')}`))();
    check(good)();
  });
  it('takes sound keys of whatever a generator gives: small ones, to have many', () => {
    for (let round = 0; round < 20; round += 1) {
      const { n = '' } = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey.export({ format: 'jwk' });
      check(BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`))();
    }
  });
  it.each([2n, 3n, 5n, 65_519n, 65_521n])('refuses the factor %d: up to the last prime below 2^16', (prime) => {
    expect(check(good * prime)).toThrow(refusal('key-small-factor'));
  });
  it('passes over the factor 65537, the first above 2^16: the honest gap', () => {
    check(good * 65_537n)();
  });
  it('refuses a square, the closest that two primes can be', () => {
    const prime = 2n ** 521n - 1n;
    expect(check(prime * prime)).toThrow(refusal('key-close-primes'));
  });
  it('parts what falls apart in round 100, and not what would in round 101', () => {
    // n = a² − b² is met when the method, which starts at √n ≈ a − b²/2a, has come to a: for this a, b = 10·2^300 is round 100.
    const a = 2n ** 599n;
    const bOfRound100 = 10n * 2n ** 300n;
    const modulusNear = (step: bigint): bigint => {
      for (let b = bOfRound100 + step; ; b += 2n * step) {
        const modulus = (a - b) * (a + b);
        if (!SMALL_PRIMES.some((prime) => modulus % prime === 0n)) return modulus;
      }
    };
    expect(check(modulusNear(-1n))).toThrow(refusal('key-close-primes'));
    check(modulusNear(1n))();
  });
});
