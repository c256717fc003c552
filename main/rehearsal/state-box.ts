import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/*
 * The box around a kept rehearsal, for whoever has to look into one:
 *
 *   offset  size  what
 *        0     4  `CRS1` in ASCII (43 52 53 31), the additional authenticated data
 *        4    12  nonce, random for every box
 *       16     n  AES-256-GCM ciphertext, as long as the state
 *   16 + n    16  the GCM tag, whole
 *
 * One key seals every box of one rehearsal. Random nonces allow 2^32 of them (NIST SP 800-38D §8.3); a rehearsal makes dozens.
 */
const MAGIC = Buffer.from('CRS1', 'latin1');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CONTENT_AT = MAGIC.length + NONCE_BYTES;

/** The AES-256 key that the caller has from the keychain. */
export const STATE_KEY_BYTES = 32;

/** How much longer a box is than its state: 32 bytes. */
export const STATE_BOX_OVERHEAD_BYTES = CONTENT_AT + TAG_BYTES;

/** Puts a state into a box. @param state, @param key 32 bytes; the caller wipes both. */
export function sealState(state: Uint8Array, key: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(MAGIC);
  return Buffer.concat([MAGIC, nonce, cipher.update(state), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens a box. Another key, a changed box, one cut short and bytes that are no box look alike. @param key 32 bytes.
 * @returns the state, verified, which the caller wipes; or null.
 */
export function openState(box: Uint8Array, key: Uint8Array): Buffer | null {
  if (box.length < STATE_BOX_OVERHEAD_BYTES || !MAGIC.equals(box.subarray(0, MAGIC.length))) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(MAGIC.length, CONTENT_AT), { authTagLength: TAG_BYTES });
  decipher.setAAD(MAGIC);
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  const unverified = decipher.update(box.subarray(CONTENT_AT, -TAG_BYTES));
  try {
    decipher.final();
    return unverified;
  } catch {
    unverified.fill(0);
    return null; // OpenSSL's one failure here: the tag is not that of these bytes under this key
  }
}
