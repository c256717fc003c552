/**
 * recovery: from what CoinCover releases back to the secret, without CoinCover and without a station. Imports `values` and
 * `sealing`. Nothing is returned before its authentication held; the caller writes the result and wipes it.
 */
export { readCiphertext } from './ciphertext.ts';
export { makeEphemeralOpenPgpKey, openOpenPgpMessage } from './openpgp.ts';
export { recoverSecret, type ChecksumVerdict, type Expectation, type Recovered } from './recover.ts';
