import { secp256k1 } from '@noble/curves/secp256k1.js';
import { finding, type Finding } from './finding.ts';
import type { PathRule } from './kind.ts';
import type { IdentifierType } from './identifier.ts';
import type { Keys } from './keys.ts';

/** What one secp256k1 key outside any tree can be asked for. */
export const SINGLE_KEY_IDENTIFIERS = {
  'public-key': 'none',
  ethereum: 'none',
  'bitcoin-p2pkh': 'none',
  'bitcoin-p2wpkh': 'none',
  'bitcoin-p2tr': 'none',
} as const satisfies Partial<Record<IdentifierType, PathRule>>;

/** `key-range` unless the 32 bytes are 1 … n − 1, n being the order of secp256k1 (SEC 1 §3.2.1, SEC 2 §2.4.1). */
export function rangeFaults(privateKey: Uint8Array): Finding[] {
  if (secp256k1.utils.isValidSecretKey(privateKey)) return [];
  return [finding('key-range', 'as a number it is zero, or not below the order of secp256k1')];
}

/**
 * Opens one private key of 32 bytes in range. Takes the buffer over: `wipe` overwrites it.
 * @param uncompressed whether its addresses are made of the uncompressed point.
 */
export function openSingleKey(privateKey: Uint8Array, uncompressed: boolean): Keys {
  return {
    secp256k1: () => ({ point: secp256k1.getPublicKey(privateKey, true), uncompressed, extended: null }),
    ed25519: null,
    wipe: () => {
      privateKey.fill(0);
    },
  };
}
