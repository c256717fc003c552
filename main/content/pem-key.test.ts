import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readDer } from './der-reader.ts';
import { inspectSecret, parseIdentifierType, type IdentifierType } from './index.ts';
import { encryptedKey, PASSWORD, plainKeys } from './key-files.fixture.ts';
import { pemKey } from './pem-key.ts';
import { secondOpinion } from './second-opinion.fixture.ts';

const keys = plainKeys();
const names = Object.keys(keys) as (keyof typeof keys)[];
const codes = (text: string) => pemKey.read(Buffer.from(text)).findings.map(({ code }) => code);
const ask = (text: string, types: readonly IdentifierType[], password: string | null = null) =>
  inspectSecret(Buffer.from(text), {
    identifiers: types.map((type) => ({ type, path: null })),
    bip39Passphrase: null,
    password: password === null ? null : Buffer.from(password),
  });
const refusal = (code: string) => expect.objectContaining({ code, family: 'input' }) as Error;
const pemOf = (der: Buffer, label = 'PRIVATE KEY') =>
  `-----BEGIN ${label}-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
const derOf = (pem: string) => createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
/** The key with the byte `fromEnd` bytes before its end turned over. */
const flipped = (pem: string, fromEnd: number) => {
  const der = derOf(pem);
  der.writeUInt8(der.readUInt8(der.length - fromEnd) ^ 1, der.length - fromEnd);
  return pemOf(der);
};

const HAS: Readonly<Record<keyof typeof keys, readonly IdentifierType[]>> = {
  rsa: ['spki-sha256'],
  secp256k1: ['spki-sha256', 'public-key', 'ethereum'],
  p256: ['spki-sha256', 'public-key'],
  p384: ['spki-sha256', 'public-key'],
  p521: ['spki-sha256', 'public-key'],
  ed25519: ['spki-sha256', 'public-key', 'solana'],
  x25519: ['spki-sha256'],
};

describe('a plain key file', () => {
  it.each(names)('%s is recognised, valid without a finding, and has the identifiers that Python finds', async (name) => {
    const pem = keys[name];
    for (const text of [pem, pem.trimEnd(), pem.replaceAll('\n', '\r\n')]) {
      const found = await ask(text, HAS[name]);
      expect(found).toMatchObject({ kind: 'pem-key', valid: true, findings: [] });
      const { derived } = secondOpinion(
        [],
        HAS[name].map((type) => ({ kind: 'pem-key', secret: Buffer.from(pem), type, path: null })),
      );
      expect(found.identifiers.map(({ value }) => value)).toEqual(derived);
    }
    for (const type of ['public-key', 'ethereum', 'solana'] as const) {
      if (!HAS[name].includes(type)) await expect(ask(pem, [type])).rejects.toThrow(refusal('identifier-not-for-key'));
    }
    await expect(ask(pem, [], PASSWORD)).rejects.toThrow(refusal('password-not-needed'));
  });
  it('without its public key is valid, and has the same identifiers', async () => {
    const short = pemOf(Buffer.from(`302e020100301006072a8648ce3d020106052b8104000a041730150201010410${'01'.repeat(16)}`, 'hex'));
    expect(codes(short)).toEqual(['pem-structure']);
    const scalar = createPrivateKey(keys.secp256k1).export({ format: 'jwk' }).d ?? '';
    const bare = Buffer.from(
      `303e020100301006072a8648ce3d020106052b8104000a042730250201010420${Buffer.from(scalar, 'base64url').toString('hex')}`,
      'hex',
    );
    expect((await ask(pemOf(bare), HAS.secp256k1)).identifiers).toEqual((await ask(keys.secp256k1, HAS.secp256k1)).identifiers);
  });
  it.each<[string, string, string[]]>([
    ['a byte of an RSA number turned over', flipped(keys.rsa, 10), ['key-inconsistent']],
    ['a byte of the public point turned over', flipped(keys.secp256k1, 3), ['key-inconsistent']],
    ['another key’s public point', flipped(keys.p384, 40), ['key-inconsistent']],
    ['a byte short', pemOf(derOf(keys.ed25519).subarray(0, -1)), ['pem-structure']],
    ['a byte long', pemOf(Buffer.concat([derOf(keys.ed25519), Buffer.from([0])])), ['pem-structure']],
    ['a length not minimal', pemOf(Buffer.concat([Buffer.from('30812e', 'hex'), derOf(keys.ed25519).subarray(2)])), ['pem-structure']],
    ['no DER at all', pemOf(Buffer.from('what is this')), ['pem-structure']],
    [
      'the key zero',
      pemOf(Buffer.from(`303e020100301006072a8648ce3d020106052b8104000a042730250201010420${'00'.repeat(32)}`, 'hex')),
      ['key-range'],
    ],
    [
      'the order of the curve',
      pemOf(
        Buffer.from(
          `303e020100301006072a8648ce3d020106052b8104000a042730250201010420fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141`,
          'hex',
        ),
      ),
      ['key-range'],
    ],
    [
      'a curve that is not known',
      generateKeyPairSync('ec', { namedCurve: 'secp224r1' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ['pem-algorithm'],
    ],
    [
      'an algorithm that is not known',
      generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ['pem-algorithm'],
    ],
    ['PKCS#1', createPrivateKey(keys.rsa).export({ type: 'pkcs1', format: 'pem' }).toString(), ['pem-label']],
    ['SEC 1', createPrivateKey(keys.p256).export({ type: 'sec1', format: 'pem' }).toString(), ['pem-label']],
    ['a public key', createPublicKey(keys.p256).export({ type: 'spki', format: 'pem' }).toString(), ['pem-label']],
    ['words before it', `Bag Attributes\n${keys.p256}`, ['pem-form']],
    ['words after it', `${keys.p256}that was it\n`, ['pem-form']],
    ['no last line', keys.p256.split('\n').slice(0, -2).join('\n'), ['pem-form']],
    ['another last line', keys.p256.replace('END PRIVATE', 'END ENCRYPTED PRIVATE'), ['pem-form']],
    ['a blank line', keys.p256.replace('\n', '\n\n'), ['pem-base64']],
    ['a line that is longer', keys.rsa.replace(/\n(.{64})\n(.{64})\n/, '\n$1$2\n'), ['pem-base64']],
    ['a character that is none', keys.p256.replace('MI', 'M!'), ['pem-base64']],
    ['a character short', keys.p256.replace('MI', 'M'), ['pem-base64']],
    ['a byte order mark', `\uFEFF${keys.p256}`, ['secret-bom']],
    ['too much', `${keys.p256}${' '.repeat(20_000)}`, ['secret-too-long']],
  ])('%s is not valid', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });
  it('names the line', () => {
    expect(pemKey.read(Buffer.from(keys.rsa.replace(/\n(.{64})\n(.{63})./, '\n$1\n$2!'))).findings[0]?.message).toBe(
      'line 3 is not of 64 characters of base64',
    );
  });
});

describe('an encrypted key file', () => {
  const WAYS = [
    [],
    ['-scrypt'],
    ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512'],
    ['-v2', 'des3'],
    ['-v2prf', 'hmacWithSHA1', '-iter', '10000'],
  ];

  it.each(WAYS)('is judged by its outer form, and opened with its password: %s %s %s %s', async (...options) => {
    for (const name of ['secp256k1', 'ed25519', 'rsa'] as const) {
      const text = encryptedKey(
        keys[name],
        options.filter((one) => typeof one === 'string'),
      );
      const locked = await ask(text, []);
      expect(locked).toMatchObject({ kind: 'pem-key', valid: true });
      expect(locked.findings.map(({ code }) => code)).toEqual(['pem-encrypted']);
      const opened = await ask(text, HAS[name], `${PASSWORD}\n`);
      expect(opened).toEqual(await ask(keys[name], HAS[name]));
      await expect(ask(text, ['spki-sha256'])).rejects.toThrow(refusal('password-missing'));
      await expect(ask(text, [], 'another')).rejects.toThrow(refusal('password-wrong'));
    }
  });
  it('a key inside that is not valid is not', async () => {
    const { identifiers, valid, findings } = await ask(encryptedKey(keys.rsa, []), ['spki-sha256'], PASSWORD);
    expect([valid, findings.length, identifiers.length]).toEqual([true, 0, 1]);
    // OpenSSL refuses to write a wrong one, so one with another algorithm stands for it.
    const ed448 = generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const wrong = await ask(encryptedKey(ed448, []), ['spki-sha256'], PASSWORD);
    expect(wrong).toMatchObject({ valid: false, findings: [{ code: 'pem-algorithm' }], identifiers: [] });
  });
  it('of an old scheme is not known', () => {
    expect(codes(encryptedKey(keys.p256, ['-v1', 'PBE-SHA1-3DES']))).toEqual(['pem-encryption']);
  });
  it('that asks for more work than is given to it is refused before any', async () => {
    const text = encryptedKey(keys.p256, ['-iter', '20000001'.replace('20000001', '2048')]);
    const der = Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64');
    const at = der.indexOf(Buffer.from('02020800', 'hex'));
    expect(at).toBeGreaterThan(0);
    der.writeUInt16BE(0x7fff, at + 2);
    const slow = pemOf(der, 'ENCRYPTED PRIVATE KEY');
    expect((await ask(slow, [])).valid).toBe(true);
    const scrypt = encryptedKey(keys.p256, ['-scrypt', '-scrypt_N', '16384', '-scrypt_r', '8', '-scrypt_p', '1']);
    const costly = Buffer.from(scrypt.split('\n').slice(1, -2).join(''), 'base64');
    const r = costly.indexOf(Buffer.from('02024000020108020101', 'hex'));
    expect(r).toBeGreaterThan(0);
    costly.writeUInt8(127, r + 6);
    costly.writeUInt8(127, r + 9);
    await expect(ask(pemOf(costly, 'ENCRYPTED PRIVATE KEY'), [], PASSWORD)).rejects.toThrow(refusal('password-too-costly'));
  });
});

it('reads no value of DER that is not minimal, whole and definite', () => {
  for (const hex of ['30', '3080', '308100', '30820080', '3003020100' + '02', '1f2000', '0202', '02840000000100']) {
    expect([hex, readDer(Buffer.from(hex, 'hex'))]).toEqual([hex, null]);
  }
  expect(readDer(Buffer.from('0201010500', 'hex'))?.map(({ tag }) => tag)).toEqual([2, 5]);
  expect(parseIdentifierType('spki-sha256')).toBe('spki-sha256');
});
