import { secp256k1 } from '@noble/curves/secp256k1.js';
import { p2pkh, p2tr, p2wpkh } from '@scure/btc-signer/payment.js';
import { inputError, quote } from '../values/index.ts';
import type { Identifier } from './identifier.ts';
import type { Secp256k1Public } from './keys.ts';
import { HARDENED, type DerivationPath } from './path.ts';

/** Purposes that a BIP ties to one script: BIP-49 (p2sh-p2wpkh, which is not offered here), BIP-84, BIP-86. */
const TIED_PURPOSES: readonly number[] = [49, 84, 86];

/** Base58Check of HASH160 of the key: of the uncompressed point for a WIF that says so. */
export const bitcoinP2pkh: Identifier = {
  checkPath: purposeCheck(null),
  compute: (keys, path) => {
    const key = keys.secp256k1(path);
    return addressOf(p2pkh(key.uncompressed ? secp256k1.Point.fromBytes(key.point).toBytes(false) : key.point));
  },
};

/** Version 0 witness program (BIP-141, BIP-173). */
export const bitcoinP2wpkh: Identifier = {
  checkPath: purposeCheck(84),
  compute: (keys, path) => addressOf(p2wpkh(compressedPoint(keys.secp256k1(path)))),
};

/** Version 1 witness program of the key alone, without scripts, tweaked as BIP-86 has it (BIP-341, BIP-350). */
export const bitcoinP2tr: Identifier = {
  checkPath: purposeCheck(86),
  compute: (keys, path) => addressOf(p2tr(compressedPoint(keys.secp256k1(path)).subarray(1))),
};

/** Refuses a path whose purpose a BIP ties to another script: its address would be one that no wallet looks for. */
function purposeCheck(own: number | null): (path: DerivationPath) => void {
  return (path) => {
    const purpose = (path.steps[0] ?? 0) - HARDENED;
    if (purpose === own || !TIED_PURPOSES.includes(purpose)) return;
    throw inputError('path-not-for-type', `the path ${quote(path.text)} is for another type of address`, {
      hint: `BIP-${purpose.toString()} ties its first step to one type`,
    });
  };
}

function compressedPoint(key: Secp256k1Public): Uint8Array {
  if (!key.uncompressed) return key.point;
  throw inputError('identifier-not-for-key', 'a key that is for an uncompressed public key has no such address', {
    hint: 'ask for bitcoin-p2pkh',
  });
}

function addressOf(payment: { readonly address?: string | undefined }): string {
  if (payment.address === undefined) throw new TypeError('a payment to one key has no address');
  return payment.address;
}
