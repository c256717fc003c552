import { der, derHeader, TAG } from './der.ts';

/**
 * The CMS profile (RFC 5652, 5083, 5084): ContentInfo { id-ct-authEnvelopedData, AuthEnvelopedData { version 0, one
 * KeyTransRecipientInfo v2 by subjectKeyIdentifier with RSAES-OAEP (SHA-256, MGF1-SHA-256), EncryptedContentInfo { id-data,
 * AES-256-GCM with a 12-byte nonce and ICVlen 16, [0] IMPLICIT content as one primitive value }, mac of 16 bytes } }. No
 * attributes, minimal DER, parameters of id-sha256 absent (RFC 5754 §2), as `openssl cms` writes them.
 */
export type EnvelopeFields = {
  /** SHA-1 of the recipient key's BIT STRING content: 20 bytes. */
  readonly subjectKeyId: Uint8Array;
  /** RSA-OAEP of the content key: 512 bytes. */
  readonly encryptedKey: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  readonly contentBytes: number;
};

export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;
export const CONTENT_KEY_BYTES = 32;
export const SUBJECT_KEY_ID_BYTES = 20;
export const ENCRYPTED_KEY_BYTES = 512;

const oid = (hex: string) => der(TAG.oid, Buffer.from(hex, 'hex'));

export const AUTH_ENVELOPED_DATA = oid('2a864886f70d0109100117'); // 1.2.840.113549.1.9.16.1.23 (RFC 5083 §2.1)
export const DATA = oid('2a864886f70d010701'); // 1.2.840.113549.1.7.1 (RFC 5652 §4)
const AES_256_GCM = oid('60864801650304012e'); // 2.16.840.1.101.3.4.1.46 (RFC 5084 §3.2)
const SHA_256 = der(TAG.sequence, oid('608648016503040201')); // 2.16.840.1.101.3.4.2.1
const MGF1_SHA_256 = der(TAG.sequence, oid('2a864886f70d010108'), SHA_256); // 1.2.840.113549.1.1.8
/** id-RSAES-OAEP with its parameters; no label, so pSourceAlgorithm is its default and left out (RFC 4055 §4.1). */
export const OAEP_SHA_256 = der(
  TAG.sequence,
  oid('2a864886f70d010107'),
  der(TAG.sequence, der(TAG.context0Constructed, SHA_256), der(TAG.context1Constructed, MGF1_SHA_256)),
);

export const VERSION_0 = Buffer.from([TAG.integer, 1, 0]);
export const VERSION_2 = Buffer.from([TAG.integer, 1, 2]);

/** AlgorithmIdentifier of AES-256-GCM with GCMParameters { nonce, ICVlen 16 } (RFC 5084 §3.2). */
export function gcmAlgorithm(nonce: Uint8Array): Buffer {
  return der(TAG.sequence, AES_256_GCM, der(TAG.sequence, der(TAG.octetString, nonce), Buffer.from([TAG.integer, 1, TAG_BYTES])));
}

/** Every byte before the encrypted content. The content follows, then {@link envelopeTrailer}. */
export function envelopeHeader(fields: EnvelopeFields): Buffer {
  const recipients = der(
    TAG.set,
    der(TAG.sequence, VERSION_2, der(TAG.context0, fields.subjectKeyId), OAEP_SHA_256, der(TAG.octetString, fields.encryptedKey)),
  );
  const algorithm = Buffer.concat([DATA, gcmAlgorithm(fields.nonce)]);
  const content = derHeader(TAG.context0, fields.contentBytes);
  const contentInfoBytes = algorithm.length + content.length + fields.contentBytes;
  const encryptedContentInfo = derHeader(TAG.sequence, contentInfoBytes);
  const envelopedBytes = VERSION_0.length + recipients.length + encryptedContentInfo.length + contentInfoBytes + TRAILER_BYTES;
  const enveloped = derHeader(TAG.sequence, envelopedBytes);
  const explicit = derHeader(TAG.context0Constructed, enveloped.length + envelopedBytes);
  const outer = derHeader(TAG.sequence, AUTH_ENVELOPED_DATA.length + explicit.length + enveloped.length + envelopedBytes);
  return Buffer.concat([outer, AUTH_ENVELOPED_DATA, explicit, enveloped, VERSION_0, recipients, encryptedContentInfo, algorithm, content]);
}

const TRAILER_BYTES = 2 + TAG_BYTES;

/** The bytes after the encrypted content: the GCM tag as `mac`. */
export function envelopeTrailer(tag: Uint8Array): Buffer {
  return der(TAG.octetString, tag);
}

const EMPTY_FIELDS = {
  subjectKeyId: Buffer.alloc(SUBJECT_KEY_ID_BYTES),
  encryptedKey: Buffer.alloc(ENCRYPTED_KEY_BYTES),
  nonce: Buffer.alloc(NONCE_BYTES),
};

/** The exact size of an envelope over `contentBytes` bytes. */
export function envelopeSize(contentBytes: number): number {
  return envelopeHeader({ ...EMPTY_FIELDS, contentBytes }).length + contentBytes + TRAILER_BYTES;
}
