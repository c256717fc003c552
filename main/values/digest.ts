import { hash } from 'node:crypto';
import type { Fingerprint, Sha256 } from './brand.ts';

/** SHA-256 as 64 lowercase hex digits; text is hashed as UTF-8. */
export function sha256(data: Uint8Array | string): Sha256 {
  return hash('sha256', data, 'hex') as Sha256;
}

/** SHA-256 of raw key bytes, as people confirm it (design.md, "Fingerprints, all 64 lowercase hex"). */
export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  return sha256(bytes) as Fingerprint;
}
