import { inputError } from '../values/index.ts';
import { BOX_OVERHEAD_BYTES, isBox } from './box.ts';
import { envelopeSize } from './cms-header.ts';
import { OAEP_MAX_BYTES, RSA_BLOCK_BYTES } from './oaep.ts';

/** How a secret is sealed (design.md, "Sealing formats"). */
export type Mode = 'direct' | 'passphrase' | 'envelope' | 'envelope+passphrase';

/** Sealed sizes in bytes: CoinCover says "10MB", which has two readings, so between the two people are warned. */
export const SEALED_BYTES_WARNING = 10_000_000;
/** Over this a sealed item is refused, unless the environment sets another limit. */
export const SEALED_BYTES_LIMIT = 10_485_760;
/** The highest limit that an environment may set: a document of 16 MiB holds it in base64. */
export const SEALED_BYTES_HIGHEST_LIMIT = 12_000_000;

/** The most bytes of a secret that fit one RSA block: 446, or 410 inside a box. */
const BLOCK_HOLDS = { direct: OAEP_MAX_BYTES, passphrase: OAEP_MAX_BYTES - BOX_OVERHEAD_BYTES } as const;

/** The mode recommended for a size: the smallest structure that holds it. */
export function chooseMode(sizeBytes: number, withPassphrase: boolean): Mode {
  if (withPassphrase) return sizeBytes <= BLOCK_HOLDS.passphrase ? 'passphrase' : 'envelope+passphrase';
  return sizeBytes <= BLOCK_HOLDS.direct ? 'direct' : 'envelope';
}

/** True when a passphrase box is part of the mode. */
export function hasPassphrase(mode: Mode): boolean {
  return mode === 'passphrase' || mode === 'envelope+passphrase';
}

/** True when what is sent is a CMS envelope and not one RSA block. */
export function isEnvelopeMode(mode: Mode): boolean {
  return mode === 'envelope' || mode === 'envelope+passphrase';
}

/** The size in bytes of what is sent, for a secret of `sizeBytes`. */
export function sealedSize(mode: Mode, sizeBytes: number): number {
  if (!isEnvelopeMode(mode)) return RSA_BLOCK_BYTES;
  return envelopeSize(hasPassphrase(mode) ? sizeBytes + BOX_OVERHEAD_BYTES : sizeBytes);
}

/**
 * Refuses a mode that cannot hold a secret of this size, or a sealed size over the limit.
 * @param limitBytes the environment's limit of the sealed size, 1 to 12,000,000.
 * @throws input `mode-too-small`, `sealed-too-large`, `limit-out-of-range`.
 */
export function checkModeHolds(mode: Mode, sizeBytes: number, limitBytes: number): void {
  if (!Number.isInteger(limitBytes) || limitBytes < 1 || limitBytes > SEALED_BYTES_HIGHEST_LIMIT) {
    throw inputError('limit-out-of-range', `the limit of the sealed size is not 1 to ${SEALED_BYTES_HIGHEST_LIMIT.toString()} bytes`, {
      hint: 'set it with `environment set --limit-bytes`',
    });
  }
  if ((mode === 'direct' || mode === 'passphrase') && sizeBytes > BLOCK_HOLDS[mode]) {
    throw inputError(
      'mode-too-small',
      `the mode ${mode} holds ${BLOCK_HOLDS[mode].toString()} bytes, and the secret has ${sizeBytes.toString()}`,
      {
        hint: `choose ${mode === 'direct' ? 'envelope' : 'envelope+passphrase'}, or auto`,
      },
    );
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
 * @param name what messages call it.
 * @throws input `secret-empty`, `secret-looks-sealed`.
 */
export function checkSecret(secret: Uint8Array, name = 'the secret'): void {
  if (secret.length === 0) throw inputError('secret-empty', `${name} has no bytes`, { hint: 'name the file that holds it' });
  if (isBox(secret)) {
    throw inputError('secret-looks-sealed', `${name} starts with CRB1, like something that a passphrase has sealed already`, {
      hint: 'seal the original secret; opening could not tell this one from a box',
    });
  }
}
