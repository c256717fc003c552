/**
 * keychain: API keys and station keys, in the operating system's keychain or in a passphrase-protected file. Imports
 * `values`, `files` and the passphrase box of `sealing`. One kind never stands in for the other: which one is the caller's
 * choice, made once. An entry reads as its old value or its new one, whenever a write was cut off. The OS keychain is asked
 * by a child process alone, secrets reach it through its pipe alone, and what a keychain says of itself reaches no error.
 */
export { keychainChildEnvironment } from './child-environment.ts';
export { openFileKeychain } from './file-keychain.ts';
export type { Keychain } from './keychain.ts';
export { runKeychainChild } from './keychain-child.ts';
export { createNodeSpawner, createProcessSpawner } from './node-spawner.ts';
export { openOsKeychain } from './os-keychain.ts';
export type { KeychainChild, KeychainPort, KeychainSpawner } from './protocol.ts';
