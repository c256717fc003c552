import { EnvelopeParser } from './cms-reader.ts';

/**
 * For whom an envelope was sealed, without opening it.
 * @returns the subject key identifier of 20 bytes, or null where the envelope names its recipient by a certificate, as openssl does.
 * @throws check `envelope-malformed`.
 */
export async function envelopeRecipient(envelope: Buffer): Promise<Buffer | null> {
  const parser = new EnvelopeParser(
    (async function* () {
      yield await Promise.resolve(envelope);
    })(),
    'lenient',
  );
  try {
    const { recipient } = await parser.start();
    return recipient.by === 'key-id' ? recipient.subjectKeyId : null;
  } finally {
    await parser.close();
  }
}
