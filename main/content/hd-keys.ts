import type { HDKey } from '@scure/bip32';
import type { HDKey as Slip10Key } from 'micro-key-producer/slip10.js';
import { inputError } from '../values/index.ts';
import type { Keys, Secp256k1Public } from './keys.ts';
import type { DerivationPath } from './path.ts';

const MAX_DEPTH = 255;

/**
 * Opens a BIP-32 tree and, beside it, a SLIP-10 tree of Ed25519. Takes both roots over: `wipe` overwrites their private keys
 * and the Ed25519 chain code. Keys on the way down are overwritten as soon as they were used; the secp256k1 chain codes,
 * and what the libraries copied while they worked, are left to the garbage collector.
 */
export function openTree(root: HDKey, ed25519Root: Slip10Key | null): Keys {
  return {
    secp256k1: (path) => secp256k1At(root, path),
    ed25519: ed25519Root === null ? null : (path) => ed25519At(ed25519Root, path),
    wipe: () => {
      root.wipePrivateData();
      if (ed25519Root !== null) wipeSlip10(ed25519Root);
    },
  };
}

function secp256k1At(root: HDKey, path: DerivationPath | null): Secp256k1Public {
  const steps = path?.steps ?? [];
  if (root.depth + steps.length > MAX_DEPTH) {
    throw inputError('path-too-deep', `the path leads deeper than ${MAX_DEPTH.toString()}, where BIP-32 ends`);
  }
  let node = root;
  try {
    for (const step of steps) {
      const parent = node;
      node = parent.deriveChild(step);
      if (parent !== root) parent.wipePrivateData();
      // BIP-32 lets one step in 2^127 have no key. The library then takes the next number, which is another path.
      if (node.index !== step)
        throw inputError('path-has-no-key', 'the path leads to no key', { hint: 'take the next number in its last step' });
    }
    return publicSide(node);
  } finally {
    if (node !== root) node.wipePrivateData();
  }
}

function publicSide(node: HDKey): Secp256k1Public {
  const point = node.publicKey;
  if (point === null) throw new TypeError('a node of the tree has no public key');
  const fingerprint = node.fingerprint.toString(16).padStart(8, '0');
  return { point, uncompressed: false, extended: { depth: node.depth, fingerprint, xpub: node.publicExtendedKey } };
}

function ed25519At(root: Slip10Key, path: DerivationPath | null): Uint8Array {
  let node = root;
  try {
    for (const step of path?.steps ?? []) {
      const parent = node;
      node = parent.deriveChild(step);
      if (parent !== root) wipeSlip10(parent);
    }
    return node.publicKeyRaw;
  } finally {
    if (node !== root) wipeSlip10(node);
  }
}

function wipeSlip10(node: Slip10Key): void {
  node.privateKey.fill(0);
  node.chainCode.fill(0);
}
