import { constants, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';
import { checkError, inputError } from '../values/index.ts';
import type { AssignedKey } from './assigned-key.ts';

/** RSA-4096 block. */
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
export function sealOaep(message: Uint8Array, key: Pick<AssignedKey, 'publicKey'>): Buffer {
  if (message.length > OAEP_MAX_BYTES) {
    throw inputError(
      'mode-too-small',
      `${message.length.toString()} bytes do not fit one RSA block, which holds ${OAEP_MAX_BYTES.toString()}`,
    );
  }
  return publicEncrypt({ key: key.publicKey, ...OAEP }, message);
}

/**
 * The reverse of {@link sealOaep}. Whatever is wrong gives the same error: telling a wrong length from a wrong padding
 * would be an oracle.
 * @returns 0 to 446 bytes; the caller wipes them.
 * @throws check `cannot-open`.
 */
export function openOaep(ciphertext: Uint8Array, privateKey: KeyObject): Buffer {
  try {
    if (ciphertext.length !== RSA_BLOCK_BYTES) throw new RangeError('not one block');
    return privateDecrypt({ key: privateKey, ...OAEP }, ciphertext);
  } catch (cause) {
    throw checkError('cannot-open', 'the ciphertext does not open with this private key', {
      hint: 'check that it is the private key of the key it was sealed for, and that the ciphertext is whole',
      cause,
    });
  }
}
