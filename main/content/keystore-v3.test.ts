import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/published/keystore-v3.json' with { type: 'json' };
import { inspectSecret, type IdentifierType } from './index.ts';
import { keystoreV3 } from './keystore-v3.ts';
import { secondOpinion } from './second-opinion.fixture.ts';

const findings = (text: string) => keystoreV3.read(Buffer.from(text)).findings;
const codes = (text: string) => findings(text).map(({ code }) => code);
const ask = (text: string, types: readonly IdentifierType[], password: string | null = null) =>
  inspectSecret(Buffer.from(text), {
    identifiers: types.map((type) => ({ type, path: null })),
    bip39Passphrase: null,
    password: password === null ? null : Buffer.from(password),
  });
const refusal = (code: string) => expect.objectContaining({ code, family: 'input' }) as Error;
const byName = (name: string) => {
  const found = vectors.cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
};
const LIFE = byName('life');
const QUICK = JSON.parse(LIFE.file) as { address: string; version: number; id: string; Crypto: Record<string, unknown> };
const changed = (change: (file: typeof QUICK) => void) => {
  const copy = structuredClone(QUICK);
  change(copy);
  return JSON.stringify(copy);
};

describe('published key files', () => {
  it.each(vectors.cases)(
    '$name: its form is right, it names its address, and its password opens it',
    async ({ file, address, password }) => {
      const named = (JSON.parse(file) as { address?: string }).address;
      const locked = await ask(file, named === undefined ? [] : ['ethereum']);
      expect(locked).toMatchObject({ kind: 'keystore-v3', valid: true });
      expect(locked.findings.map(({ code }) => code)).toEqual(['keystore-locked', ...(named === undefined ? ['keystore-no-address'] : [])]);
      if (named === undefined) await expect(ask(file, ['ethereum'])).rejects.toThrow(refusal('identifier-not-for-key'));
      else expect(locked.identifiers[0]?.value.toLowerCase()).toBe(address.toLowerCase());
      const opened = await ask(file, ['ethereum', 'public-key'], password);
      expect(opened).toMatchObject({ valid: true, findings: [] });
      expect(opened.identifiers[0]?.value.toLowerCase()).toBe(address.toLowerCase());
    },
  );
  it('Python opens them and comes to the same', async () => {
    const quick = vectors.cases.filter(({ name }) => ['life', 'parity', 'ethers1'].includes(name));
    const types = ['ethereum', 'public-key'] as const;
    const { derived } = secondOpinion(
      [],
      quick.flatMap(({ file, password }) =>
        types.map((type) => ({ kind: 'keystore-v3', secret: Buffer.from(file), type, path: null, password })),
      ),
    );
    const ours = await Promise.all(
      quick.map(async ({ file, password }) => (await ask(file, types, password)).identifiers.map(({ value }) => value)),
    );
    expect(derived).toEqual(ours.flat());
  });
});

describe('a key file', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', ['secret-empty']],
    ['no JSON', `${LIFE.file}}`, ['keystore-json']],
    ['a member twice', LIFE.file.replace('{', '{"version":3,'), ['keystore-json']],
    ['a list', '["kdfparams"]', ['keystore-json']],
    ['a byte order mark', `\uFEFF${LIFE.file}`, ['secret-bom']],
    ['version 1', changed((file) => (file.version = 1)), ['keystore-version']],
    ['version as a text', LIFE.file.replace('"version":3', '"version":"3"'), ['keystore-version']],
    ['two of crypto', changed((file) => Object.assign(file, { crypto: file.Crypto })), ['keystore-member']],
    ['another cipher', changed((file) => (file.Crypto['cipher'] = 'aes-256-gcm')), ['keystore-member']],
    ['a short IV', changed((file) => (file.Crypto['cipherparams'] = { iv: '00' })), ['keystore-member']],
    ['a ciphertext of 31 bytes', changed((file) => (file.Crypto['ciphertext'] = '00'.repeat(31))), ['keystore-member']],
    ['a ciphertext of 33 bytes', changed((file) => (file.Crypto['ciphertext'] = '00'.repeat(33))), ['keystore-member']],
    ['a MAC that is no hex', changed((file) => (file.Crypto['mac'] = 'x'.repeat(64))), ['keystore-member']],
    ['another derivation', changed((file) => (file.Crypto['kdf'] = 'argon2')), ['keystore-member']],
    [
      'a cost that scrypt does not take',
      changed((file) => Object.assign(file.Crypto['kdfparams'] as object, { n: 1000 })),
      ['keystore-member'],
    ],
    ['a short key', changed((file) => Object.assign(file.Crypto['kdfparams'] as object, { dklen: 31 })), ['keystore-member']],
    ['no crypto', changed((file) => Reflect.deleteProperty(file, 'Crypto')), ['keystore-member']],
    ['an address that is none', changed((file) => (file.address = '00')), ['keystore-address']],
    [
      'an address with a letter in the wrong case',
      changed((file) => (file.address = '17c5185167401eD00cF5F5b2fc97D9BBfDb7D025'.replace('eD', 'ED'))),
      ['keystore-address'],
    ],
  ])('%s is not valid', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
    expect(keystoreV3.read(Buffer.from(text)).valid).toBe(false);
  });
  it('names every member that is wrong', () => {
    const text = changed((file) => Object.assign(file.Crypto, { mac: '00', cipher: 1 }));
    expect(findings(text).map(({ message }) => message)).toEqual([
      'the member Crypto.cipher is missing, or is not aes-128-ctr',
      'the member Crypto.mac is missing, or is not 32 bytes in hex',
    ]);
  });
  it('whose address is another’s is found out by its password', async () => {
    const text = changed((file) => (file.address = '00'.repeat(20)));
    expect((await ask(text, ['ethereum'])).valid).toBe(true);
    expect(await ask(text, ['ethereum'], LIFE.password)).toMatchObject({
      valid: false,
      findings: [{ code: 'keystore-address' }],
      identifiers: [],
    });
    expect(await ask(text, [], LIFE.password)).toMatchObject({ valid: false });
  });
  it('refuses a wrong password, and one that a phrase has no use for', async () => {
    await expect(ask(LIFE.file, ['ethereum'], 'bar')).rejects.toThrow(refusal('password-wrong'));
    await expect(
      ask(
        changed((file) => (file.Crypto['mac'] = '00'.repeat(32))),
        [],
        'foo',
      ),
    ).rejects.toThrow(refusal('password-wrong'));
    await expect(ask(LIFE.file, ['public-key'])).rejects.toThrow(refusal('password-missing'));
    await expect(ask('1'.padStart(64, '0'), [], 'foo')).rejects.toThrow(refusal('password-not-for-kind'));
  });
  it('that asks for more work than is given to it is refused before any', async () => {
    const text = changed((file) => Object.assign(file.Crypto['kdfparams'] as object, { n: 2 ** 24 }));
    expect(codes(text)).toEqual(['keystore-locked']);
    await expect(ask(text, [], 'foo')).rejects.toThrow(refusal('password-too-costly'));
  });
});
