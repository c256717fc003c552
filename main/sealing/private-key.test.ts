import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColdroomError } from '../values/index.ts';
import { parsePrivateKey } from './private-key.ts';

const keyPath = join(import.meta.dirname, '../../test/vectors/rsa4096-a.key.pem');
const plain = readFileSync(keyPath);
const key = createPrivateKey(plain);
const passphrase = Buffer.from('correct horse');
const encrypted = Buffer.from(key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }));
const pkcs8 = (from: typeof key) => Buffer.from(from.export({ format: 'pem', type: 'pkcs8' }));
const text = (label: string) => Buffer.from(`-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`);

function refusal(pem: Buffer, given: Buffer | null = null): ColdroomError {
  try {
    parsePrivateKey(pem, given);
  } catch (error) {
    if (error instanceof ColdroomError && error.family === 'input') return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('parsePrivateKey', () => {
  it('takes a plain one', () => {
    expect(parsePrivateKey(plain, null).equals(key)).toBe(true);
  });

  it('refuses one whose modulus has a letter wrong, which OpenSSL loads', () => {
    const letters = plain.toString('latin1');
    const at = letters.indexOf('\n') + 100; // within the modulus
    const other = letters[at] === 'A' ? 'B' : 'A';
    const wrong = Buffer.from(letters.slice(0, at) + other + letters.slice(at + 1));
    expect(createPrivateKey(wrong).asymmetricKeyDetails?.modulusLength).toBe(4096);
    expect(refusal(wrong).code).toBe('private-key-damaged');
  });

  it.each([
    ['openssl’s own', () => execFileSync('openssl', ['pkcs8', '-topk8', '-in', keyPath, '-passout', 'pass:correct horse'])],
    ['Node’s', () => encrypted],
  ])('takes an encrypted one: %s', (_whose, make) => {
    expect(parsePrivateKey(make(), passphrase).equals(key)).toBe(true);
  });

  it('takes CRLF line ends, a byte order mark and text in front', () => {
    const crlf = Buffer.from(plain.toString().replaceAll('\n', '\r\n'));
    expect(parsePrivateKey(crlf, null).equals(key)).toBe(true);
    expect(parsePrivateKey(Buffer.concat([Buffer.from('\ufeff'), plain]), null).equals(key)).toBe(true);
    expect(parsePrivateKey(Buffer.concat([Buffer.from('Bag Attributes\n'), plain]), null).equals(key)).toBe(true);
  });

  it('leaves both arguments as they were', () => {
    const given = Buffer.from(encrypted);
    const word = Buffer.from(passphrase);
    parsePrivateKey(given, word);
    expect(given.equals(encrypted) && word.equals(passphrase)).toBe(true);
  });

  it.each<[string, string, () => Buffer, Buffer | null]>([
    ['nothing', 'private-key-not-pem', () => Buffer.alloc(0), null],
    ['text', 'private-key-not-pem', () => Buffer.from('abandon abandon'), null],
    ['DER', 'private-key-not-pem', () => key.export({ format: 'der', type: 'pkcs8' }), null],
    ['two blocks', 'private-key-not-pem', () => Buffer.concat([plain, plain]), null],
    ['PKCS#1', 'private-key-not-pkcs8', () => Buffer.from(key.export({ format: 'pem', type: 'pkcs1' })), null],
    ['a public key', 'private-key-not-pkcs8', () => Buffer.from(createPublicKey(key).export({ format: 'pem', type: 'spki' })), null],
    ['a PKCS#1 public key', 'private-key-not-pkcs8', () => text('RSA PUBLIC KEY'), null],
    ['a certificate', 'private-key-not-pkcs8', () => text('CERTIFICATE'), null],
    ['an OpenPGP package', 'private-key-not-pkcs8', () => text('PGP MESSAGE'), null],
    ['an OpenPGP key', 'private-key-not-pkcs8', () => text('PGP PRIVATE KEY BLOCK'), null],
    ['another label', 'private-key-not-pkcs8', () => text('SOMETHING'), null],
    ['a label without end', 'private-key-not-pkcs8', () => Buffer.from('-----BEGIN PRIVATE KEY'), null],
    ['an OpenSSH key', 'private-key-not-rsa4096', () => text('OPENSSH PRIVATE KEY'), null],
    ['a P-256 key', 'private-key-not-rsa4096', () => pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), null],
    ['2048 bits', 'private-key-not-rsa4096', () => pkcs8(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey), null],
    ['an encrypted one without passphrase', 'private-key-encrypted', () => encrypted, null],
    ['an encrypted one with another passphrase', 'private-key-passphrase-wrong', () => encrypted, Buffer.from('Correct horse')],
    ['an encrypted one with an empty passphrase', 'private-key-passphrase-wrong', () => encrypted, Buffer.alloc(0)],
    ['a plain one with a passphrase', 'private-key-not-encrypted', () => plain, passphrase],
    ['one cut short', 'private-key-damaged', () => plain.subarray(0, plain.length - 100), null],
    ['an empty block', 'private-key-damaged', () => Buffer.from('-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n'), null],
  ])('refuses %s with %s', (_what, code, make, given) => {
    expect(refusal(make(), given).code).toBe(code);
  });

  it('names what was given by mistake, and how to convert', () => {
    expect(refusal(text('RSA PRIVATE KEY')).hint).toContain('openssl pkcs8 -topk8');
    expect(refusal(key.export({ format: 'der', type: 'pkcs8' })).hint).toContain('-inform DER');
    expect(refusal(text('PUBLIC KEY')).message).toContain('public key');
    expect(refusal(text('CERTIFICATE')).message).toContain('certificate');
  });

  it('gives a PKCS#1 key the command that makes it a file it takes', () => {
    const pem = execFileSync('openssl', ['pkcs8', '-topk8', '-nocrypt'], { input: key.export({ format: 'pem', type: 'pkcs1' }) });
    expect(parsePrivateKey(pem, null).equals(key)).toBe(true);
  });

  it('says nothing of the file, whatever is in it', () => {
    const canary = 'CANARY';
    fc.assert(
      fc.property(fc.nat({ max: plain.length }), fc.constantFrom(plain, encrypted), fc.boolean(), (at, pem, withPassphrase) => {
        const changed = Buffer.concat([pem.subarray(0, at), Buffer.from(canary), pem.subarray(at)]);
        try {
          // Inside a label or before the block it does no harm.
          expect(parsePrivateKey(changed, withPassphrase ? passphrase : null).asymmetricKeyType).toBe('rsa');
        } catch (error) {
          if (!(error instanceof ColdroomError)) throw error;
          expect(`${error.message} ${error.hint ?? ''}`).not.toContain(canary);
          expect(error.cause).toBeUndefined();
        }
      }),
      { numRuns: 200 },
    );
  });
});
