import { openFileKeychain, openOsKeychain, type Keychain } from '../../keychain/index.ts';
import { takeLockWaiting, type KeychainKind } from '../../ledger/index.ts';
import { inputError, type Passphrase } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { readPassphraseFile } from '../sealing/passphrase.ts';
import { homePaths } from './home.ts';

/**
 * Opens the keychain of the kind that was fixed when the station was made; it never falls back to the other.
 * @throws the keychain's own errors; input `keychain-passphrase-missing`.
 */
export function openKeychain(context: OperationContext, kind: KeychainKind): Promise<Keychain> {
  if (context.keychains === undefined) return openNow(context, kind);
  const { signal, ...others } = context;
  return context.keychains.open(() => openNow(others, kind), signal);
}

async function openNow(context: OperationContext, kind: KeychainKind): Promise<Keychain> {
  if (kind === 'os') {
    return openOsKeychain({
      spawn: context.spawnKeychainChild,
      onWaiting: context.onNote,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
  }
  return openFileKeychain({
    path: homePaths(context.home).keychain,
    passphrase: context.keychains?.copyPassphrase() ?? (await readKeychainPassphrase(context)),
    exclusively: (work) => withLock(homePaths(context.home).lock('keychain'), work),
  });
}

async function readKeychainPassphrase(context: OperationContext): Promise<Passphrase> {
  if (context.keychainPassphraseFile === null) {
    throw inputError('keychain-passphrase-missing', 'this station’s keychain is a file, and its passphrase was not given', {
      hint: 'add --keychain-passphrase-file FILE',
    });
  }
  return readPassphraseFile(context.keychainPassphraseFile, 'the keychain passphrase file');
}

const KEYCHAIN_WAIT_MS = 20_000;

async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  // Not to be cancelled: what is being written down has happened already.
  const release = await takeLockWaiting(path, KEYCHAIN_WAIT_MS);
  if (release === null)
    throw inputError('keychain-busy', 'another process is changing the keychain file', { hint: 'wait for it to end, then try again' });
  try {
    return await work();
  } finally {
    release();
  }
}
