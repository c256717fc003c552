import { createPrivateKey, createPublicKey } from 'node:crypto';
import type * as original from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Passphrase } from '../values/index.ts';

/** Every buffer that the cryptography handed out and that may hold a key or a secret, by where it came from. */
const handedOut = vi.hoisted((): { from: string; bytes: Buffer }[] => []);

vi.mock('node:crypto', async (importOriginal) => {
  const crypto = await importOriginal<typeof original>();
  const note = (from: string, bytes: Buffer) => {
    handedOut.push({ from, bytes });
    return bytes;
  };
  return {
    ...crypto,
    randomBytes: (size: number) => (size === 32 ? note('content key', crypto.randomBytes(size)) : crypto.randomBytes(size)),
    privateDecrypt: (...args: Parameters<typeof crypto.privateDecrypt>) => note('OAEP', crypto.privateDecrypt(...args)),
    // What wiping does not depend on is the cost: a thousandth of it does here.
    scrypt: (passphrase: Buffer, salt: Buffer, length: number, _options: object, done: (error: Error | null, derived: Buffer) => void) => {
      crypto.scrypt(passphrase, salt, length, { N: 128 }, (error, derived) => {
        done(error, note('box key', derived));
      });
    },
    createDecipheriv: (...args: Parameters<typeof crypto.createDecipheriv>) => {
      const decipher = crypto.createDecipheriv(...args);
      const update = decipher.update.bind(decipher) as (data: Buffer) => Buffer;
      return Object.assign(decipher, { update: (data: Buffer) => note('GCM', update(data)) });
    },
  };
});

const { parseAssignedKey } = await import('./assigned-key.ts');
const { sealSecret } = await import('./seal.ts');
const { openSealed } = await import('./open.ts');

const privateKey = createPrivateKey(readFileSync(join(import.meta.dirname, '../../test/vectors/rsa4096-a.key.pem')));
const key = parseAssignedKey(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex'));
const passphrase = Buffer.from('correct horse') as Passphrase;
const MODES = ['direct', 'passphrase', 'envelope', 'envelope+passphrase'] as const;
const givenFor = (mode: string) => (mode.includes('passphrase') ? passphrase : null);
const notWiped = () => handedOut.filter(({ bytes }) => bytes.some((byte) => byte !== 0)).map(({ from }) => from);

beforeEach(() => {
  handedOut.length = 0;
});

describe('what the cryptography handed out', () => {
  it.each(MODES)('%s: is wiped after sealing', async (mode) => {
    await sealSecret({ secret: Buffer.from('a secret'), key, mode, passphrase: givenFor(mode) });
    expect(notWiped()).toEqual([]);
    expect(handedOut.map(({ from }) => from)).toEqual(
      { direct: [], passphrase: ['box key'], envelope: ['content key'], 'envelope+passphrase': ['box key', 'content key'] }[mode],
    );
  });

  it.each(MODES)('%s: is wiped after opening, but for the secret', async (mode) => {
    const { ciphertext } = await sealSecret({ secret: Buffer.from('a secret'), key, mode, passphrase: givenFor(mode) });
    handedOut.length = 0;
    const { content } = await openSealed({ ciphertext, mode: 'detect', privateKey, passphrase: givenFor(mode), reader: 'strict' });
    expect(content.toString()).toBe('a secret');
    expect(handedOut.length).toBeGreaterThan(0);
    content.fill(0);
    expect(notWiped()).toEqual([]);
  });

  it.each(MODES)('%s: is wiped when opening is refused', async (mode) => {
    const { ciphertext } = await sealSecret({ secret: Buffer.from('a secret'), key, mode, passphrase: givenFor(mode) });
    handedOut.length = 0;
    const wrong = givenFor(mode) === null ? passphrase : (Buffer.from('another') as Passphrase);
    await expect(openSealed({ ciphertext, mode: 'detect', privateKey, passphrase: wrong, reader: 'strict' })).rejects.toMatchObject({
      code: givenFor(mode) === null ? 'passphrase-not-needed' : 'box-cannot-open',
    });
    expect(handedOut.length).toBeGreaterThan(0);
    expect(notWiped()).toEqual([]);
  });

  it('of an envelope whose tag does not hold is wiped', async () => {
    const { ciphertext } = await sealSecret({ secret: Buffer.from('a secret'), key, mode: 'envelope', passphrase: null });
    handedOut.length = 0;
    ciphertext.writeUInt8(ciphertext.readUInt8(ciphertext.length - 1) ^ 1, ciphertext.length - 1);
    await expect(openSealed({ ciphertext, mode: 'envelope', privateKey, passphrase: null, reader: 'strict' })).rejects.toMatchObject({
      code: 'cannot-open',
    });
    expect(handedOut.map(({ from }) => from)).toEqual(['OAEP', 'GCM']);
    expect(notWiped()).toEqual([]);
  });
});
