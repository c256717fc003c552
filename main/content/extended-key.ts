import { inputError, quote } from '../values/index.ts';
import type { Identifier } from './identifier.ts';
import type { ExtendedPublic, Keys } from './keys.ts';
import type { DerivationPath } from './path.ts';

/** The fingerprint of the master key, by which wallets and descriptors name a tree. It has no path but `m`. */
export const masterFingerprint: Identifier = {
  checkPath: (path) => {
    if (path.steps.length === 0) return;
    throw inputError('path-not-for-type', `a master fingerprint is that of m, and not of ${quote(path.text)}`, {
      hint: 'leave the path out',
    });
  },
  compute: (keys, path) => {
    const { depth, fingerprint } = extendedAt(keys, path);
    if (depth === 0) return fingerprint;
    throw inputError('identifier-not-for-key', 'the master fingerprint does not follow from a key below the master key', {
      hint: 'ask for xpub, or give the master key',
    });
  },
};

/** The extended public key at any path (BIP-32). It shows every address below it: who asks decides where it may go. */
export const xpub: Identifier = {
  checkPath: () => undefined,
  compute: (keys, path) => extendedAt(keys, path).xpub,
};

function extendedAt(keys: Keys, path: DerivationPath | null): ExtendedPublic {
  const { extended } = keys.secp256k1(path);
  if (extended === null) throw new TypeError('a kind offers what only a tree has');
  return extended;
}
