import { inputError } from '../values/index.ts';
import { BOX_OVERHEAD_BYTES, startsLikeBox } from './box.ts';
import { envelopeSize } from './cms-header.ts';
import { OAEP_MAX_BYTES, RSA_BLOCK_BYTES } from './oaep.ts';

/** How a secret is sealed (design.md, "Sealing formats"). */
export type Mode = 'direct' | 'passphrase' | 'envelope' | 'envelope+passphrase';

/** Sealed sizes in bytes: CoinCover says "10MB", which has two readings, so between the two people are warned. */
export const SEALED_BYTES_WARNING = 10_000_000;
export const SEALED_BYTES_LIMIT = 10_485_760;

/** The mode recommended for a size: the smallest structure that holds it. */
export function chooseMode(sizeBytes: number, withPassphrase: boolean): Mode {
  if (withPassphrase) return sizeBytes <= OAEP_MAX_BYTES - BOX_OVERHEAD_BYTES ? 'passphrase' : 'envelope+passphrase';
  return sizeBytes <= OAEP_MAX_BYTES ? 'direct' : 'envelope';
}

/** The size in bytes of what is sent, for a secret of `sizeBytes`. */
export function sealedSize(mode: Mode, sizeBytes: number): number {
  switch (mode) {
    case 'direct':
    case 'passphrase':
      return RSA_BLOCK_BYTES;
    case 'envelope':
      return envelopeSize(sizeBytes);
    case 'envelope+passphrase':
      return envelopeSize(sizeBytes + BOX_OVERHEAD_BYTES);
  }
}

/**
 * Refuses a mode that cannot hold a secret of this size, or a sealed size over the environment's limit.
 * @throws input `mode-too-small`, `sealed-too-large`.
 */
export function checkModeHolds(mode: Mode, sizeBytes: number, limitBytes: number): void {
  const most = mode === 'direct' ? OAEP_MAX_BYTES : mode === 'passphrase' ? OAEP_MAX_BYTES - BOX_OVERHEAD_BYTES : null;
  if (most !== null && sizeBytes > most) {
    throw inputError('mode-too-small', `the mode ${mode} holds ${most.toString()} bytes, and the secret has ${sizeBytes.toString()}`, {
      hint: `choose ${mode === 'direct' ? 'envelope' : 'envelope+passphrase'}, or auto`,
    });
  }
  const sealedBytes = sealedSize(mode, sizeBytes);
  if (sealedBytes > limitBytes) {
    throw inputError(
      'sealed-too-large',
      `sealed it would have ${sealedBytes.toString()} bytes, and ${limitBytes.toString()} is the limit`,
      {
        hint: 'seal a smaller file, or ask CoinCover for its exact limit and set it with `environment set --limit-bytes`',
      },
    );
  }
}

/**
 * Refuses what no mode may seal.
 * @throws input `secret-empty`, `secret-looks-sealed`.
 */
export function checkSecret(secret: Uint8Array): void {
  if (secret.length === 0) throw inputError('secret-empty', 'the secret has no bytes', { hint: 'name the file that holds it' });
  if (startsLikeBox(secret)) {
    throw inputError('secret-looks-sealed', 'the secret starts with CRB1, like something that a passphrase has sealed already', {
      hint: 'seal the original secret; opening could not tell this one from a box',
    });
  }
}
