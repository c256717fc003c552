import { secp256k1 } from '@noble/curves/secp256k1.js';
import { inputError } from '../values/index.ts';
import { identifyPublicKey } from './addresses.ts';
import type { Kind, ReadSecret } from './kinds.ts';

/**
 * A single secp256k1 private key, from whatever form it was written in. Takes ownership of the buffer.
 * @param privateKey 32 bytes. @returns null where the number is zero or not below the curve's order (SEC 1 §3.2.1).
 */
export function readPrivateKeySecret(kind: Kind, privateKey: Uint8Array): ReadSecret | null {
  if (!secp256k1.utils.isValidSecretKey(privateKey)) return null;
  const publicKey = secp256k1.getPublicKey(privateKey, true);
  return {
    kind,
    findings: [],
    identify: ({ type, path }) => {
      if (path !== null) throw inputError('path-invalid', 'a single key has no derivation path', { hint: 'leave the path out' });
      return Promise.resolve({ type, path: null, value: identifyPublicKey(type, publicKey) });
    },
    wipe: () => {
      privateKey.fill(0);
    },
  };
}
