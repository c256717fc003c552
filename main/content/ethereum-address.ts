import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Identifier } from './identifier.ts';

const ADDRESS_BYTES = 20;

/** The last 20 bytes of Keccak-256 of the uncompressed point without its first byte (Ethereum Yellow Paper, appendix F). */
export const ethereum: Identifier = {
  checkPath: () => undefined,
  compute: (keys, path) => {
    if (keys.statedAddress !== undefined) return keys.statedAddress;
    return addressOfPoint(keys.secp256k1(path).point);
  },
};

/** @param compressed a point of secp256k1, 33 bytes. @returns the address in EIP-55's case. */
export function addressOfPoint(compressed: Uint8Array): string {
  const point = secp256k1.Point.fromBytes(compressed).toBytes(false);
  return encodeEip55(keccak_256(point.subarray(1)).subarray(-ADDRESS_BYTES));
}

/** `0x` and 40 hex digits, the letters' case being the checksum (EIP-55). @param address 20 bytes. */
export function encodeEip55(address: Uint8Array): string {
  const digits = Buffer.from(address).toString('hex');
  const hash = Buffer.from(keccak_256(Buffer.from(digits, 'ascii'))).toString('hex');
  const cased = Array.from(digits, (digit, place) => (Number.parseInt(hash.charAt(place), 16) >= 8 ? digit.toUpperCase() : digit));
  return `0x${cased.join('')}`;
}

/**
 * An address in EIP-55's case. @param text `0x` and 40 hex digits: all in one case, which says nothing of a checksum, or in the right one.
 * @returns null for anything else.
 */
export function checksummedAddress(text: string): string | null {
  const digits = /^0x([0-9a-fA-F]{40})$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const cased = encodeEip55(Buffer.from(digits, 'hex'));
  return [cased.slice(2), cased.slice(2).toLowerCase(), cased.slice(2).toUpperCase()].includes(digits) ? cased : null;
}
