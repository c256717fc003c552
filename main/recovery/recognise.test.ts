import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrivateKey } from '../sealing/index.ts';
import { isColdroomError } from '../values/index.ts';
import { recognise } from './recognise.ts';
import { cmsVectors, oaepVector, PEM } from './released.fixture.ts';

const what = (content: Buffer | string) => recognise(Buffer.from(content), 'a').what;
const key = createPrivateKey(PEM);
const lines = (bytes: Buffer) => `${bytes.toString('base64').replace(/.{64}/g, '$&\r\n')}\r\n`;
const base64Of = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');

describe('what a released content is', () => {
  it('a private key in PEM, whatever stands around it', () => {
    expect(what(PEM)).toBe('private-key');
    expect(what(`Bag Attributes\r\n${PEM.toString()}`)).toBe('private-key');
    const encrypted = key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' });
    expect(what(encrypted)).toBe('encrypted-private-key');
  });

  it('a ciphertext of one block, in binary and in base64', () => {
    const { ciphertext } = oaepVector();
    for (const form of [ciphertext, ciphertext.toString('base64'), lines(ciphertext), `\n${ciphertext.toString('base64')}\n\n`]) {
      const found = recognise(Buffer.from(form), 'a');
      expect('bytes' in found && found.bytes.equals(ciphertext) ? found.what : null).toBe('ciphertext');
    }
  });

  it('an envelope, in binary, in base64 and in PEM', () => {
    const all = cmsVectors();
    expect(all.length).toBeGreaterThan(2);
    for (const { cms } of all) {
      for (const form of [cms, lines(cms), `-----BEGIN CMS-----\n${lines(cms)}-----END CMS-----\n`]) {
        const found = recognise(Buffer.from(form), 'a');
        expect('bytes' in found && found.bytes.equals(cms) ? found.what : null).toBe('ciphertext');
      }
    }
  });

  it('an archive, which is not looked into', () => {
    const files = { 'private-key.pem': strToU8(PEM.toString()), 'secret.bin': new Uint8Array(oaepVector().ciphertext) };
    expect(what(Buffer.from(zipSync(files)))).toBe('archive');
    expect(what(Buffer.from(zipSync(files, { level: 0 })))).toBe('archive');
    expect(what(Buffer.from(zipSync(files)).subarray(0, 1000))).toBe('archive');
    expect(what(Buffer.from(zipSync({})))).toBe('archive');
    expect(what(Buffer.concat([Buffer.from('504b0304', 'hex'), randomBytes(508).fill(1)]))).toBe('ciphertext');
  });

  it('a private key in the older form is one, and parsePrivateKey says what to do with it', () => {
    const older = key.export({ format: 'pem', type: 'pkcs1' });
    expect(what(older)).toBe('private-key');
    expect(() => parsePrivateKey(Buffer.from(older), null)).toThrow(expect.objectContaining({ code: 'private-key-not-pkcs8' }));
  });

  it('nothing that is known: other keys, other text, a certificate’s form, nothing at all', () => {
    const der = key.export({ format: 'der', type: 'pkcs8' });
    const publicKey = createPublicKey(key);
    const others: (Buffer | string)[] = [
      '',
      'hello',
      der,
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'der', type: 'spki' }),
      base64Of(publicKey.export({ format: 'pem', type: 'spki' }).toString()),
      'x'.repeat(512),
      randomBytes(511),
      randomBytes(513).fill(0x31, 0, 1),
      '{"coldroom":"receipt/1"}',
      '{"coldroom":',
      '-----BEGIN CMS-----\n',
    ];
    for (const content of others) expect(what(content)).toBe('unknown');
  });

  it('a sealed item is one that holds: what says so and is none is no unknown thing', () => {
    const says = (json: string) => {
      try {
        return what(json);
      } catch (error) {
        return isColdroomError(error) ? error.code : error;
      }
    };
    expect(says('{"coldroom":"sealed/1"}')).toMatch(/^document-/);
    expect(says('{"coldroom":"sealed/9"}')).toBe('document-version');
  });

  it('anything at all gets an answer', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1200 }), (bytes) => ['ciphertext', 'unknown'].includes(what(Buffer.from(bytes)))));
  });
});
