import { bitcoinP2pkh, bitcoinP2tr, bitcoinP2wpkh } from './bitcoin-address.ts';
import { ethereum } from './ethereum-address.ts';
import { masterFingerprint, xpub } from './extended-key.ts';
import type { Identifier, IdentifierType } from './identifier.ts';
import { solana } from './solana-address.ts';

/** The compressed point in hex, whatever a WIF says of compression. */
const publicKey: Identifier = {
  checkPath: () => undefined,
  compute: (keys, path) => Buffer.from(keys.secp256k1(path).point).toString('hex'),
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
};
