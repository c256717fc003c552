import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { inspectSecret } from './inspect.ts';
import { xprv } from './xprv.ts';

const base58check = createBase58check(sha256);
const ask = async (secret: string, type: 'xpub' | 'master-fingerprint', path: string | null) =>
  (await inspectSecret(Buffer.from(secret), { kind: 'xprv', identifiers: [{ type, path }], bip39Passphrase: null })).identifiers[0]?.value;
const codes = (text: string) => xprv.read(Buffer.from(text)).findings.map(({ code }) => code);

// BIP-32, test vectors 1 and 2: the master key, and the extended public key at each path.
const VECTOR_1 = 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi';
const VECTOR_2 = 'xprv9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGdso3pGz6ssrdK4PFmM8NSpSBHNqPqm55Qn3LqFtT2emdEXVYsCzC2U';

describe('an xprv', () => {
  it.each([
    ['m', 'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8'],
    ["m/0'", 'xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw'],
    ["m/0'/1", 'xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ'],
    ["m/0'/1/2'", 'xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5'],
    ["m/0'/1/2'/2", 'xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV'],
    [
      "m/0'/1/2'/2/1000000000",
      'xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy',
    ],
  ])('BIP-32 test vector 1, %s', async (path, value) => {
    expect(await ask(VECTOR_1, 'xpub', path)).toBe(value);
  });
  it.each([
    ['m', 'xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB'],
    ['m/0', 'xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH'],
    ["m/0/2147483647'", 'xpub6ASAVgeehLbnwdqV6UKMHVzgqAG8Gr6riv3Fxxpj8ksbH9ebxaEyBLZ85ySDhKiLDBrQSARLq1uNRts8RuJiHjaDMBU4Zn9h8LZNnBC5y4a'],
    [
      "m/0/2147483647'/1",
      'xpub6DF8uhdarytz3FWdA8TvFSvvAh8dP3283MY7p2V4SeE2wyWmG5mg5EwVvmdMVCQcoNJxGoWaU9DCWh89LojfZ537wTfunKau47EL2dhHKon',
    ],
    [
      "m/0/2147483647'/1/2147483646'",
      'xpub6ERApfZwUNrhLCkDtcHTcxd75RbzS1ed54G1LkBUHQVHQKqhMkhgbmJbZRkrgZw4koxb5JaHWkY4ALHY2grBGRjaDMzQLcgJvLJuZZvRcEL',
    ],
    [
      "m/0/2147483647'/1/2147483646'/2",
      'xpub6FnCn6nSzZAw5Tw7cgR9bi15UV96gLZhjDstkXXxvCLsUXBGXPdSnLFbdpq8p9HmGsApME5hQTZ3emM2rnY5agb9rXpVGyy3bdW6EEgAtqt',
    ],
  ])('BIP-32 test vector 2, %s', async (path, value) => {
    expect(await ask(VECTOR_2, 'xpub', path)).toBe(value);
  });
  it('of depth 0 has its master fingerprint, with all its digits', async () => {
    expect(await ask(VECTOR_1, 'master-fingerprint', null)).toBe('3442193e');
    expect(await ask(VECTOR_2, 'master-fingerprint', 'm')).toBe('bd16bee5');
  });
  it.each([VECTOR_1, `${VECTOR_1}\n`, `${VECTOR_1}\r\n`])('is valid without a finding', (text) => {
    expect(xprv.read(Buffer.from(text))).toMatchObject({ valid: true, findings: [] });
  });

  const rebuilt = (change: (payload: Uint8Array) => Uint8Array) => base58check.encode(change(base58check.decode(VECTOR_1)));
  const withBytes = (at: number, hex: string) =>
    rebuilt((payload) => {
      payload.set(Buffer.from(hex, 'hex'), at);
      return payload;
    });
  it.each([
    ['nothing', '', ['secret-empty']],
    ['a space after it', `${VECTOR_1} `, ['secret-space']],
    ['a character short', VECTOR_1.slice(0, -1), ['xprv-length']],
    ['a character long', `${VECTOR_1}1`, ['xprv-length']],
    ['a zero in it', VECTOR_1.replace('9', '0'), ['base58-character']],
    ['another letter', `${VECTOR_1.slice(0, -1)}j`, ['base58-checksum']],
    [
      'an xpub',
      'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8',
      ['xprv-public'],
    ],
    ['a tprv', withBytes(0, '04358394'), ['xprv-version']],
    ['a zprv', withBytes(0, '04b2430c'), ['xprv-version']],
    ['a public key that says private', withBytes(45, '02'), ['xprv-structure']],
    ['depth 0 with a parent', withBytes(5, '00000001'), ['xprv-structure']],
    ['depth 0 with an index', withBytes(9, '00000001'), ['xprv-structure']],
    ['the key 0', withBytes(46, '00'.repeat(32)), ['key-range']],
    ['the key n', withBytes(46, 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'), ['key-range']],
  ])('%s is not valid', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
    expect(xprv.read(Buffer.from(text)).valid).toBe(false);
  });
  it.each([
    ['1', '00'.repeat(31) + '01'],
    ['n - 1', 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140'],
  ])('the key %s is in range', (_name, hex) => {
    expect(codes(withBytes(46, hex))).toEqual([]);
  });
  it('a payload of another length that is 111 characters long is not valid', () => {
    // Leading zero bytes are one character each, so 111 characters can hold more than 78 bytes.
    const text = '1'.repeat(20) + base58check.encode(base58check.decode(VECTOR_1)).slice(20);
    expect(codes(text)).toEqual(['base58-checksum']);
    const long = base58check.encode(new Uint8Array(111 - 6).fill(0)).padEnd(111, '1');
    expect(long).toHaveLength(111);
    expect(xprv.read(Buffer.from(long)).valid).toBe(false);
  });
  it('at depth 255 it ends', async () => {
    const deepest = withBytes(4, 'ff0000000100000001');
    expect(await ask(deepest, 'xpub', 'm')).toMatch(/^xpub/);
    await expect(ask(deepest, 'xpub', 'm/0')).rejects.toThrow(expect.objectContaining({ code: 'path-too-deep', family: 'input' }) as Error);
    expect(await ask(withBytes(4, 'fe0000000100000001'), 'xpub', 'm/0')).toMatch(/^xpub/);
  });
  it.each([VECTOR_1, withBytes(0, '04b2430c'), 'xpub661MyMwAqRbcFtXgS5sYJABqqG9', ` ${VECTOR_1}`])('%s is taken for one', (text) => {
    expect(xprv.resembles(text)).toBe(true);
  });
});
