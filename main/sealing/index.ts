/**
 * sealing: from a secret to a ciphertext that only the assigned key's private half opens, and back. Imports only `values`.
 * No I/O: bytes and streams come in and go out. Every buffer that held a secret is wiped here, except those that are
 * returned, which the caller wipes, and the pieces of a stream, which its reader wipes. `node:crypto` does the work;
 * node-forge is the second opinion in the self-test. The formats are described in `box.ts` and `cms-header.ts`.
 */
export { parseAssignedKey, subjectKeyId, type AssignedKey } from './assigned-key.ts';
export { isBox, openBox, sealBox } from './box.ts';
export { envelopeSize } from './cms-header.ts';
export type { EnvelopeReader } from './cms-reader.ts';
export { openEnvelope, sealEnvelope } from './envelope.ts';
export { envelopeRecipient } from './envelope-recipient.ts';
export {
  checkModeHolds,
  checkSecret,
  chooseMode,
  hasPassphrase,
  SEALED_BYTES_HIGHEST_LIMIT,
  SEALED_BYTES_LIMIT,
  SEALED_BYTES_WARNING,
  sealedSize,
  type Mode,
} from './mode.ts';
export { openSealed, type Opened } from './open.ts';
export { checkOwnHalf, checkOwnRules, lengthInCharacters } from './own-passphrase.ts';
export { readPassphrase } from './passphrase.ts';
export { parsePrivateKey } from './private-key.ts';
export { sealSecret, type SealedSecret } from './seal.ts';
export type { SelfTestReport, SelfTestResult } from './self-checks.ts';
export { runSelfTest } from './self-test.ts';
export { bitsOfWords, generatePassphrase, isWordPassphrase, LEAST_WORDS, MOST_WORDS, placesNotInList } from './word-passphrase.ts';
