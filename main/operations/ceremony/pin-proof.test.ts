import { createHmac, scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Station } from '../station/station.ts';
import { isPin, proofOfPin } from './pin-proof.ts';

/** As far as a proof needs a station: a key that only its keychain has. */
function stationWith(key: string): Station {
  return { pinProofOf: (derived: Uint8Array) => createHmac('sha256', key).update(derived).digest('hex') } as unknown as Station;
}

const STATION = stationWith('of this station');
const CEREMONY = '6f1d7c1e-0b7a-4c58-9a52-1f6f3f4d2b11';

describe('the proof of a PIN', () => {
  it('fits that PIN alone, of that person, in that ceremony', async () => {
    const proof = await proofOfPin(STATION, CEREMONY, 'AB', '739164');
    expect(await isPin(STATION, CEREMONY, proof, '739164')).toBe(true);
    expect(await isPin(STATION, CEREMONY, proof, '739165')).toBe(false);
    expect(await isPin(STATION, CEREMONY, { ...proof, initials: 'CD' }, '739164')).toBe(false);
    expect(await isPin(STATION, '00000000-0000-4000-8000-000000000000', proof, '739164')).toBe(false);
    expect(await isPin(STATION, CEREMONY, { ...proof, proof: '' }, '739164')).toBe(false);
  });

  it('is no digest that another keychain could make', async () => {
    const proof = await proofOfPin(STATION, CEREMONY, 'AB', '739164');
    expect(await isPin(stationWith('of another'), CEREMONY, proof, '739164')).toBe(false);
    const salt = Buffer.from(proof.salt, 'base64');
    expect(salt).toHaveLength(16);
    const derived = scryptSync('739164', salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
    const whole = Buffer.concat([derived, Buffer.from(`\n${CEREMONY}\nAB`)]);
    expect(proof.proof).toBe(createHmac('sha256', 'of this station').update(whole).digest('hex'));
    expect(proof.proof).not.toBe(derived.toString('hex'));
  });
});
