import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { base58 } from '@scure/base';
import { p2pkh, p2tr, p2wpkh } from '@scure/btc-signer';
import { inputError, quote } from '../values/index.ts';
import type { IdentifierType } from './kinds.ts';

/**
 * What follows from a secp256k1 public key alone. @param publicKey compressed, 33 bytes.
 * @throws input `identifier-not-of-kind`.
 */
export function identifyPublicKey(type: IdentifierType, publicKey: Uint8Array): string {
  switch (type) {
    case 'public-key':
      return Buffer.from(publicKey).toString('hex');
    case 'bitcoin-p2pkh':
      return required(p2pkh(publicKey).address);
    case 'bitcoin-p2wpkh':
      return required(p2wpkh(publicKey).address);
    case 'bitcoin-p2tr':
      return required(p2tr(publicKey.slice(1)).address); // BIP-341 takes the x coordinate; BIP-86 tweaks it with no script
    case 'ethereum':
      return ethereumAddress(publicKey);
    case 'master-fingerprint':
    case 'xpub':
    case 'solana':
      throw inputError('identifier-not-of-kind', `a single key has no ${quote(type)}`, { hint: 'ask for an address or the public key' });
  }
}

/** Solana's address is the Ed25519 public key in base58. @param publicKey 32 bytes. */
export function solanaAddress(publicKey: Uint8Array): string {
  return base58.encode(publicKey);
}

/** The last 20 bytes of Keccak-256 over the uncompressed point, with EIP-55's capitals. */
function ethereumAddress(publicKey: Uint8Array): string {
  const point = secp256k1.Point.fromBytes(publicKey).toBytes(false).slice(1);
  const hex = Buffer.from(keccak_256(point)).subarray(-20).toString('hex');
  const digest = Buffer.from(keccak_256(Buffer.from(hex, 'latin1'))).toString('hex');
  const mixed = Array.from(hex, (digit, index) => (Number.parseInt(digest[index] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit));
  return `0x${mixed.join('')}`;
}

function required(address: string | undefined): string {
  if (address === undefined) throw new TypeError('the library made no address');
  return address;
}
