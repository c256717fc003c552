import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256, type Passphrase } from '../values/index.ts';
import { parseAssignedKey } from './assigned-key.ts';
import { sealBox } from './box.ts';
import { sealEnvelopeBytes } from './envelope.ts';
import { sealedSize, type Mode } from './mode.ts';
import { openOaep, sealOaep } from './oaep.ts';
import { openSealed } from './open.ts';
import { sealSecret } from './seal.ts';

const vectors = join(import.meta.dirname, '../../test/vectors');
const privateKey = createPrivateKey(readFileSync(join(vectors, 'rsa4096-a.key.pem')));
const key = parseAssignedKey(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex'));
const passphrase = Buffer.from('correct horse') as Passphrase;
const input = (code: string) => ({ family: 'input', code });
const check = (code: string) => ({ family: 'check', code });

const seal = (secret: Buffer, mode: Mode, given: Passphrase | null = null, limitBytes?: number) =>
  sealSecret({ secret, key, mode, passphrase: given, ...(limitBytes === undefined ? {} : { limitBytes }) });
const open = (ciphertext: Buffer, mode: Mode | 'detect' = 'detect', given: Passphrase | null = null) =>
  openSealed({ ciphertext, mode, privateKey, passphrase: given, reader: 'strict' });

describe('seal, then open', () => {
  it.each<[Mode, number, boolean]>([
    ['direct', 1, false],
    ['direct', 446, false],
    ['passphrase', 410, true],
    ['envelope', 1, false],
    ['envelope', 447, false],
    ['envelope+passphrase', 1, true],
  ])('%s with %i bytes gives them back, said or detected', async (mode, sizeBytes, boxed) => {
    const secret = randomBytes(sizeBytes);
    const kept = Buffer.from(secret);
    const given = boxed ? passphrase : null;
    const sealed = await seal(secret, mode, given);
    expect(secret.equals(kept)).toBe(true);
    expect(sealed).toMatchObject({ mode, sizeBytes, ciphertextSha256: sha256(sealed.ciphertext) });
    expect(sealed.ciphertext.length).toBe(sealedSize(mode, sizeBytes));

    const opened = await open(sealed.ciphertext, mode, given);
    expect(opened.content.equals(secret)).toBe(true);
    expect(opened.mode).toBe(mode);
    expect(opened.oaepInputSha256).toBe(sealed.checksum);
    if (!boxed) expect(await open(sealed.ciphertext)).toMatchObject({ mode, content: secret });
  });

  it('has a checksum over what OAEP was given: the secret itself, or the box; none for envelopes', async () => {
    const secret = Buffer.from('a secret');
    expect((await seal(secret, 'direct')).checksum).toBe(sha256(secret));
    expect((await seal(secret, 'envelope')).checksum).toBeNull();
    const boxed = await seal(secret, 'passphrase', passphrase);
    expect(boxed.checksum).toBe(sha256(openOaep(boxed.ciphertext, privateKey)));
  });
});

describe('sealSecret refuses', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['secret-empty', () => seal(Buffer.alloc(0), 'direct')],
    ['secret-looks-sealed', () => seal(Buffer.from('CRB1'), 'envelope')],
    ['mode-too-small', () => seal(Buffer.alloc(447), 'direct')],
    ['mode-too-small', () => seal(Buffer.alloc(411), 'passphrase', passphrase)],
    ['sealed-too-large', () => seal(Buffer.alloc(1), 'direct', null, 511)],
    ['sealed-too-large', () => seal(Buffer.alloc(10_485_760), 'envelope')],
    ['limit-out-of-range', () => seal(Buffer.alloc(1), 'direct', null, 12_000_001)],
    ['passphrase-needed', () => seal(Buffer.alloc(1), 'passphrase')],
    ['passphrase-needed', () => seal(Buffer.alloc(1), 'envelope+passphrase')],
    ['passphrase-not-needed', () => seal(Buffer.alloc(1), 'direct', passphrase)],
    ['passphrase-not-needed', () => seal(Buffer.alloc(1), 'envelope', passphrase)],
  ])('%s', async (code, act) => {
    await expect(act()).rejects.toMatchObject(input(code));
  });
});

describe('openSealed', () => {
  it.each([0, 511, 513])('does not recognise %i bytes that are no envelope', async (length) => {
    await expect(open(Buffer.alloc(length))).rejects.toMatchObject(input('ciphertext-not-recognised'));
  });

  it('takes a SEQUENCE of fewer bytes than a block for nothing, and of more for an envelope', async () => {
    await expect(open(Buffer.alloc(511, 0x30))).rejects.toMatchObject(input('ciphertext-not-recognised'));
    await expect(open(Buffer.alloc(513, 0x30))).rejects.toMatchObject(check('envelope-malformed'));
  });

  it('refuses a block that does not open, and one of another length where the mode says block', async () => {
    await expect(open(Buffer.alloc(512, 1))).rejects.toMatchObject(check('cannot-open'));
    await expect(open(Buffer.alloc(511, 1), 'direct')).rejects.toMatchObject(check('cannot-open'));
    await expect(open(sealOaep(Buffer.from('a'), key), 'envelope')).rejects.toMatchObject(check('envelope-malformed'));
  });

  it('asks for the passphrase of a box, and refuses one for none', async () => {
    const box = Buffer.concat([Buffer.from('CRB1'), Buffer.alloc(32)]);
    await expect(open(sealOaep(box, key))).rejects.toMatchObject(input('passphrase-needed'));
    await expect(open(await sealEnvelopeBytes(box, key))).rejects.toMatchObject(input('passphrase-needed'));
    await expect(open(sealOaep(Buffer.from('a'), key), 'detect', passphrase)).rejects.toMatchObject(input('passphrase-not-needed'));
  });

  it('refuses another passphrase', async () => {
    const sealed = sealOaep(await sealBox(Buffer.from('a'), passphrase), key);
    await expect(open(sealed, 'detect', Buffer.from('other') as Passphrase)).rejects.toMatchObject(check('box-cannot-open'));
  });

  it('refuses an item that says another mode than it has', async () => {
    const box = Buffer.concat([Buffer.from('CRB1'), Buffer.alloc(32)]);
    await expect(open(sealOaep(box, key), 'direct')).rejects.toMatchObject(check('mode-differs'));
    await expect(open(sealOaep(Buffer.from('a'), key), 'passphrase', passphrase)).rejects.toMatchObject(check('mode-differs'));
    await expect(open(await sealEnvelopeBytes(Buffer.from('a'), key), 'envelope+passphrase')).rejects.toMatchObject(check('mode-differs'));
  });

  it('opens every openssl envelope of the vectors that has a box inside', async () => {
    type Case = { passphrase?: string; inner_hex?: string; cms: string };
    const { cases } = JSON.parse(readFileSync(join(vectors, 'cms.json'), 'utf8')) as { cases: Case[] };
    const boxed = cases.filter((one) => one.passphrase !== undefined);
    expect(boxed.length).toBe(1);
    for (const one of boxed) {
      const given = Buffer.from(one.passphrase ?? '') as Passphrase;
      const opened = await open(Buffer.from(one.cms, 'base64'), 'detect', given);
      expect(opened.mode).toBe('envelope+passphrase');
      expect(opened.content.toString('hex')).toBe(one.inner_hex);
    }
  });
});
