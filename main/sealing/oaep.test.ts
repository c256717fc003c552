import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ColdroomError } from '../values/index.ts';
import { parseAssignedKey } from './assigned-key.ts';
import { OAEP_MAX_BYTES, openOaep, sealOaep } from './oaep.ts';
import { KNOWN } from './self-test-data.ts';

const vectors = join(import.meta.dirname, '../../test/vectors');
const keyPath = join(vectors, 'rsa4096-a.key.pem');
const privateKey = createPrivateKey(readFileSync(keyPath));
const key = parseAssignedKey(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex'));
type Case = { name: string; plaintext_hex?: string; ciphertext: string; opens: boolean };
const { cases } = JSON.parse(readFileSync(join(vectors, 'oaep.json'), 'utf8')) as { cases: Case[] };
const folder = mkdtempSync(join(tmpdir(), 'sealing-oaep-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function opensslOpen(ciphertext: Buffer, keyFile: string, mgf1: string): Buffer {
  const path = join(folder, 'ciphertext');
  writeFileSync(path, ciphertext);
  const options = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', `rsa_mgf1_md:${mgf1}`].flatMap((one) => ['-pkeyopt', one]);
  return execFileSync('openssl', ['pkeyutl', '-decrypt', '-inkey', keyFile, '-in', path, ...options]);
}

function refusal(ciphertext: Uint8Array): ColdroomError {
  try {
    openOaep(ciphertext, privateKey);
  } catch (error) {
    if (error instanceof ColdroomError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

describe('the vectors', () => {
  it('are all there', () => {
    expect(cases.filter((one) => one.opens).length).toBe(5);
    expect(cases.filter((one) => !one.opens).length).toBe(8);
  });

  it.each(cases.filter((one) => one.opens))('opens $name', ({ ciphertext, plaintext_hex }) => {
    expect(openOaep(Buffer.from(ciphertext, 'base64'), privateKey).toString('hex')).toBe(plaintext_hex);
  });

  it.each(cases.filter((one) => !one.opens))('refuses $name', ({ ciphertext }) => {
    expect(refusal(Buffer.from(ciphertext, 'base64')).code).toBe('cannot-open');
  });
});

describe('sealOaep', () => {
  it.each([0, 1, OAEP_MAX_BYTES - 1, OAEP_MAX_BYTES])('seals %i bytes, which openssl opens', (length) => {
    const message = randomBytes(length);
    const ciphertext = sealOaep(message, key);
    expect(ciphertext.length).toBe(512);
    expect(opensslOpen(ciphertext, keyPath, 'sha256').equals(message)).toBe(true);
    expect(openOaep(ciphertext, privateKey).equals(message)).toBe(true);
  });

  it('refuses one byte more', () => {
    expect(() => sealOaep(Buffer.alloc(OAEP_MAX_BYTES + 1), key)).toThrow(
      expect.objectContaining({ family: 'input', code: 'mode-too-small' }),
    );
  });

  it('never gives the same ciphertext twice', () => {
    expect(sealOaep(Buffer.from('a'), key).equals(sealOaep(Buffer.from('a'), key))).toBe(false);
  });
});

describe('openOaep', () => {
  it.each([0, 511, 513])('refuses %i bytes', (length) => {
    expect(refusal(Buffer.alloc(length, 1)).code).toBe('cannot-open');
  });

  it('gives no hint of what was wrong: every refusal is the same in all its parts', () => {
    const seen = cases.filter((one) => !one.opens).map((one) => refusal(Buffer.from(one.ciphertext, 'base64')));
    const overModulus = refusal(Buffer.alloc(512, 0xff));
    const shown = ({ family, code, message, hint, cause }: ColdroomError) => ({ family, code, message, hint, cause });
    expect(overModulus.cause).toBeUndefined();
    for (const error of seen) expect(shown(error)).toEqual(shown(overModulus));
  });
});

describe('the self-test’s mismatched vector', () => {
  it('is what it says: openssl opens it with SHA-1 for MGF1, and only so', () => {
    const keyFile = join(folder, 'test-key.pem');
    writeFileSync(keyFile, KNOWN.testPrivateKeyPem);
    const ciphertext = Buffer.from(KNOWN.mismatchedMgf1Ciphertext, 'base64');
    expect(opensslOpen(ciphertext, keyFile, 'sha1').toString()).toBe(KNOWN.message);
    expect(() => openOaep(ciphertext, createPrivateKey(KNOWN.testPrivateKeyPem))).toThrow(expect.objectContaining({ code: 'cannot-open' }));
  });
});
