import type { DerivationPath } from './path.ts';

/** What a place in a BIP-32 tree has beyond its key. All of it public. */
export type ExtendedPublic = {
  /** 0 for the master key. */
  readonly depth: number;
  /** The first 4 bytes of HASH160 of the public key, 8 lowercase hex digits. */
  readonly fingerprint: string;
  /** Base58Check with version bytes 0488B21E. */
  readonly xpub: string;
};

/** The public side of one secp256k1 key. */
export type Secp256k1Public = {
  /** The compressed point, 33 bytes. */
  readonly point: Uint8Array;
  /** True for a WIF that says so: its addresses are made of the uncompressed point. */
  readonly uncompressed: boolean;
  /** Null for a key outside any tree. */
  readonly extended: ExtendedPublic | null;
};

/**
 * An opened secret, as far as identifiers need it: private keys stay inside, public ones come out. Paths start at the
 * secret's own key; null is that key itself.
 */
export type Keys = {
  /** @throws input `path-too-deep`, `path-has-no-key`, `identifier-not-for-key`. */
  readonly secp256k1: (path: DerivationPath | null) => Secp256k1Public;
  /** The raw 32-byte Ed25519 key by SLIP-10; null where the secret has no Ed25519 tree. */
  readonly ed25519: ((path: DerivationPath | null) => Uint8Array) | null;
  /** The SubjectPublicKeyInfo in DER; only key files have it. */
  readonly spki?: Uint8Array;
  /** A compressed point on whatever curve the key is of (SEC 1 §2.3.3), where it need not be secp256k1. */
  readonly point?: Uint8Array | null;
  /** The address that a key file claims, while its key is not opened: `0x` and 40 hex digits in EIP-55's case. */
  readonly statedAddress?: string;
  /** Overwrites the private keys. Whoever opened the secret calls it. Afterwards nothing can be computed any more. */
  readonly wipe: () => void;
};
