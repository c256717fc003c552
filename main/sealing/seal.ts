import { inputError, sha256, type Passphrase, type Sha256 } from '../values/index.ts';
import type { AssignedKey } from './assigned-key.ts';
import { sealBox } from './box.ts';
import { sealEnvelopeBytes } from './envelope.ts';
import { checkModeHolds, checkSecret, hasPassphrase, isEnvelopeMode, SEALED_BYTES_LIMIT, type Mode } from './mode.ts';
import { sealOaep } from './oaep.ts';

export type SealedSecret = {
  readonly mode: Mode;
  /** Of the secret, before any box. */
  readonly sizeBytes: number;
  /** 512 bytes of RSA-OAEP, or a CMS envelope in DER. */
  readonly ciphertext: Buffer;
  readonly ciphertextSha256: Sha256;
  /**
   * SHA-256 of the bytes that RSA-OAEP was given; null for envelopes (contract, `POST /v1/secure/data`). For `direct` it is
   * the secret's own digest: a guessing aid against a weak secret.
   */
  readonly checksum: Sha256 | null;
};

/**
 * Seals one secret in memory.
 * @param request `secret` and `passphrase` are the caller's to wipe; `limitBytes` is of the sealed size, 10,485,760 where
 *   nothing is said.
 * @throws input `secret-empty`, `secret-looks-sealed`, `mode-too-small`, `sealed-too-large`, `limit-out-of-range`;
 *   `passphrase-needed` and `passphrase-not-needed` where mode and passphrase contradict each other: a passphrase that
 *   silently protected nothing would be found out at recovery.
 */
export async function sealSecret(request: {
  readonly secret: Buffer;
  readonly key: AssignedKey;
  readonly mode: Mode;
  readonly passphrase: Passphrase | null;
  readonly limitBytes?: number;
}): Promise<SealedSecret> {
  const { secret, key, mode } = request;
  checkSecret(secret);
  checkModeHolds(mode, secret.length, request.limitBytes ?? SEALED_BYTES_LIMIT);
  const passphrase = passphraseFor(mode, request.passphrase);
  const inner = passphrase === null ? secret : await sealBox(secret, passphrase);
  try {
    const ciphertext = isEnvelopeMode(mode) ? await sealEnvelopeBytes(inner, key) : sealOaep(inner, key);
    return {
      mode,
      sizeBytes: secret.length,
      ciphertext,
      ciphertextSha256: sha256(ciphertext),
      checksum: isEnvelopeMode(mode) ? null : sha256(inner),
    };
  } finally {
    if (inner !== secret) inner.fill(0);
  }
}

function passphraseFor(mode: Mode, passphrase: Passphrase | null): Passphrase | null {
  if (hasPassphrase(mode) && passphrase === null) {
    throw inputError('passphrase-needed', `the mode ${mode} needs a passphrase`, { hint: 'give one, or choose a mode without' });
  }
  if (!hasPassphrase(mode) && passphrase !== null) {
    throw inputError('passphrase-not-needed', `a passphrase was given, and the mode ${mode} would not use it`, {
      hint: 'choose passphrase, envelope+passphrase or auto, or leave the passphrase out',
    });
  }
  return passphrase;
}
