/**
 * sealing: from a secret to a ciphertext that only the assigned key's private half opens, and back. Imports only `values`.
 * No I/O: bytes and streams come in and go out. Every buffer that held a secret is wiped here, except those that are
 * returned, which the caller wipes. `node:crypto` does the work; node-forge is the second opinion in the self-test.
 */
export { parseAssignedKey, type AssignedKey } from './assigned-key.ts';
export { openBox, sealBox } from './box.ts';
export type { EnvelopeReader } from './cms-reader.ts';
export { checkSecret, chooseMode, SEALED_BYTES_WARNING, type Mode } from './mode.ts';
export { openSealed, type Opened } from './open.ts';
export { readPassphrase } from './passphrase.ts';
export { parsePrivateKey } from './private-key.ts';
export { sealSecret, type SealedSecret } from './seal.ts';
export { runSelfTest, type SelfTestReport, type SelfTestResult } from './self-test.ts';
