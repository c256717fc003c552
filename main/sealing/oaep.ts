import { constants, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';
import { checkError, inputError, type ColdroomError } from '../values/index.ts';
import type { AssignedKey } from './assigned-key.ts';

/** One RSA-4096 block. */
export const RSA_BLOCK_BYTES = 512;
/** 512 − 2·32 − 2 (RFC 8017 §7.1.1 with SHA-256). */
export const OAEP_MAX_BYTES = 446;

/** SHA-256 for the hash and, since Node takes one name for both, for MGF1 too. No label. The self-test holds Node to this. */
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const;

/**
 * RSAES-OAEP encryption (RFC 8017 §7.1) with SHA-256 and MGF1-SHA-256, no label.
 * @param message 0 to 446 bytes; the caller wipes it.
 * @returns 512 bytes.
 * @throws input `mode-too-small` over 446 bytes.
 */
export function sealOaep(message: Uint8Array, key: AssignedKey): Buffer {
  if (message.length > OAEP_MAX_BYTES) {
    throw inputError(
      'mode-too-small',
      `${message.length.toString()} bytes do not fit one RSA block, which holds ${OAEP_MAX_BYTES.toString()}`,
      { hint: 'choose envelope, or auto' },
    );
  }
  return publicEncrypt({ key: key.publicKey, ...OAEP }, message);
}

/**
 * The reverse of {@link sealOaep}. Whatever is wrong, a length, the key or the padding, gives one and the same error without
 * a cause: telling them apart would be an oracle (Manger's attack).
 * @param privateKey RSA-4096.
 * @returns 0 to 446 bytes; the caller wipes them.
 * @throws check `cannot-open`.
 */
export function openOaep(ciphertext: Uint8Array, privateKey: KeyObject): Buffer {
  if (ciphertext.length !== RSA_BLOCK_BYTES) throw cannotOpen();
  try {
    return privateDecrypt({ key: privateKey, ...OAEP }, ciphertext);
  } catch {
    throw cannotOpen();
  }
}

/** The one refusal of every opening with a private key, also where an envelope's tag does not hold. */
export function cannotOpen(): ColdroomError {
  return checkError('cannot-open', 'the ciphertext does not open with this private key, or it was changed', {
    hint: 'check that it is the private key of the key it was sealed for, and that the ciphertext is whole',
  });
}
