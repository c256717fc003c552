import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import { checkError, type ColdroomError, type Passphrase } from '../values/index.ts';

/*
 * The passphrase box, for whoever writes a second implementation:
 *
 *   offset  size  what
 *        0     4  `CRB1` in ASCII (43 52 42 31)
 *        4    16  salt, random for every box
 *       20     n  AES-256-GCM ciphertext, as long as the content; n may be 0
 *   20 + n    16  the GCM tag, whole
 *
 * scrypt (RFC 7914) with the passphrase in UTF-8 after NFC, the salt, N = 2^17, r = 8, p = 1 gives 44 bytes: first 32 of AES
 * key, then 12 of GCM nonce. Key and nonce come from the salt alone, so a salt is never used twice. The additional
 * authenticated data are the four bytes `CRB1`; the salt needs none, since changing it changes the key.
 */
const MAGIC = Buffer.from('CRB1', 'latin1');
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CONTENT_AT = MAGIC.length + SALT_BYTES;

/** How much longer a box is than its content: 36 bytes. */
export const BOX_OVERHEAD_BYTES = CONTENT_AT + TAG_BYTES;

/** N·r·128 is exactly 128 MiB, and OpenSSL refuses a `maxmem` that is not above what it needs. */
const SCRYPT: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

/**
 * True when the bytes start with `CRB1`. That alone tells a box from other content, whatever its length: every mode refuses
 * to seal a secret that starts so, since opening could not tell the two apart.
 */
export function isBox(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.equals(bytes.subarray(0, MAGIC.length));
}

/**
 * Puts content into a box, under a fresh salt. Takes 128 MiB and about half a second, off the main thread.
 * @param content of any length, 0 included; the caller wipes it.
 * @param passphrase the caller wipes it.
 * @returns 36 bytes more than the content.
 */
export async function sealBox(content: Uint8Array, passphrase: Passphrase): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const derived = await deriveBoxKey(passphrase, salt);
  try {
    const cipher = createCipheriv('aes-256-gcm', derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES), { authTagLength: TAG_BYTES });
    cipher.setAAD(MAGIC);
    return Buffer.concat([MAGIC, salt, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  } finally {
    derived.fill(0);
  }
}

/**
 * Opens a box. A wrong passphrase and a changed box look alike, and so do a box cut short and bytes that are no box.
 * @param passphrase the caller wipes it.
 * @returns the content, verified; the caller wipes it.
 * @throws check `box-cannot-open`.
 */
export async function openBox(box: Uint8Array, passphrase: Passphrase): Promise<Buffer> {
  if (!isBox(box) || box.length < BOX_OVERHEAD_BYTES) throw cannotOpen();
  const derived = await deriveBoxKey(passphrase, box.subarray(MAGIC.length, CONTENT_AT));
  try {
    const decipher = createDecipheriv('aes-256-gcm', derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(MAGIC);
    decipher.setAuthTag(box.subarray(-TAG_BYTES));
    const unverified = decipher.update(box.subarray(CONTENT_AT, -TAG_BYTES));
    try {
      decipher.final();
    } catch {
      unverified.fill(0);
      throw cannotOpen();
    }
    return unverified;
  } finally {
    derived.fill(0);
  }
}

/** scrypt as the box uses it: 44 bytes, 32 of key and 12 of nonce; the caller wipes them. Exported for the self-test. */
export function deriveBoxKey(passphrase: Passphrase, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, KEY_BYTES + NONCE_BYTES, SCRYPT, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
}

function cannotOpen(): ColdroomError {
  return checkError('box-cannot-open', 'the passphrase does not open it, or it was changed', {
    hint: 'check the passphrase: capital letters, spaces, and which of several it is',
  });
}
