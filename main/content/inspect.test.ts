import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/identifiers.json' with { type: 'json' };
import { IDENTIFIER_TYPES } from './identifier.ts';
import { inspectSecret, parseIdentifierType, parseKind, type IdentifierType, type InspectRequest } from './index.ts';
import { KINDS } from './kind.ts';

const refusal = (code: string) => expect.objectContaining({ code, family: 'input' }) as Error;
const bytes = (text: string) => Buffer.from(text, 'utf8');
const ask = (type: IdentifierType, path: string | null = null): Pick<InspectRequest, 'identifiers'> => ({ identifiers: [{ type, path }] });
const inspect = (secret: string, request: Partial<InspectRequest> = {}) =>
  inspectSecret(bytes(secret), { identifiers: [], bip39Passphrase: null, ...request });

const PHRASE = `${'abandon '.repeat(11)}about`;
const ONE = '1'.padStart(64, '0');
const XPRV = vectors.cases.find((known) => known.name === 'account xprv')?.secret ?? '';

describe('inspectSecret, known answers', () => {
  it('there are vectors', () => {
    expect(vectors.cases.length).toBeGreaterThanOrEqual(14);
  });
  const cases = vectors.cases.map((known) => ({ passphrase: known.bip39_passphrase, wanted: known.identifiers ?? [], ...known }));
  it.each(cases)('$kind, $name', async ({ kind, secret, passphrase, valid, wanted }) => {
    const request: InspectRequest = {
      kind: parseKind(kind),
      identifiers: wanted.map(({ type, path }) => ({ type: parseIdentifierType(type), path })),
      bip39Passphrase: passphrase === undefined ? null : bytes(passphrase),
    };
    const inspection = await inspectSecret(bytes(secret), request);
    expect(inspection.kind).toBe(kind);
    expect(inspection.valid).toBe(valid);
    expect(inspection.identifiers).toEqual(wanted);
    expect(inspection.findings.length > 0).toBe(!valid);
  });
  it.each(cases)('$kind, $name, is recognised', async ({ kind, secret, valid }) => {
    for (const end of ['', '\n', '\r\n']) expect(await inspect(secret + end)).toMatchObject({ kind, valid });
  });
});

describe('inspectSecret, what it is asked', () => {
  it.each([
    ['master-fingerprint', 'm', '73c5da0a'],
    ['bitcoin-p2pkh', "m/44'/0'/0'/0/0", '1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA'],
    ['bitcoin-p2wpkh', "m/84'/0'/0'/0/0", 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu'],
    ['bitcoin-p2tr', "m/86'/0'/0'/0/0", 'bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr'],
    ['ethereum', "m/44'/60'/0'/0/0", '0x9858EfFD232B4033E47d90003D41EC34EcaEda94'],
    ['solana', "m/44'/501'/0'/0'", 'HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk'],
  ] as const)('the usual path of a phrase for %s is %s', async (type, path, value) => {
    expect((await inspect(PHRASE, ask(type))).identifiers).toEqual([{ type, path, value }]);
  });
  it('the usual xpub of a phrase is that of its first account by BIP-44, of an xprv its own', async () => {
    expect((await inspect(PHRASE, ask('xpub'))).identifiers[0]?.path).toBe("m/44'/0'/0'");
    expect((await inspect(XPRV, ask('xpub'))).identifiers[0]?.path).toBe('m');
  });
  it('answers in the order asked, as often as asked', async () => {
    const types: IdentifierType[] = ['ethereum', 'public-key', 'ethereum'];
    const { identifiers } = await inspect(ONE, { identifiers: types.map((type) => ({ type, path: null })) });
    expect(identifiers.map(({ type }) => type)).toEqual(types);
  });
  it.each<[string, string, Partial<InspectRequest>, string]>([
    ['a type that is not known', ONE, { identifiers: [{ type: 'iban' as IdentifierType, path: null }] }, 'identifier-type-unknown'],
    ['a kind that is not known', ONE, { kind: 'pin' as 'opaque' }, 'kind-unknown'],
    ['a name every object has', ONE, { kind: 'constructor' as 'opaque' }, 'kind-unknown'],
    ['an identifier of something opaque', 'what is this', ask('ethereum'), 'identifier-not-for-kind'],
    ['solana of an xprv', XPRV, ask('solana', "m/0'"), 'identifier-not-for-kind'],
    ['solana of a hex key', ONE, ask('solana'), 'identifier-not-for-kind'],
    ['an xpub of a hex key', ONE, ask('xpub'), 'identifier-not-for-kind'],
    ['a path of a hex key', ONE, ask('ethereum', 'm'), 'path-not-for-kind'],
    ['a public key of a phrase without a path', PHRASE, ask('public-key'), 'path-missing'],
    ['an address of an xprv without a path', XPRV, ask('bitcoin-p2wpkh'), 'path-missing'],
    ['a path that is none', PHRASE, ask('ethereum', '44/60'), 'path-syntax'],
    ['h for hardened', PHRASE, ask('ethereum', 'm/44h/60h/0h/0/0'), 'path-hardened-mark'],
    ['a master fingerprint somewhere else', PHRASE, ask('master-fingerprint', "m/0'"), 'path-not-for-type'],
    ['a master fingerprint of an account', XPRV, ask('master-fingerprint'), 'identifier-not-for-key'],
    ['solana with a step not hardened', PHRASE, ask('solana', "m/44'/501'/0'/0"), 'path-not-for-type'],
    ['p2pkh where BIP-84 has p2wpkh', PHRASE, ask('bitcoin-p2pkh', "m/84'/0'/0'/0/0"), 'path-not-for-type'],
    ['p2wpkh where BIP-86 has p2tr', PHRASE, ask('bitcoin-p2wpkh', "m/86'/0'/0'/0/0"), 'path-not-for-type'],
    ['p2tr where BIP-49 has p2sh', PHRASE, ask('bitcoin-p2tr', "m/49'/0'/0'/0/0"), 'path-not-for-type'],
    ['a BIP-39 passphrase for a hex key', ONE, { bip39Passphrase: bytes('x') }, 'bip39-passphrase-not-for-kind'],
    ['a BIP-39 passphrase that is no text', PHRASE, { bip39Passphrase: Buffer.from([0xff]) }, 'bip39-passphrase-not-utf8'],
  ])('refuses %s', async (_name, secret, request, code) => {
    await expect(inspect(secret, request)).rejects.toThrow(refusal(code));
  });
  it('takes a path whose purpose is tied to nothing, or is not hardened and so no purpose', async () => {
    for (const path of ["m/44'/0'/0'/0/0", "m/0'/0'/0'", 'm/84/0', 'm']) {
      expect((await inspect(PHRASE, ask('bitcoin-p2tr', path))).identifiers[0]?.value).toMatch(/^bc1p[a-z0-9]{58}$/);
    }
  });
  it('a request that does not fit the kind is refused of an invalid secret too', async () => {
    const invalid = `${PHRASE}x`;
    await expect(inspect(invalid, { kind: 'bip39', ...ask('solana', 'm/0') })).rejects.toThrow(refusal('path-not-for-type'));
    expect(await inspect(invalid, { kind: 'bip39', ...ask('solana') })).toMatchObject({ valid: false, identifiers: [] });
  });
  it('an empty BIP-39 passphrase is none, of any kind', async () => {
    expect((await inspect(ONE, { bip39Passphrase: Buffer.alloc(0) })).valid).toBe(true);
    const { identifiers } = await inspect(PHRASE, { bip39Passphrase: bytes('\n'), ...ask('master-fingerprint') });
    expect(identifiers[0]?.value).toBe('73c5da0a');
  });
  it('leaves secret and passphrase as they were', async () => {
    const secret = bytes(`${PHRASE}\n`);
    const bip39Passphrase = bytes('TREZOR');
    const { identifiers } = await inspectSecret(secret, { bip39Passphrase, ...ask('master-fingerprint') });
    expect(identifiers[0]?.value).toBe('b4e3f5ed');
    expect(secret.toString()).toBe(`${PHRASE}\n`);
    expect(bip39Passphrase.toString()).toBe('TREZOR');
  });
});

describe('names', () => {
  it.each(KINDS)('%s is a kind', (kind) => {
    expect(parseKind(kind)).toBe(kind);
  });
  it.each(IDENTIFIER_TYPES)('%s is a type of identifier', (type) => {
    expect(parseIdentifierType(type)).toBe(type);
  });
  it.each(['', 'BIP39', 'bip39 ', 'toString'])('%j is neither', (text) => {
    expect(() => parseKind(text)).toThrow(refusal('kind-unknown'));
    expect(() => parseIdentifierType(text)).toThrow(refusal('identifier-type-unknown'));
  });
});
