/**
 * recovery: from what CoinCover releases back to the secret, without CoinCover and without a station. Imports `values`, `machine`,
 * `sealing` and `transfer`. Nothing is returned before its authentication held; the caller writes the result and wipes it.
 */
export { refuseArchive } from './archive.ts';
export { choosePair, isPrivateHalf, type CiphertextAtHand, type KeyAtHand } from './choose.ts';
export { readCiphertext } from './ciphertext.ts';
export { makeEphemeralOpenPgpKey } from './openpgp.ts';
export { makeRecoveryKey, readRecoveryKey, RECOVERY_KEY_TYPES, type RecoveryKey } from './openpgp-key.ts';
export { MAX_PACKAGE_BYTES, openPackage } from './package.ts';
export { recognise, RELEASED_KINDS, type Released, type ReleasedKind } from './recognise.ts';
export { recoverSecret, type ChecksumVerdict, type Expectation, type Recovered } from './recover.ts';
