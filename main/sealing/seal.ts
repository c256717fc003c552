import { sha256, type Passphrase, type Sha256 } from '../values/index.ts';
import type { AssignedKey } from './assigned-key.ts';
import { sealBox } from './box.ts';
import { sealEnvelopeBytes } from './envelope.ts';
import { checkModeHolds, checkSecret, SEALED_BYTES_LIMIT, type Mode } from './mode.ts';
import { sealOaep } from './oaep.ts';

export type SealedSecret = {
  mode: Mode;
  /** Of the secret. */
  sizeBytes: number;
  ciphertext: Buffer;
  ciphertextSha256: Sha256;
  /** SHA-256 of the bytes that RSA-OAEP was given; null for envelopes (contract, `POST /v1/secure/data`). */
  checksum: Sha256 | null;
};

/**
 * Seals one secret in memory.
 * @param request `secret` and `passphrase` are the caller's to wipe; `limitBytes` is of the sealed size.
 * @throws input `secret-empty`, `secret-looks-sealed`, `mode-too-small`, `sealed-too-large`. A passphrase mode without a
 *   passphrase is the caller's bug.
 */
export async function sealSecret(request: {
  secret: Buffer;
  key: AssignedKey;
  mode: Mode;
  passphrase: Passphrase | null;
  limitBytes?: number;
}): Promise<SealedSecret> {
  const { secret, key, mode } = request;
  checkSecret(secret);
  checkModeHolds(mode, secret.length, request.limitBytes ?? SEALED_BYTES_LIMIT);
  const inner = mode === 'passphrase' || mode === 'envelope+passphrase' ? await sealBox(secret, required(request.passphrase)) : secret;
  try {
    const isEnvelope = mode === 'envelope' || mode === 'envelope+passphrase';
    const ciphertext = isEnvelope ? await sealEnvelopeBytes(inner, key) : sealOaep(inner, key);
    return {
      mode,
      sizeBytes: secret.length,
      ciphertext,
      ciphertextSha256: sha256(ciphertext),
      checksum: isEnvelope ? null : sha256(inner),
    };
  } finally {
    if (inner !== secret) inner.fill(0);
  }
}

function required(passphrase: Passphrase | null): Passphrase {
  if (passphrase === null) throw new TypeError('a passphrase mode needs a passphrase');
  return passphrase;
}
