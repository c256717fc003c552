import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { encryptedKey, PASSWORD, plainKeys } from '../main/content/key-files.fixture.ts';
import { TestStation } from './command-line.ts';
import known from './vectors/identifiers.json' with { type: 'json' };
import keystores from './vectors/published/keystore-v3.json' with { type: 'json' };
import shares from './vectors/published/slip39.json' with { type: 'json' };

const station = new TestStation();
const keys = plainKeys();
const phrase = known.cases[2]?.secret ?? '';
const share = shares.cases[0]?.shares[0] ?? '';
const life = keystores.cases.find(({ name }) => name === 'life') ?? { file: '', address: '', password: '' };
const told = (out: Record<string, unknown>, member: 'code' | 'value', of: string) =>
  (out[of] as Record<string, string>[]).map((one) => one[member]);

afterAll(() => {
  station.remove();
});

describe('inspect of every kind, without a station', () => {
  station.write('password', `${PASSWORD}\n`);
  station.write('life.password', life.password);

  it.each<[string, string, string, object, string[]]>([
    ['a phrase', phrase, ' --identifier master-fingerprint', { kind: 'bip39', valid: true }, []],
    ['a share', share, '', { kind: 'slip39', valid: true }, ['share-place']],
    ['a key file', keys.secp256k1, ' --identifier spki-sha256 --identifier ethereum', { kind: 'pem-key', valid: true }, []],
    ['an encrypted key file', encryptedKey(keys.p256, []), '', { kind: 'pem-key', valid: true }, ['pem-encrypted']],
    [
      'the same with its password',
      encryptedKey(keys.p256, []),
      ' --identifier spki-sha256 --password-file @password',
      { kind: 'pem-key', valid: true },
      [],
    ],
    ['an Ethereum key file', life.file, ' --identifier ethereum', { kind: 'keystore-v3', valid: true }, ['keystore-locked']],
    [
      'the same with its password',
      life.file,
      ' --identifier ethereum --identifier public-key --password-file @life.password',
      { kind: 'keystore-v3', valid: true },
      [],
    ],
    [
      'a phrase with two words swapped',
      phrase.replace('legal winner', 'winner legal'),
      '',
      { kind: 'bip39', valid: false },
      ['phrase-checksum'],
    ],
    ['a share with a wrong word', share.replace('enlarge', 'academic'), '', { kind: 'slip39', valid: false }, ['share-checksum']],
    ['a key file cut short', keys.rsa.split('\n').slice(0, 5).join('\n'), '', { kind: 'pem-key', valid: false }, ['pem-form']],
    [
      'an Ethereum key file of another version',
      life.file.replace('"version":3', '"version":1'),
      '',
      { kind: 'keystore-v3', valid: false },
      ['keystore-version'],
    ],
  ])('%s: kind, findings and identifiers, and nothing of the secret', async (_name, secret, options, expected, codes) => {
    station.write('secret', secret);
    const run = await station.run(`inspect --in @secret${options}`);
    expect(run.out).toMatchObject(expected);
    expect(told(run.out, 'code', 'findings')).toEqual(codes);
    expect(run.code).toBe(run.out['valid'] === true ? 0 : 3);
    expect(run.out['identifiers']).toHaveLength(options.split('--identifier').length - 1);
    const words = secret.split(' ');
    // Of a phrase any two words together: one alone may be one of ours.
    const pieces = /^[a-z ]+$/.test(secret)
      ? words.slice(1).map((word, at) => `${words[at] ?? ''} ${word}`)
      : secret.split(/[\s":,{}]+/).filter((piece) => piece.length >= 8 && !/PRIVATE|crypt|cipher|version|address|password/i.test(piece));
    const address = life.address.slice(2).toLowerCase();
    const said = (run.stdout + run.stderr).toLowerCase();
    expect(pieces.length).toBeGreaterThan(0);
    // The address of an Ethereum key file is what it was asked for.
    expect(pieces.filter((piece) => piece.toLowerCase() !== address && said.includes(piece.toLowerCase()))).toEqual([]);
    for (const password of [PASSWORD, `"${life.password}"`]) expect(said).not.toContain(password);
  });

  it('the key file’s identifier is the one that openssl comes to', async () => {
    station.write('secret', keys.p384);
    const { out } = await station.must('inspect --in @secret --identifier spki-sha256');
    const spki = execFileSync('openssl', ['pkey', '-pubout', '-outform', 'DER'], { input: keys.p384 });
    const digest = execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: spki, encoding: 'utf8' }).split(' ')[0];
    expect(told(out, 'value', 'identifiers')).toEqual([digest]);
  });

  it.each([
    ['inspect --in @secret --password-file @missing', 'file-missing'],
    ['inspect --in @secret --password-file @password', 'password-not-needed'],
    ['inspect --in @phrase --password-file @password', 'password-not-for-kind'],
    ['inspect --in @locked --identifier public-key', 'password-missing'],
    ['inspect --in @locked --identifier ethereum --password-file @password', 'password-wrong'],
    ['inspect --in @secret --kind pem-key --identifier xpub', 'identifier-not-for-kind'],
    ['inspect --in @phrase --kind slip39 --identifier ethereum', 'identifier-not-for-kind'],
  ])('%s: exit 2, %s', async (command, code) => {
    station.write('secret', keys.p256);
    station.write('phrase', phrase);
    station.write('locked', life.file);
    const run = await station.run(command);
    expect([run.code, run.error?.code]).toEqual([2, code]);
  });
});
