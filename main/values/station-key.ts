import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBase64 } from './encoding.ts';
import { fingerprintOf } from './digest.ts';

/** An Ed25519 public key (RFC 8032) from its 32 raw bytes. */
export function ed25519PublicKey(raw: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

/** The key that a station names itself by, or null where its id is not that key's fingerprint. Who it is, is another question. */
export function stationKeyOf(station: { readonly id: unknown; readonly public_key: unknown }): KeyObject | null {
  const raw = typeof station.public_key === 'string' ? decodeBase64(station.public_key) : null;
  return raw?.length === 32 && fingerprintOf(raw) === station.id ? ed25519PublicKey(raw) : null;
}
