import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inspectSecret, MADE_UP_PASSWORD, makeUpSecret, settlePath, type IdentifierType, type Kind } from './index.ts';
import { secondOpinion } from './second-opinion.fixture.ts';

const P2PK = 66;

describe('a made-up secret', () => {
  it.each<[Kind, IdentifierType | null, number, [number, number] | null]>([
    ['bip39', 'bitcoin-p2wpkh', 42, [150, 160]],
    ['bip39', 'master-fingerprint', 8, [90, 96]],
    ['bip39', null, 0, [94, 94]],
    ['slip39', null, 0, null],
    ['slip39', null, 0, [220, 240]],
    ['xprv', 'xpub', 111, [111, 112]],
    ['wif', 'bitcoin-p2tr', 62, [52, 52]],
    ['hex-key', 'ethereum', 42, [65, 65]],
    ['pem-key', 'ethereum', 42, null],
    ['pem-key', 'solana', 44, null],
    ['pem-key', 'public-key', 64, null],
    ['pem-key', 'public-key', P2PK, null],
    ['pem-key', 'public-key', 98, null],
    ['pem-key', 'public-key', 134, null],
    ['pem-key', 'spki-sha256', 64, [1600, 1800]],
    ['keystore-v3', 'ethereum', 42, null],
    ['keystore-v3', 'public-key', P2PK, null],
    ['opaque', null, 0, [100_000, 200_000]],
    ['opaque', null, 0, null],
  ])('%s with the identifier %s of %i characters and the size %j is one', async (kind, type, valueLength, range) => {
    const size = range === null ? null : { min: range[0], max: range[1] };
    const secret = makeUpSecret({ kind, identifier: type === null ? null : { type, valueLength }, size }, randomBytes);
    if (size !== null) expect(secret.length >= size.min && secret.length <= size.max).toBe(true);
    const path = type === null ? null : type === 'xpub' ? 'm' : settlePath(kind, { type, path: null });
    const password = kind === 'keystore-v3' ? Buffer.from(MADE_UP_PASSWORD) : null;
    const asked = type === null ? [] : [{ type, path }];
    const inspection = await inspectSecret(secret, { kind, identifiers: asked, bip39Passphrase: null, password });
    expect(inspection).toMatchObject({ kind, valid: true });
    expect(inspection.identifiers[0]?.value.length ?? 0).toBeGreaterThanOrEqual(Math.min(valueLength, 32) - 1);
    const { judged } = secondOpinion([{ kind, secret }], []);
    expect(judged).toEqual([true]);
  });

  it('whose kind never has that size is made as it is', () => {
    expect(makeUpSecret({ kind: 'hex-key', identifier: null, size: { min: 70, max: 80 } }, randomBytes)).toHaveLength(64);
  });

  it('follows from the randomness that it was given, and says what it is where it can', () => {
    const from = (seed: string) => {
      let n = 0;
      return (length: number) =>
        createHash('shake256', { outputLength: length })
          .update(`${seed} ${String((n += 1))}`)
          .digest();
    };
    const make = (seed: string) => makeUpSecret({ kind: 'bip39', identifier: null, size: null }, from(seed)).toString();
    expect(make('a')).toBe(make('a'));
    expect(make('a')).not.toBe(make('b'));
    expect(makeUpSecret({ kind: 'opaque', identifier: null, size: null }, from('a')).toString()).toContain('REHEARSAL ONLY');
  });
});
