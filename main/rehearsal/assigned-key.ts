import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyEnvironment, KeyType } from './requests.ts';

/** How a public key is delivered: DER in one of two forms for RSA, the raw (compressed) point for the curves. */
export type KeyForm = 'spki' | 'pkcs1' | 'raw-ed25519' | 'raw-secp256k1';

/** Whom a key was assigned to. They get no second one. */
export type KeyOwner = { readonly userIdentifier: string; readonly customerId: string | null };

/** A key that was assigned, with its private half: this is a rehearsal. */
export type AssignedKey = {
  readonly keyId: string;
  readonly keyEnvironment: KeyEnvironment;
  readonly owner: KeyOwner;
  readonly form: KeyForm;
  /** Hex as it was signed and, but for the fault `swapped-key`, delivered. */
  readonly publicKeyHex: string;
  readonly privateKey: KeyObject;
};

/** One text for each owner. */
export function ownerName({ userIdentifier, customerId }: KeyOwner): string {
  return JSON.stringify([userIdentifier, customerId]);
}

/** The form in which a key of this type is delivered; the real service's RSA keys come as `spki`. */
export function formOf(keyType: KeyType, pkcs1: boolean): KeyForm {
  switch (keyType) {
    case 'rsa4096':
      return pkcs1 ? 'pkcs1' : 'spki';
    case 'ed25519':
      return 'raw-ed25519';
    case 'secp256k1':
      return 'raw-secp256k1';
  }
}

/** The public half as hex. Contract, "The assigned key". */
export function publicKeyHex(privateKey: KeyObject, form: KeyForm): string {
  const publicKey = createPublicKey(privateKey);
  if (form === 'spki' || form === 'pkcs1') return publicKey.export({ format: 'der', type: form }).toString('hex');
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.from(x, 'base64url');
  if (form === 'raw-ed25519') return point.toString('hex');
  // SEC 1 §2.3.3: 02 before an even y, 03 before an odd one.
  const odd = ((Buffer.from(y, 'base64url').at(-1) ?? 0) & 1) === 1;
  return Buffer.concat([Buffer.from([odd ? 3 : 2]), point]).toString('hex');
}

/** Looks at a held key again: its private half still gives the public key that was signed. */
export function isWhole(key: AssignedKey): boolean {
  return publicKeyHex(key.privateKey, key.form) === key.publicKeyHex;
}
