import { inputError, quote } from '../values/index.ts';
import type { Keys } from './keys.ts';
import type { DerivationPath } from './path.ts';

/** The public identifiers that a secret can be asked for. */
export const IDENTIFIER_TYPES = [
  'master-fingerprint',
  'xpub',
  'bitcoin-p2pkh',
  'bitcoin-p2wpkh',
  'bitcoin-p2tr',
  'ethereum',
  'solana',
  'public-key',
  'spki-sha256',
] as const;

/**
 * `master-fingerprint`: 8 lowercase hex digits (BIP-32). `xpub`: Base58Check with mainnet's version bytes (BIP-32).
 * `bitcoin-*`: mainnet addresses (Base58Check, BIP-173, BIP-350). `ethereum`: `0x` and 40 hex digits in EIP-55's case.
 * `solana`: the Ed25519 key in Base58. `public-key`: the compressed point, lowercase hex (SEC 1 §2.3.3): 66
 * digits, and more of a key file's larger curve. `spki-sha256`: SHA-256 of SubjectPublicKeyInfo in DER, 64 lowercase hex digits.
 */
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

/** How one type of identifier is computed. */
export type Identifier = {
  /** @throws input `path-not-for-type` when this type cannot lie, or by its standard does not lie, at that path. */
  readonly checkPath: (path: DerivationPath) => void;
  /**
   * @param path null: the key itself.
   * @throws input `identifier-not-for-key` when the key at hand has no such identifier, `path-too-deep`, `path-has-no-key`.
   */
  readonly compute: (keys: Keys, path: DerivationPath | null) => string;
};

/** @throws input `identifier-type-unknown`. */
export function parseIdentifierType(text: string): IdentifierType {
  const type = IDENTIFIER_TYPES.find((known) => known === text);
  if (type === undefined) {
    throw inputError('identifier-type-unknown', `${quote(text)} is no type of identifier`, {
      hint: `use one of ${IDENTIFIER_TYPES.join(', ')}`,
    });
  }
  return type;
}
