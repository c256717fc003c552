import { sha256 } from '../values/index.ts';
import { bitcoinP2pkh, bitcoinP2tr, bitcoinP2wpkh } from './bitcoin-address.ts';
import { ethereum } from './ethereum-address.ts';
import { masterFingerprint, xpub } from './extended-key.ts';
import type { Identifier, IdentifierType } from './identifier.ts';
import { solana } from './solana-address.ts';

/** The compressed point in hex, whatever a WIF says of compression. */
const publicKey: Identifier = {
  checkPath: () => undefined,
  compute: (keys, path) => Buffer.from(keys.point ?? keys.secp256k1(path).point).toString('hex'),
};

/** SHA-256 of the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): a point is uncompressed, as `openssl pkey -pubout` writes it. */
const spkiSha256: Identifier = {
  checkPath: () => undefined,
  compute: (keys) => {
    if (keys.spki === undefined) throw new TypeError('a kind offers spki-sha256 and has no such form');
    return sha256(keys.spki);
  },
};

/** The registry of identifier types: one entry each, and the type makes a missing one an error. */
export const IDENTIFIERS: Readonly<Record<IdentifierType, Identifier>> = {
  'master-fingerprint': masterFingerprint,
  xpub,
  'bitcoin-p2pkh': bitcoinP2pkh,
  'bitcoin-p2wpkh': bitcoinP2wpkh,
  'bitcoin-p2tr': bitcoinP2tr,
  ethereum,
  solana,
  'public-key': publicKey,
  'spki-sha256': spkiSha256,
};
