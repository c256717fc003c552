import { createHash } from 'node:crypto';
import { mnemonicToEntropy } from '@scure/bip39';
import { HDKey } from '@scure/bip32';
import { HDKey as Slip10Key } from 'micro-key-producer/slip10.js';
import { describe, expect, it } from 'vitest';
import known from '../../test/vectors/identifiers.json' with { type: 'json' };
import bip32 from '../../test/vectors/published/bip32.json' with { type: 'json' };
import bip39 from '../../test/vectors/published/bip39.json' with { type: 'json' };
import eip55 from '../../test/vectors/published/eip55.json' with { type: 'json' };
import slip10 from '../../test/vectors/published/slip10.json' with { type: 'json' };
import { seedOfPhrase } from './bip39-seed.ts';
import { checksummedAddress, encodeEip55 } from './ethereum-address.ts';
import { openTree } from './hd-keys.ts';
import { inspectSecret, isIdentifierValue, parseIdentifierType, parseKind } from './index.ts';
import { parsePath } from './path.ts';
import { secondOpinion } from './second-opinion.fixture.ts';
import { WORD_LISTS } from './word-lists.ts';

const LANGUAGES = WORD_LISTS.map(({ name }) => name);
const nothing = { identifiers: [], bip39Passphrase: null } as const;

describe('BIP-39, published phrases', () => {
  it('are there, of each language that has any', () => {
    const languages = new Set(bip39.cases.map(({ language }) => language));
    expect(LANGUAGES.filter((name) => !languages.has(name))).toEqual(['Portuguese', 'Czech']);
    expect(bip39.cases).toHaveLength(24 + 8 * 45);
  });

  it.each(LANGUAGES)('%s: valid, in that language, with its entropy and its seed', async (language) => {
    const { words = [] } = WORD_LISTS.find(({ name }) => name === language) ?? {};
    for (const { name, phrase, entropy, passphrase, seed } of bip39.cases.filter((one) => one.language === language)) {
      const plain = phrase.normalize('NFKD');
      for (const written of [phrase, plain]) {
        // Japanese as published has U+3000 between its words, and letters in one piece: only the former is BIP-39's own form.
        const inspection = await inspectSecret(Buffer.from(written), nothing);
        const isExact = written === plain || written.normalize('NFKD') === written.replaceAll('\u3000', ' ');
        expect([name, inspection.kind, inspection.valid]).toEqual([name, 'bip39', isExact]);
        if (!isExact) expect(inspection.findings.map(({ code }) => code)).toEqual(['phrase-not-nfkd']);
      }
      expect(Buffer.from(mnemonicToEntropy(plain, words)).toString('hex')).toBe(entropy);
      expect((await seedOfPhrase(phrase, passphrase)).toString('hex')).toBe(seed);
    }
  });

  it('one letter changed in each: not one of them valid', async () => {
    for (const { phrase } of bip39.cases) {
      const letters = Array.from(phrase.normalize('NFKD'));
      const changed = letters.with(Math.floor(letters.length / 2), 'q').join('');
      if (changed === letters.join('')) continue;
      const { valid } = await inspectSecret(Buffer.from(changed), { ...nothing, kind: 'bip39' });
      expect([changed, valid]).toEqual([changed, false]);
    }
  });

  it('Python comes to the same verdicts and the same seeds', () => {
    const secret = (phrase: string) => Buffer.from(phrase.normalize('NFKD'));
    const { judged, derived } = secondOpinion(
      bip39.cases.map(({ phrase }) => ({ kind: 'bip39', secret: secret(phrase) })),
      bip39.cases.map(({ phrase, passphrase }) => ({ kind: 'bip39', secret: secret(phrase), type: 'seed', path: null, passphrase })),
    );
    expect(judged).toEqual(bip39.cases.map(() => true));
    expect(derived).toEqual(bip39.cases.map(({ seed }) => seed));
  });
});

describe('BIP-32, published vectors', () => {
  it.each(bip32.cases)('$seed', async ({ seed, nodes }) => {
    const root = HDKey.fromMasterSeed(Buffer.from(seed, 'hex'));
    const top = Buffer.from(nodes[0]?.xprv ?? '');
    expect(root.privateExtendedKey).toBe(top.toString());
    for (const { path, xpub, xprv } of nodes) {
      expect(root.derive(path).privateExtendedKey).toBe(xprv);
      const fromTop = await inspectSecret(top, { identifiers: [{ type: 'xpub', path }], bip39Passphrase: null });
      expect(fromTop).toEqual({ kind: 'xprv', valid: true, findings: [], identifiers: [{ type: 'xpub', path, value: xpub }] });
      const own = await inspectSecret(Buffer.from(xprv), { identifiers: [{ type: 'xpub', path: null }], bip39Passphrase: null });
      expect(own.identifiers[0]?.value).toBe(xpub);
      expect(isIdentifierValue('xprv', 'xpub', xpub)).toBe(true);
      expect(isIdentifierValue('xprv', 'xpub', xprv)).toBe(false);
    }
  });

  it.each(bip32.invalid)('%s is no extended key', async (text) => {
    expect(await inspectSecret(Buffer.from(text), { ...nothing, kind: 'xprv' })).toMatchObject({ valid: false });
    expect(isIdentifierValue('xprv', 'xpub', text)).toBe(false);
  });
});

describe('SLIP-10, published vectors', () => {
  it.each(slip10.cases)('$seed', ({ seed, nodes }) => {
    const bytes = Buffer.from(seed, 'hex');
    const keys = openTree(HDKey.fromMasterSeed(bytes), Slip10Key.fromMasterSeed(bytes));
    for (const { path, private_key: privateKey, chain_code: chainCode, public_key: publicKey } of nodes) {
      expect(Buffer.from(keys.ed25519?.(parsePath(path)) ?? []).toString('hex')).toBe(publicKey);
      const node = Slip10Key.fromMasterSeed(bytes).derive(path);
      expect([Buffer.from(node.privateKey).toString('hex'), Buffer.from(node.chainCode).toString('hex')]).toEqual([privateKey, chainCode]);
    }
  });
});

describe('EIP-55, published addresses', () => {
  it.each(eip55.addresses)('%s', (address) => {
    expect(encodeEip55(Buffer.from(address.slice(2), 'hex'))).toBe(address);
    expect(checksummedAddress(address)).toBe(address);
    expect(isIdentifierValue('hex-key', 'ethereum', address)).toBe(true);
    const at = address.search(/(?<=^0x.*)[a-zA-Z]/);
    const letter = address.charAt(at);
    const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
    expect(isIdentifierValue('hex-key', 'ethereum', address.slice(0, at) + other + address.slice(at + 1))).toBe(false);
  });
});

describe('derived values, by Python', () => {
  it('of every identifier that is known', () => {
    const asked = known.cases.flatMap(({ kind, secret, bip39_passphrase: passphrase, identifiers = [] }) =>
      identifiers.map(({ type, path, value }) => ({ kind, secret: Buffer.from(secret), type, path, passphrase, value })),
    );
    expect(asked.length).toBeGreaterThan(40);
    const plain = asked.map(({ kind, secret, type, path, passphrase }) => ({ kind, secret, type, path, passphrase }));
    expect(secondOpinion([], plain).derived).toEqual(asked.map(({ value }) => value));
  });

  it('of the published seeds', () => {
    const asked = [
      ...bip32.cases.flatMap(({ seed, nodes }) => nodes.map(({ path, xpub }) => ({ seed, path, type: 'xpub', value: xpub }))),
    ].map(({ seed, ...rest }) => ({ kind: 'seed', secret: Buffer.from(seed), ...rest }));
    const { derived } = secondOpinion(
      [],
      asked.map(({ kind, secret, path, type }) => ({ kind, secret, path, type })),
    );
    expect(derived).toEqual(asked.map(({ value }) => value));
  });

  it('of secrets that nobody chose, every identifier at paths of every depth', async () => {
    const key = (n: number) => createHash('sha256').update(`of this test ${n.toString()}`).digest();
    const secrets = [0, 1, 2, 3].flatMap((n) => [
      {
        kind: 'hex-key',
        text: key(n).toString('hex'),
        types: ['public-key', 'ethereum', 'bitcoin-p2pkh', 'bitcoin-p2wpkh', 'bitcoin-p2tr'],
        path: null,
      },
      {
        kind: 'xprv',
        text: HDKey.fromMasterSeed(key(n)).privateExtendedKey,
        types: ['xpub', 'public-key', 'ethereum', 'bitcoin-p2pkh', 'bitcoin-p2wpkh', 'bitcoin-p2tr'],
        path: ["m/0'", 'm/1/2', "m/44'/60'/0'/0/7", 'm'][n] ?? 'm',
      },
    ]);
    const asked = secrets.flatMap(({ kind, text, types, path }) => types.map((type) => ({ kind, secret: Buffer.from(text), type, path })));
    const ours = await Promise.all(
      asked.map(async ({ kind, secret, type, path }) => {
        const identifiers = [{ type: parseIdentifierType(type), path }];
        const [found] = (await inspectSecret(secret, { kind: parseKind(kind), identifiers, bip39Passphrase: null })).identifiers;
        return found?.value;
      }),
    );
    expect(secondOpinion([], asked).derived).toEqual(ours);
    for (const [at, { kind, type }] of asked.entries()) {
      const value = ours[at] ?? '';
      expect(isIdentifierValue(parseKind(kind), parseIdentifierType(type), value)).toBe(true);
      const place = Math.floor(value.length / 2);
      const digit = value.charAt(place) === '7' ? '8' : '7';
      // Of digits in hex each is as good as another; everything else has a checksum.
      if (type !== 'public-key')
        expect(isIdentifierValue(parseKind(kind), parseIdentifierType(type), value.slice(0, place) + digit + value.slice(place + 1))).toBe(
          false,
        );
    }
  });
});
