import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HDKey } from '@scure/bip32';
import { mnemonicToSeedSync } from '@scure/bip39';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectSecret } from './inspect.ts';
import type { IdentifierType, Kind } from './kinds.ts';

type Case = {
  kind: Kind;
  name: string;
  secret: string;
  valid: boolean;
  bip39_passphrase?: string;
  identifiers?: { type: IdentifierType; path: string | null; value: string }[];
};
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/vectors/identifiers.json'), 'utf8')) as { cases: Case[] };
const phrase = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const inspect = (secret: string | Buffer, kind: Kind | null = null, identifiers: { type: IdentifierType; path: string | null }[] = []) =>
  inspectSecret(Buffer.from(secret), { kind, identifiers, bip39Passphrase: null });

describe('identifiers.json', () => {
  it('has cases of both verdicts', () => {
    expect([cases.filter((one) => one.valid).length, cases.filter((one) => !one.valid).length]).toEqual([7, 7]);
  });
  it.each(cases.map((one) => [`${one.kind}: ${one.name}`, one] as const))('%s', async (_name, one) => {
    const asked = (one.identifiers ?? []).map(({ type, path }) => ({ type, path }));
    for (const kind of [one.kind, null]) {
      const found = await inspectSecret(Buffer.from(one.secret), {
        kind,
        identifiers: asked,
        bip39Passphrase: one.bip39_passphrase === undefined ? null : Buffer.from(one.bip39_passphrase),
      });
      expect([found.kind, found.valid]).toEqual([one.kind, one.valid]);
      expect(found.identifiers).toEqual(one.identifiers ?? []);
    }
  });
});

describe('a phrase', () => {
  it.each<[string, string, string, string]>([
    ['a capital', phrase.replace('about', 'About'), 'capital-letter', 'word 12'],
    ['a second space', phrase.replace(' about', '  about'), 'second-space', ''],
    ['a number', phrase.replace('about', 'ab0ut'), 'number', 'word 12'],
    ['a smart quote', phrase.replace('about', '’about'), 'punctuation', 'word 12'],
    ['a byte order mark', `\uFEFF${phrase}`, 'byte-order-mark', ''],
    ['two line ends', `${phrase}\n\n`, 'several-lines', ''],
    ['a space before', ` ${phrase}`, 'space-before', ''],
    ['a space after', `${phrase} `, 'space-after', ''],
    ['a tab', phrase.replace(' about', '\tabout'), 'other-space', ''],
    ['a word that is not on the list', phrase.replace('about', 'abouts'), 'word-not-on-list', 'word 12'],
    ['a wrong checksum', phrase.replace('about', 'abandon'), 'checksum', ''],
    ['a composed accent', 'ábaco '.repeat(12).trim().normalize('NFC'), 'not-nfkd', ''],
  ])('with %s is named, not mended', async (_name, text, code, place) => {
    const found = await inspect(text, 'bip39');
    expect(found.valid).toBe(false);
    const finding = found.findings.find((one) => one.code === code);
    expect(finding?.message ?? '').toContain(place);
    // A finding says where, and never what.
    expect(JSON.stringify(found)).not.toMatch(/aband|about/);
  });
  it('takes one line end after it, of either kind', async () => {
    expect((await inspect(`${phrase}\n`)).valid).toBe(true);
    expect((await inspect(`${phrase}\r\n`)).valid).toBe(true);
  });
  it('with one word changed is not valid, or another wallet', async () => {
    const words =
      readFileSync(join(import.meta.dirname, '../../node_modules/@scure/bip39/wordlists/english.js'), 'utf8').match(
        /\b[a-z]{3,8}\b(?=\n)/g,
      ) ?? [];
    expect(words.length).toBeGreaterThan(2000);
    const asked = [{ type: 'master-fingerprint' as const, path: null }];
    const original = (await inspect(phrase, 'bip39', asked)).identifiers[0]?.value;
    expect(original).toBe('73c5da0a');
    await fc.assert(
      fc.asyncProperty(fc.nat(11), fc.constantFrom(...words), async (place, word) => {
        const changed = phrase.split(' ').with(place, word).join(' ');
        fc.pre(changed !== phrase);
        const found = await inspect(changed, 'bip39', asked);
        expect(found.valid && found.identifiers[0]?.value === original).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
  it('refuses a path that is none, and one that does not fit its type', async () => {
    for (const path of ['84/0', 'm/84h/0h', 'm/-1', 'm/2147483648', 'm//0', '']) {
      await expect(inspect(phrase, 'bip39', [{ type: 'bitcoin-p2wpkh', path }])).rejects.toMatchObject({ code: 'path-invalid' });
    }
    await expect(inspect(phrase, 'bip39', [{ type: 'solana', path: "m/44'/501'/0" }])).rejects.toMatchObject({ code: 'path-invalid' });
  });
});

it('agrees with Python on the seed and the master key', () => {
  const program = [
    'import hashlib, hmac',
    `seed = hashlib.pbkdf2_hmac("sha512", b"${phrase}", b"mnemonicTREZOR", 2048)`,
    'print(seed.hex(), hmac.new(b"Bitcoin seed", seed, "sha512").hexdigest()[:64])',
  ].join('\n');
  const [seed, master] = execFileSync('/usr/bin/python3', ['-c', program], { encoding: 'utf8' }).trim().split(' ');
  const ours = mnemonicToSeedSync(phrase, 'TREZOR');
  expect(Buffer.from(ours).toString('hex')).toBe(seed);
  expect(Buffer.from(HDKey.fromMasterSeed(ours).privateKey ?? []).toString('hex')).toBe(master);
});

describe('other kinds', () => {
  it('an opaque secret is valid, and says that nobody checked it', async () => {
    expect(await inspect(Buffer.from([0, 1, 2, 255]))).toMatchObject({ kind: 'opaque', valid: true, findings: [{ code: 'opaque' }] });
  });
  it.each<[Kind, string, string]>([
    [
      'xprv',
      'xpub6D3v3xFU7p8kXrTcoD6eKGw1XAd1nqw3RnBqZzSp8KXkH5JyG5SauSFPed31SsKA6EMfcTqzRRB2u5WbvheXMCZujidRF5xWMVSgKpfZ8Zu',
      'xprv-public',
    ],
    ['hex-key', 'F'.repeat(64), 'hex-key-form'],
    ['hex-key', 'f'.repeat(63), 'hex-key-form'],
    ['wif', '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ', 'wif-uncompressed'],
  ])('%s %#: named', async (kind, text, code) => {
    const found = await inspect(text, kind);
    expect([found.valid, found.findings[0]?.code]).toEqual([false, code]);
  });
  it('no mutation of a key passes as the same key, and none crashes', async () => {
    const keys = cases.filter((one) => one.valid && (one.kind === 'wif' || one.kind === 'xprv'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keys),
        fc.nat(200),
        fc.constantFrom('1', 'a', 'Z', '0', ' ', '\u0000', 'é'),
        async (one, at, character) => {
          const place = at % one.secret.length;
          const mutated = one.secret.slice(0, place) + character + one.secret.slice(place + 1);
          fc.pre(mutated !== one.secret);
          expect((await inspect(mutated, one.kind)).valid).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
