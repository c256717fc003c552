import { HDKey } from '@scure/bip32';
import { describe, expect, it } from 'vitest';
import { seedOfPhrase } from './bip39-seed.ts';
import { inspectSecret } from './inspect.ts';
import { secondOpinion } from './second-opinion.fixture.ts';

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

/** Seed (BIP-39), master key (BIP-32) and the address at m/86'/0'/0'/0/0 (BIP-341, BIP-350), as Python derives them. */
function python(phrase: string, passphrase: string): unknown {
  const asked = { kind: 'bip39', secret: Buffer.from(phrase), passphrase };
  const [seed, master, address] = secondOpinion(
    [],
    [
      { ...asked, type: 'seed', path: null },
      { ...asked, type: 'master-key', path: null },
      { ...asked, type: 'bitcoin-p2tr', path: "m/86'/0'/0'/0/0" },
    ],
  ).derived;
  return { seed, master, address };
}

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
