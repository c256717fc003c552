import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import { checkError, type Passphrase } from '../values/index.ts';

/**
 * The passphrase box: `CRB1` (4 bytes) ‖ salt (16) ‖ AES-256-GCM ciphertext ‖ tag (16).
 * scrypt (RFC 7914) of the passphrase's NFC UTF-8 and the salt, N = 2^17, r = 8, p = 1, gives 44 bytes: 32 of key, 12 of
 * nonce. The four bytes `CRB1` are the additional authenticated data. A box is 36 bytes longer than its content.
 */
const MAGIC = Buffer.from('CRB1', 'latin1');
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const BOX_OVERHEAD_BYTES = MAGIC.length + SALT_BYTES + TAG_BYTES;
/** N·r·128 is exactly 128 MiB, and OpenSSL refuses a limit that is not above it. */
const SCRYPT: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

/** True when the bytes start like a box: every mode refuses such a secret, since opening could not tell the two apart. */
export function startsLikeBox(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.equals(bytes.subarray(0, MAGIC.length));
}

/**
 * Puts content into a box, under a fresh salt.
 * @param content any length, 0 included; the caller wipes it. @param passphrase the caller wipes it.
 */
export async function sealBox(content: Uint8Array, passphrase: Passphrase): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const derived = await derive(passphrase, salt);
  try {
    const cipher = createCipheriv('aes-256-gcm', derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES), { authTagLength: TAG_BYTES });
    cipher.setAAD(MAGIC);
    return Buffer.concat([MAGIC, salt, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  } finally {
    derived.fill(0);
  }
}

/**
 * Opens a box.
 * @returns the content; the caller wipes it. @throws check `box-cannot-open`: a wrong passphrase and a changed box look alike.
 */
export async function openBox(box: Uint8Array, passphrase: Passphrase): Promise<Buffer> {
  if (!startsLikeBox(box) || box.length < BOX_OVERHEAD_BYTES) throw cannotOpen();
  const bytes = Buffer.from(box.buffer, box.byteOffset, box.byteLength);
  const derived = await derive(passphrase, bytes.subarray(MAGIC.length, MAGIC.length + SALT_BYTES));
  const decipher = createDecipheriv('aes-256-gcm', derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(MAGIC);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const unverified = decipher.update(bytes.subarray(MAGIC.length + SALT_BYTES, -TAG_BYTES));
  try {
    decipher.final();
    return unverified;
  } catch (cause) {
    unverified.fill(0);
    throw cannotOpen(cause);
  } finally {
    derived.fill(0);
  }
}

function derive(passphrase: Passphrase, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, KEY_BYTES + NONCE_BYTES, SCRYPT, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
}

function cannotOpen(cause?: unknown): Error {
  return checkError('box-cannot-open', 'the passphrase does not open it, or it was changed', {
    hint: 'check the passphrase: capital letters, spaces, and which of several it is',
    ...(cause === undefined ? {} : { cause }),
  });
}
