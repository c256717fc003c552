import { execFileSync } from 'node:child_process';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { Passphrase } from '../values/index.ts';
import { BOX_OVERHEAD_BYTES, isBox, openBox, sealBox } from './box.ts';
import { forgeSealGcm } from './forge.ts';
import { openOaep } from './oaep.ts';
import { readPassphrase } from './passphrase.ts';

const vectors = join(import.meta.dirname, '../../test/vectors');
type Case = { name: string; passphrase: string; plaintext_hex: string; box_hex: string; oaep_ciphertext: string };
const { cases } = JSON.parse(readFileSync(join(vectors, 'box.json'), 'utf8')) as { cases: Case[] };
const phrase = (text: string): Passphrase => readPassphrase(Buffer.from(text));
const refused = expect.objectContaining({ family: 'check', code: 'box-cannot-open' }) as unknown;

const folder = mkdtempSync(join(tmpdir(), 'sealing-box-'));

/** What a person without Coldroom would run (design.md, "Sealing formats"). */
const PYTHON = `
import hashlib, sys, unicodedata
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
box = open(sys.argv[1], 'rb').read()
phrase = unicodedata.normalize('NFC', sys.argv[2]).encode()
d = hashlib.scrypt(phrase, salt=box[4:20], n=2**17, r=8, p=1, maxmem=256*1024*1024, dklen=44)
sys.stdout.buffer.write(AESGCM(d[:32]).decrypt(d[32:], box[20:], box[:4]))`;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the vectors', () => {
  it('are all there', () => {
    expect(cases.length).toBe(5);
  });

  it.concurrent.each(cases)('opens $name', async ({ passphrase, plaintext_hex, box_hex }) => {
    const box = Buffer.from(box_hex, 'hex');
    expect(isBox(box)).toBe(true);
    expect((await openBox(box, phrase(passphrase))).toString('hex')).toBe(plaintext_hex);
    expect(box.toString('hex')).toBe(box_hex);
  });

  it('are what the private key gives back', () => {
    const privateKey = createPrivateKey(readFileSync(join(vectors, 'rsa4096-a.key.pem')));
    for (const { oaep_ciphertext, box_hex } of cases) {
      expect(openOaep(Buffer.from(oaep_ciphertext, 'base64'), privateKey).toString('hex')).toBe(box_hex);
    }
  });
});

describe('sealBox', () => {
  it('writes what noble’s scrypt and node-forge’s GCM write, what Python opens, and under a fresh salt each time', async () => {
    const content = randomBytes(33);
    const box = await sealBox(content, phrase('correct horse'));
    expect(box.length).toBe(content.length + BOX_OVERHEAD_BYTES);
    const salt = box.subarray(4, 20);
    const derived = Buffer.from(await scryptAsync('correct horse', salt, { N: 2 ** 17, r: 8, p: 1, dkLen: 44, maxmem: 2 ** 28 }));
    const sealed = forgeSealGcm(derived.subarray(0, 32), derived.subarray(32), Buffer.from('CRB1'), content);
    expect(box.toString('hex')).toBe(`43524231${salt.toString('hex')}${sealed?.ciphertext ?? ''}${sealed?.tag ?? ''}`);

    const path = join(folder, 'box');
    writeFileSync(path, box);
    expect(execFileSync('/usr/bin/python3', ['-c', PYTHON, path, 'correct horse']).equals(content)).toBe(true);

    const other = await sealBox(content, phrase('correct horse'));
    expect(other.subarray(4, 20).equals(salt)).toBe(false);
    expect((await openBox(other, phrase('correct horse'))).equals(content)).toBe(true);
  });
});

describe('openBox', () => {
  const box = Buffer.from(cases[1]?.box_hex ?? '', 'hex'); // of empty content: every byte is salt or tag
  const right = () => phrase(cases[1]?.passphrase ?? '');

  it.each([0, 3, 4, 35])('refuses %i bytes before it derives anything', async (length) => {
    await expect(openBox(box.subarray(0, length), right())).rejects.toEqual(refused);
  });

  it('refuses one byte more', async () => {
    await expect(openBox(Buffer.concat([box, Buffer.from([0])]), right())).rejects.toEqual(refused);
  });

  it('refuses another passphrase, in the same words as a changed salt and a changed tag', async () => {
    const flipped = [4, 35].map((at) => {
      const changed = Buffer.from(box);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x80, at);
      return openBox(changed, right());
    });
    const results = await Promise.allSettled([openBox(box, phrase('Correct horse')), ...flipped]);
    const errors = results.map((one) => (one.status === 'rejected' ? (one.reason as Error) : null));
    expect(errors).toEqual([refused, refused, refused]);
    expect(new Set(errors.map((one) => one?.message)).size).toBe(1);
    expect(errors.map((one) => one?.cause)).toEqual([undefined, undefined, undefined]);
  });

  it('refuses another magic', async () => {
    const changed = Buffer.from(box);
    changed.write('CRB2', 'latin1');
    expect(isBox(changed)).toBe(false);
    await expect(openBox(changed, right())).rejects.toEqual(refused);
  });
});

describe('isBox', () => {
  it('goes by the first four bytes alone', () => {
    expect(isBox(Buffer.from('CRB1'))).toBe(true);
    expect(isBox(Buffer.from('CRB1 and more'))).toBe(true);
    expect(isBox(Buffer.from('CRB'))).toBe(false);
    expect(isBox(Buffer.alloc(0))).toBe(false);
    expect(isBox(Buffer.from('crb1'))).toBe(false);
  });
});
