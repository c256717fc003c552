import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { FactValue } from '../../ceremony/index.ts';
import type { Station } from '../station/station.ts';

export type PinProof = FactValue<'pin-proofs'>['people'][number];

const SALT_BYTES = 16;
const DERIVED_BYTES = 32;
/** 32 MiB, about a tenth of a second: a million PINs take a day, for whoever has the keychain as well. The key is what protects them. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 } as const;

/**
 * What the ledger keeps of a PIN: an HMAC-SHA-256 over scrypt(PIN, salt) and whose it is, under a key that is made from one in the
 * station's keychain. To whoever has the ledger alone it tells nothing, not even whether a guess is right, nor that two people chose the
 * same: each has a salt of their own. A proof that is put under another person or into another ceremony fits no PIN.
 */
export async function proofOfPin(station: Station, ceremony: string, initials: string, pin: string): Promise<PinProof> {
  const salt = randomBytes(SALT_BYTES);
  return { initials, salt: salt.toString('base64'), proof: await proofOf(station, { ceremony, initials, salt }, pin) };
}

/** Whether it is that person's PIN, compared in constant time. */
export async function isPin(station: Station, ceremony: string, { initials, salt, proof }: PinProof, pin: string): Promise<boolean> {
  const typed = await proofOf(station, { ceremony, initials, salt: Buffer.from(salt, 'base64') }, pin);
  const [kept, given] = [Buffer.from(proof, 'hex'), Buffer.from(typed, 'hex')];
  return kept.length === given.length && timingSafeEqual(kept, given);
}

type Whose = { readonly ceremony: string; readonly initials: string; readonly salt: Uint8Array };

async function proofOf(station: Station, { ceremony, initials, salt }: Whose, pin: string): Promise<string> {
  // SECURITY(REQ-PIN-STAYS): what leaves here is keyed; the rest is wiped, but for the string that the page sent.
  const bytes = Buffer.from(pin, 'utf8');
  const derived = await derive(bytes, salt);
  const whole = Buffer.concat([derived, Buffer.from(`\n${ceremony}\n${initials}`, 'utf8')]);
  const proof = station.pinProofOf(whole);
  for (const one of [bytes, derived, whole]) one.fill(0);
  return proof;
}

function derive(pin: Uint8Array, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, DERIVED_BYTES, COST, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
}
