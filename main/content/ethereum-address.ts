import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Identifier } from './identifier.ts';

const ADDRESS_BYTES = 20;

/** The last 20 bytes of Keccak-256 of the uncompressed point without its first byte (Ethereum Yellow Paper, appendix F). */
export const ethereum: Identifier = {
  checkPath: () => undefined,
  compute: (keys, path) => {
    const point = secp256k1.Point.fromBytes(keys.secp256k1(path).point).toBytes(false);
    return encodeEip55(keccak_256(point.subarray(1)).subarray(-ADDRESS_BYTES));
  },
};

/** `0x` and 40 hex digits, the letters' case being the checksum (EIP-55). @param address 20 bytes. */
export function encodeEip55(address: Uint8Array): string {
  const digits = Buffer.from(address).toString('hex');
  const hash = Buffer.from(keccak_256(Buffer.from(digits, 'ascii'))).toString('hex');
  const cased = Array.from(digits, (digit, place) => (Number.parseInt(hash.charAt(place), 16) >= 8 ? digit.toUpperCase() : digit));
  return `0x${cased.join('')}`;
}
