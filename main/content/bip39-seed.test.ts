import { execFileSync } from 'node:child_process';
import { HDKey } from '@scure/bip32';
import { describe, expect, it } from 'vitest';
import { seedOfPhrase } from './bip39-seed.ts';
import { inspectSecret } from './inspect.ts';

/** From BIP-39's English test vectors, all with the passphrase TREZOR: phrase, seed, master key. */
const TREZOR = [
  [
    `${'abandon '.repeat(11)}about`,
    'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
    'xprv9s21ZrQH143K3h3fDYiay8mocZ3afhfULfb5GX8kCBdno77K4HiA15Tg23wpbeF1pLfs1c5SPmYHrEpTuuRhxMwvKDwqdKiGJS9XFKzUsAF',
  ],
  [
    'legal winner thank year wave sausage worth useful legal winner thank yellow',
    '2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607',
    'xprv9s21ZrQH143K2gA81bYFHqU68xz1cX2APaSq5tt6MFSLeXnCKV1RVUJt9FWNTbrrryem4ZckN8k4Ls1H6nwdvDTvnV7zEXs2HgPezuVccsq',
  ],
  [
    'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
    'd71de856f81a8acc65e6fc851a38d4d7ec216fd0796d0a6827a3ad6ed5511a30fa280f12eb2e47ed2ac03b5c462a0358d18d69fe4f985ec81778c1b370b652a8',
    'xprv9s21ZrQH143K2shfP28KM3nr5Ap1SXjz8gc2rAqqMEynmjt6o1qboCDpxckqXavCwdnYds6yBHZGKHv7ef2eTXy461PXUjBFQg6PrwY4Gzq',
  ],
  [
    `${'zoo '.repeat(11)}wrong`,
    'ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069',
    'xprv9s21ZrQH143K2V4oox4M8Zmhi2Fjx5XK4Lf7GKRvPSgydU3mjZuKGCTg7UPiBUD7ydVPvSLtg9hjp7MQTYsW67rZHAXeccqYqrsx8LcXnyd',
  ],
] as const;

/**
 * A second implementation on nothing but Python's standard library: seed (BIP-39), m/86'/0'/0'/0/0 (BIP-32), the tweaked
 * key (BIP-341) and its address (BIP-350).
 */
const PYTHON = String.raw`
import hashlib, hmac, json, sys, unicodedata
P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)
def add(a, b):
    if a is None: return b
    if b is None: return a
    if a[0] == b[0] and a[1] != b[1]: return None
    s = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (s * s - a[0] - b[0]) % P
    return x, (s * (a[0] - x) - a[1]) % P
def mul(k, point=G):
    sum = None
    while k:
        if k & 1: sum = add(sum, point)
        point, k = add(point, point), k >> 1
    return sum
def compressed(k):
    x, y = mul(k)
    return bytes([2 + y % 2]) + x.to_bytes(32, 'big')
def bech32m(program):
    letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
    bits = ''.join(format(byte, '08b') for byte in program)
    data = [1] + [int(bits[i:i + 5].ljust(5, '0'), 2) for i in range(0, len(bits), 5)]
    def polymod(values):
        chk = 1
        for value in values:
            top, chk = chk >> 25, (chk & 0x1ffffff) << 5 ^ value
            for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
                if top >> i & 1: chk ^= g
        return chk
    check = polymod([3, 3, 0, 2, 3] + data + [0] * 6) ^ 0x2bc830a3
    return 'bc1' + ''.join(letters[d] for d in data + [check >> 5 * (5 - i) & 31 for i in range(6)])
phrase, passphrase = (unicodedata.normalize('NFKD', text).encode() for text in json.load(sys.stdin))
seed = hashlib.pbkdf2_hmac('sha512', phrase, b'mnemonic' + passphrase, 2048)
master = hmac.digest(b'Bitcoin seed', seed, 'sha512')
key, chain = int.from_bytes(master[:32], 'big'), master[32:]
for step in (2**31 + 86, 2**31, 2**31, 0, 0):
    data = b'\0' + key.to_bytes(32, 'big') if step >= 2**31 else compressed(key)
    out = hmac.digest(chain, data + step.to_bytes(4, 'big'), 'sha512')
    key, chain = (int.from_bytes(out[:32], 'big') + key) % N, out[32:]
x, y = mul(key)
tag = hashlib.sha256(b'TapTweak').digest()
tweak = int.from_bytes(hashlib.sha256(tag + tag + x.to_bytes(32, 'big')).digest(), 'big')
output = add((x, y if y % 2 == 0 else P - y), mul(tweak))
print(json.dumps({'seed': seed.hex(), 'master': master[:32].hex(), 'address': bech32m(output[0].to_bytes(32, 'big'))}))
`;

const python = (phrase: string, passphrase: string): unknown =>
  JSON.parse(execFileSync('python3', ['-c', PYTHON], { input: JSON.stringify([phrase, passphrase]), encoding: 'utf8' }));

describe('the seed of a phrase', () => {
  it.each(TREZOR)('%s', async (phrase, seed, xprv) => {
    const derived = await seedOfPhrase(phrase, 'TREZOR');
    expect(derived.toString('hex')).toBe(seed);
    expect(HDKey.fromMasterSeed(derived).privateExtendedKey).toBe(xprv);
  });
  it('is that of NFKD, however phrase and passphrase are written', async () => {
    const composed = await seedOfPhrase('\u00e9tage\u3000ab', 'caf\u00e9');
    expect(composed.equals(await seedOfPhrase('e\u0301tage ab', 'cafe\u0301'))).toBe(true);
    expect(composed.equals(await seedOfPhrase('etage ab', 'cafe'))).toBe(false);
  });
  it.each([
    ['English', TREZOR[0][0], ''],
    ['English, with a passphrase beyond ASCII', TREZOR[3][0], '㍍ガバヴァぱばぐゞちぢ十人十色'],
    ['Japanese', `${'あいこくしん\u3000'.repeat(11)}あおぞら`, 'メートルガバヴァぱばぐゞちぢ十人十色'],
  ])('Python comes to the same seed, master key and address: %s', async (_name, phrase, passphrase) => {
    const seed = await seedOfPhrase(phrase, passphrase);
    const { privateKey } = HDKey.fromMasterSeed(seed);
    const inspection = await inspectSecret(Buffer.from(phrase.normalize('NFKD')), {
      identifiers: [{ type: 'bitcoin-p2tr', path: null }],
      bip39Passphrase: Buffer.from(passphrase),
    });
    expect(python(phrase, passphrase)).toEqual({
      seed: seed.toString('hex'),
      master: Buffer.from(privateKey ?? []).toString('hex'),
      address: inspection.identifiers[0]?.value,
    });
  });
});
