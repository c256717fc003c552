import type { KeyObject } from 'node:crypto';
import { openSealed, type Mode } from '../sealing/index.ts';
import { sha256, type Passphrase } from '../values/index.ts';

/** `unknown`: there is nothing to compare with. */
export type ChecksumVerdict = 'matches' | 'differs' | 'unknown';

/** What is known beforehand of a ciphertext, from a sealed item or a ledger. */
export type Expectation = {
  mode: Mode;
  /** SHA-256 of the bytes given to RSA-OAEP; null for envelopes. */
  checksum: string | null;
  ciphertextSha256: string;
};

export type Recovered = {
  /** The secret. The caller wipes it. */
  content: Buffer;
  mode: Mode;
  checksum: ChecksumVerdict;
};

/**
 * Opens a ciphertext and compares it with what is known of it: the OAEP input's digest for `direct` and `passphrase`, the
 * ciphertext's own for envelopes (design.md, "Command line", `recover`).
 * @throws the opening's errors: check `cannot-open`, `box-cannot-open`, `envelope-malformed`, `envelope-other-key`, `mode-differs`;
 *   input `passphrase-needed`, `passphrase-not-needed`, `ciphertext-not-recognised`.
 */
export async function recoverSecret(
  ciphertext: Buffer,
  privateKey: KeyObject,
  passphrase: Passphrase | null,
  expected: Expectation | null,
): Promise<Recovered> {
  const opened = await openSealed({ ciphertext, mode: expected?.mode ?? 'detect', privateKey, passphrase, reader: 'lenient' });
  return { content: opened.content, mode: opened.mode, checksum: verdict(ciphertext, opened.oaepInputSha256, expected) };
}

function verdict(ciphertext: Buffer, oaepInputSha256: string | null, expected: Expectation | null): ChecksumVerdict {
  if (expected === null) return 'unknown';
  if (expected.checksum !== null) return oaepInputSha256 === expected.checksum ? 'matches' : 'differs';
  return sha256(ciphertext) === expected.ciphertextSha256 ? 'matches' : 'differs';
}
