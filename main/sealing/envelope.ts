import { createCipheriv, createDecipheriv, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { checkError, inputError } from '../values/index.ts';
import { subjectKeyId, type AssignedKey } from './assigned-key.ts';
import { CONTENT_KEY_BYTES, envelopeHeader, envelopeTrailer, NONCE_BYTES, TAG_BYTES } from './cms-header.ts';
import { EnvelopeParser, type EnvelopeReader } from './cms-reader.ts';
import { openOaep, sealOaep } from './oaep.ts';

/**
 * Seals a stream as a CMS envelope (`cms-header.ts` has the profile) in constant memory: lengths are definite, so the size
 * has to be known beforehand.
 * @param source `sizeBytes` bytes in all; chunks are encrypted as they come and are the caller's to wipe.
 * @throws input `source-size` when the source has more or fewer bytes than said: what was yielded until then is no envelope.
 */
export async function* sealEnvelope(source: AsyncIterable<Uint8Array>, sizeBytes: number, key: AssignedKey): AsyncGenerator<Buffer> {
  const contentKey = randomBytes(CONTENT_KEY_BYTES);
  try {
    const nonce = randomBytes(NONCE_BYTES);
    yield envelopeHeader({ subjectKeyId: key.subjectKeyId, encryptedKey: sealOaep(contentKey, key), nonce, contentBytes: sizeBytes });
    const cipher = createCipheriv('aes-256-gcm', contentKey, nonce, { authTagLength: TAG_BYTES });
    let seen = 0;
    for await (const chunk of source) {
      seen += chunk.length;
      if (seen > sizeBytes) throw otherSize();
      yield cipher.update(chunk);
    }
    if (seen !== sizeBytes) throw otherSize();
    cipher.final();
    yield envelopeTrailer(cipher.getAuthTag());
  } finally {
    contentKey.fill(0);
  }
}

/**
 * Opens an envelope in constant memory. SECURITY: what it yields is unverified until it ends without throwing. The caller
 * keeps it out of everybody's sight until then, and destroys it when this throws.
 * @throws check `envelope-malformed`, `envelope-other-key`, `cannot-open` (the tag or the content key does not hold).
 */
export async function* openEnvelope(
  source: AsyncIterable<Uint8Array>,
  privateKey: KeyObject,
  reader: EnvelopeReader,
): AsyncGenerator<Buffer> {
  const parser = new EnvelopeParser(source, reader);
  const start = await parser.start();
  if (start.subjectKeyId !== null && !start.subjectKeyId.equals(subjectKeyId(createPublicKey(privateKey)))) {
    throw checkError('envelope-other-key', 'the envelope was sealed for another key', {
      hint: 'ask for the release of the key it was sealed for',
    });
  }
  const contentKey = openOaep(start.encryptedKey, privateKey);
  try {
    if (contentKey.length !== CONTENT_KEY_BYTES) throw cannotOpen();
    const decipher = createDecipheriv('aes-256-gcm', contentKey, start.nonce, { authTagLength: TAG_BYTES });
    for await (const chunk of parser.content()) yield decipher.update(chunk);
    decipher.setAuthTag(await parser.finish());
    try {
      decipher.final();
    } catch (cause) {
      throw cannotOpen(cause);
    }
  } finally {
    contentKey.fill(0);
  }
}

/** As {@link sealEnvelope}, for content in memory. The caller wipes `content`. */
export async function sealEnvelopeBytes(content: Uint8Array, key: AssignedKey): Promise<Buffer> {
  return Buffer.concat(await collect(sealEnvelope(one(content), content.length, key)));
}

/** As {@link openEnvelope}, for an envelope in memory: nothing is returned before the tag held. The caller wipes the result. */
export async function openEnvelopeBytes(envelope: Uint8Array, privateKey: KeyObject, reader: EnvelopeReader): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of openEnvelope(one(envelope), privateKey, reader)) pieces.push(piece);
    return Buffer.concat(pieces);
  } finally {
    for (const piece of pieces) piece.fill(0);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async source of one chunk has nothing to wait for
async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of source) pieces.push(piece);
  return pieces;
}

function otherSize(): Error {
  return inputError('source-size', 'the file has another size than when it was looked at', {
    hint: 'see that nothing writes to it, then try again',
  });
}

function cannotOpen(cause?: unknown): Error {
  return checkError('cannot-open', 'the ciphertext does not open with this private key, or it was changed', {
    hint: 'check that it is the private key of the key it was sealed for, and that the ciphertext is whole',
    ...(cause === undefined ? {} : { cause }),
  });
}
