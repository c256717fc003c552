import type { HDKey } from '@scure/bip32';
import { inputError } from '../values/index.ts';
import { identifyPublicKey } from './addresses.ts';
import type { AskedIdentifier } from './kinds.ts';
import { checkPath } from './path.ts';

/**
 * A public identifier below a BIP-32 key. @param path starts at this very key, whatever its own depth.
 * @throws input `path-invalid`, `identifier-not-of-kind`.
 */
export function identifyBelow(root: HDKey, type: AskedIdentifier['type'], path: string): string {
  checkPath(path);
  const key = path === 'm' ? root : descend(root, path);
  if (type === 'master-fingerprint') {
    if (path !== 'm') throw inputError('path-invalid', 'the master fingerprint is that of m alone');
    return (key.fingerprint >>> 0).toString(16).padStart(8, '0');
  }
  if (type === 'xpub') return key.publicExtendedKey;
  if (key.publicKey === null) throw new TypeError('a derived key without its public half');
  return identifyPublicKey(type, key.publicKey);
}

/** Step by step: the library's own `derive` wants to start at depth 0, and an account key has a depth of its own. */
function descend(root: HDKey, path: string): HDKey {
  let key = root;
  for (const step of path.split('/').slice(1)) {
    const index = Number.parseInt(step, 10) + (step.endsWith("'") ? 2 ** 31 : 0);
    const next = key.deriveChild(index);
    if (key !== root) key.wipePrivateData();
    key = next;
  }
  return key;
}
