import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { parseAssignedKey, subjectKeyId } from './assigned-key.ts';

const vectors = join(import.meta.dirname, '../../test/vectors');
type Case = { name: string; public_key: string; accept: boolean; spki_pem?: string; fingerprint?: string };
const { cases } = JSON.parse(readFileSync(join(vectors, 'public-keys.json'), 'utf8')) as { cases: Case[] };

/** Structure is right and the modulus weak: `attestation` refuses these, not this room. */
const WEAK = ['two primes next to each other', 'a prime factor of 19961', 'ROCA (CVE-2017-15361)'];
const REFUSED_WITH: Record<string, string> = {
  'one byte short': 'key-der',
  'one nibble short': 'key-odd-length',
  'trailing byte': 'key-trailing-bytes',
  'leading byte': 'key-der',
  '2048 bits': 'key-not-4096-bits',
  'exponent 3': 'key-exponent',
  'not hex': 'key-not-hex',
  'a P-256 key': 'key-not-rsa',
  'a private key': 'key-too-long',
};

function vector(name: string): string {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found.public_key;
}

function codeOf(hex: string): string {
  try {
    parseAssignedKey(hex);
  } catch (error) {
    if (isColdroomError(error) && error.family === 'check') return error.code;
    throw error;
  }
  return 'accepted';
}

const spki = vector('spki');
const pkcs1 = vector('pkcs1');

describe('the vectors', () => {
  it('are all known here', () => {
    expect(cases.length).toBe(15);
    expect(cases.filter((one) => !one.accept).map((one) => one.name)).toEqual([...Object.keys(REFUSED_WITH), ...WEAK]);
  });

  it.each(cases.filter((one) => one.accept))('takes $name', ({ public_key, spki_pem, fingerprint }) => {
    const key = parseAssignedKey(public_key);
    expect(key.hex).toBe(public_key);
    expect(key.spkiPem.trim()).toBe(spki_pem?.trim());
    expect(key.fingerprint).toBe(fingerprint);
  });

  it.each(Object.entries(REFUSED_WITH))('refuses %s with %s', (name, code) => {
    expect(codeOf(vector(name))).toBe(code);
  });

  it.each(WEAK)('leaves the modulus of "%s" to attestation', (name) => {
    expect(parseAssignedKey(vector(name)).form).toBe('spki');
  });
});

describe('parseAssignedKey', () => {
  it('gives one key for both forms, with two fingerprints', () => {
    const one = parseAssignedKey(spki);
    const other = parseAssignedKey(pkcs1);
    expect([one.form, other.form]).toEqual(['spki', 'pkcs1']);
    expect(one.modulus).toBe(other.modulus);
    expect(one.modulus.toString(2).length).toBe(4096);
    expect(one.spkiDer.equals(other.spkiDer)).toBe(true);
    expect(one.spkiDer.length).toBe(550);
    expect(one.publicKey.equals(other.publicKey)).toBe(true);
    expect(one.fingerprint).not.toBe(other.fingerprint);
  });

  it('has the subject key identifier that openssl wrote into the CMS vectors', () => {
    const cms = JSON.parse(readFileSync(join(vectors, 'cms.json'), 'utf8')) as { cases: { name: string; cms: string }[] };
    const written = cms.cases.find((one) => one.name === '0 bytes, recipient by key id')?.cms ?? '';
    const identifier = Buffer.from(written, 'base64').subarray(41, 61); // after version 2 and `80 14`
    const publicKey = createPublicKey(readFileSync(join(vectors, 'rsa4096-a.key.pem')));
    const key = parseAssignedKey(publicKey.export({ format: 'der', type: 'spki' }).toString('hex'));
    expect(key.subjectKeyId.toString('hex')).toBe(identifier.toString('hex'));
    expect(subjectKeyId(publicKey).equals(key.subjectKeyId)).toBe(true);
  });

  it.each([
    ['', 'key-der'],
    ['3', 'key-odd-length'],
    ['30', 'key-der'],
    ['3 ', 'key-not-hex'],
    [`${spki}\n`, 'key-not-hex'],
    ['00'.repeat(2048), 'key-der'],
    [`${'00'.repeat(2048)}0`, 'key-too-long'],
    [`${pkcs1}00`, 'key-trailing-bytes'],
    [pkcs1.slice(0, -2), 'key-der'],
    [spki.slice(2), 'key-der'],
  ])('refuses case %#', (hex, code) => {
    expect(codeOf(hex)).toBe(code);
  });

  it('refuses 4095 and 4097 bits', () => {
    const shorter = Buffer.from(pkcs1, 'hex');
    shorter.writeUInt8(0x7f, 9); // below the leading zero byte: no longer minimal
    expect(codeOf(shorter.toString('hex'))).toBe('key-not-4096-bits');
    const longer = Buffer.from(pkcs1, 'hex');
    longer.writeUInt8(0x01, 8);
    expect(codeOf(longer.toString('hex'))).toBe('key-not-4096-bits');
  });

  it('refuses an RSA-PSS key, whose algorithm is another', () => {
    const { publicKey } = generateKeyPairSync('rsa-pss', { modulusLength: 1024 });
    expect(codeOf(publicKey.export({ format: 'der', type: 'spki' }).toString('hex'))).toBe('key-not-rsa');
  });

  it('refuses a length that is not minimal', () => {
    const inside = Buffer.from(pkcs1, 'hex').subarray(4);
    expect(codeOf(Buffer.concat([Buffer.from('308300020a', 'hex'), inside]).toString('hex'))).toBe('key-der');
  });
});

describe('10,000 mutations of both forms', () => {
  type Mutation = (bytes: Buffer) => Buffer;
  const at = fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 600 })); // the structure lies in front
  const byte = fc.nat({ max: 255 });
  const flip = fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([place, mask]): Mutation => (bytes) => {
    const changed = Buffer.from(bytes);
    const where = place % Math.max(1, changed.length);
    if (changed.length > 0) changed.writeUInt8(changed.readUInt8(where) ^ mask, where);
    return changed;
  });
  const insert = fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 4 })).map(
    ([place, more]): Mutation =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)]),
  );
  const drop = fc.tuple(at, fc.integer({ min: 1, max: 4 })).map(
    ([place, count]): Mutation =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + count)]),
  );
  const truncate = at.map(
    (place): Mutation =>
      (bytes) =>
        bytes.subarray(0, place),
  );
  const setLength = fc
    .tuple(fc.constantFrom(1, 2, 3, 5, 7, 20, 21, 22, 25, 26, 27, 29, 30, 31), byte)
    .map(([place, value]): Mutation => (bytes) => {
      const changed = Buffer.from(bytes);
      if (place < changed.length) changed.writeUInt8(value, place);
      return changed;
    });
  const mutations = fc.array(fc.oneof(flip, insert, drop, truncate, setLength), { minLength: 1, maxLength: 3 });

  it('are refused in our own words, or re-encode to the same bytes', { timeout: 120_000 }, () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(spki, pkcs1), mutations, (hex, steps) => {
        const bytes = steps.reduce<Buffer>((sofar, step) => step(sofar), Buffer.from(hex, 'hex'));
        const mutated = bytes.toString('hex');
        if (codeOf(mutated) !== 'accepted') {
          refused++;
          return;
        }
        accepted++;
        const key = parseAssignedKey(mutated);
        const again = key.publicKey.export({ format: 'der', type: key.form });
        expect(again.toString('hex')).toBe(mutated);
        expect(key.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 4096, publicExponent: 65537n });
      }),
      { numRuns: 10_000 },
    );
    // Both ends were reached: most flips in the modulus give another key of the right form.
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(1000);
  });
});
