/**
 * keychain: API keys and station keys, in the operating system's keychain or in a passphrase-protected file. Imports
 * `values`, `files` and the passphrase box of `sealing`. The two kinds never stand in for each other; values are short-lived
 * buffers; what a keychain says of itself never reaches an error.
 */
export { runKeychainChild } from './child.ts';
export { openFileKeychain } from './file-keychain.ts';
export type { Keychain } from './keychain.ts';
export { createNodeSpawner } from './node-spawner.ts';
export { openOsKeychain } from './os-keychain.ts';
export type { KeychainSpawner } from './protocol.ts';
