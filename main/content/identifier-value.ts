import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { base58 } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { Address } from '@scure/btc-signer/payment.js';
import { isBase58 } from './base58.ts';
import { checksummedAddress } from './ethereum-address.ts';
import type { IdentifierType } from './identifier.ts';
import type { Kind } from './kind.ts';
import { parsePath } from './path.ts';

/** The longest identifier is an xpub; what is much longer is none, and is not decoded to find that out. */
const MOST_CHARACTERS = 150;

/**
 * Whether a text is an identifier of this type in the one form in which it is computed here: checksums right, case right, a point on
 * its curve. So a plan's typing error shows at the table, not in the room.
 */
export function isIdentifierValue(kind: Kind, type: IdentifierType, value: string): boolean {
  if (value.length > MOST_CHARACTERS) return false;
  return FORMS[type](value, kind);
}

/**
 * Whether an xpub, as {@link isIdentifierValue} takes it, can lie at a path: it says itself how many steps below the master key it lies
 * and which the last one was (BIP-32, "Serialization format"). The path of an xprv begins at a key that may lie deeper itself.
 */
export function isXpubAt(kind: Kind, value: string, path: string): boolean {
  const { depth, index } = HDKey.fromExtendedKey(value);
  const { steps } = parsePath(path);
  const isDepth = kind === 'xprv' ? depth >= steps.length : depth === steps.length;
  return isDepth && (steps.length === 0 || steps.at(-1) === index);
}

const FORMS: Readonly<Record<IdentifierType, (value: string, kind: Kind) => boolean>> = {
  'master-fingerprint': (value) => /^[0-9a-f]{8}$/.test(value),
  xpub: (value) => value.startsWith('xpub') && sameAgain(value, () => HDKey.fromExtendedKey(value).publicExtendedKey),
  'bitcoin-p2pkh': (value) => isBitcoin(value, 'pkh'),
  'bitcoin-p2wpkh': (value) => isBitcoin(value, 'wpkh'),
  'bitcoin-p2tr': (value) => isBitcoin(value, 'tr'),
  ethereum: (value) => checksummedAddress(value) === value,
  solana: isSolana,
  'public-key': isPublicKey,
  'spki-sha256': (value) => /^[0-9a-f]{64}$/.test(value),
};

function isBitcoin(value: string, script: 'pkh' | 'wpkh' | 'tr'): boolean {
  return sameAgain(value, () => {
    const decoded = Address().decode(value);
    return decoded.type === script ? Address().encode(decoded) : null;
  });
}

/** An address has no checksum; every second one with a typing error is at least no point of the curve. */
function isSolana(value: string): boolean {
  return isBase58(value) && sameAgain(value, () => base58.encode(ed25519.Point.fromBytes(base58.decode(value)).toBytes()));
}

/** Key files may be of other curves, whose points are longer; what is of secp256k1 by its kind must lie on that curve. */
function isPublicKey(value: string, kind: Kind): boolean {
  if (kind === 'pem-key') return /^(0[23]([0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{132})|[0-9a-f]{64})$/.test(value);
  return /^0[23][0-9a-f]{64}$/.test(value) && sameAgain(value, () => secp256k1.Point.fromHex(value).toHex(true));
}

/** Whether what a library reads comes out as it went in; its errors say "no", whatever they say besides. */
function sameAgain(value: string, read: () => string | null): boolean {
  try {
    return read() === value;
  } catch {
    return false;
  }
}
