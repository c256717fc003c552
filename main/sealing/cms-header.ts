import { der, derHeader, INDEFINITE, TAG } from './der.ts';

/*
 * The CMS profile (RFC 5652, 5083, 5084), for whoever writes a second implementation. All in DER with minimal lengths:
 *
 *   SEQUENCE ContentInfo
 *     OID id-ct-authEnvelopedData (1.2.840.113549.1.9.16.1.23)
 *     [0] EXPLICIT
 *       SEQUENCE AuthEnvelopedData
 *         INTEGER 0
 *         SET                                          one recipient, no more
 *           SEQUENCE KeyTransRecipientInfo
 *             INTEGER 2
 *             [0] IMPLICIT OCTET STRING                 subjectKeyIdentifier: SHA-1 of the key's BIT STRING content, 20 bytes
 *             SEQUENCE id-RSAES-OAEP { [0] { SEQUENCE { id-sha256 } },
 *                                      [1] { SEQUENCE { id-mgf1, SEQUENCE { id-sha256 } } } }
 *             OCTET STRING                              RSA-OAEP of the 32-byte content key, 512 bytes
 *         SEQUENCE EncryptedContentInfo
 *           OID id-data (1.2.840.113549.1.7.1)
 *           SEQUENCE id-aes256-GCM { SEQUENCE { OCTET STRING nonce of 12 bytes, INTEGER 16 } }
 *           [0] IMPLICIT OCTET STRING                   the ciphertext, primitive, as long as the content; may be empty
 *         OCTET STRING                                  mac: the GCM tag, 16 bytes
 *
 * No originatorInfo, no attributes, so the GCM additional authenticated data are empty (RFC 5083 §2.2). Parameters of
 * id-sha256 are absent (RFC 5754 §2); pSourceAlgorithm is its default, the empty label, and left out (RFC 4055 §4.1).
 * `openssl cms` of 3.0 and later writes and reads the same.
 */

/** How the recipient is named. We write `key-id`; `issuer`, from a certificate, is what openssl writes by default. */
export type Recipient =
  | { readonly by: 'key-id'; readonly subjectKeyId: Buffer }
  /** The contents of the IssuerAndSerialNumber SEQUENCE (RFC 5652 §10.2.4). */
  | { readonly by: 'issuer'; readonly issuerAndSerial: Buffer };

export type EnvelopeFields = {
  readonly recipient: Recipient;
  /** RSA-OAEP of the content key: 512 bytes. */
  readonly encryptedKey: Buffer;
  /** 12 bytes. */
  readonly nonce: Buffer;
  /** How many bytes of content follow, or null for openssl's `-stream` form, all of whose containers are indefinite. */
  readonly contentBytes: number | null;
};

export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;
export const CONTENT_KEY_BYTES = 32;
const SUBJECT_KEY_ID_BYTES = 20;
export const ENCRYPTED_KEY_BYTES = 512;
/** The most one GCM nonce may encrypt: 2^39 − 256 bits (SP 800-38D §5.2.1.1). */
export const MAX_CONTENT_BYTES = 2 ** 36 - 32;

const oid = (hex: string) => der(TAG.oid, Buffer.from(hex, 'hex'));

export const AUTH_ENVELOPED_DATA = oid('2a864886f70d0109100117');
export const DATA = oid('2a864886f70d010701');
const AES_256_GCM = oid('60864801650304012e'); // 2.16.840.1.101.3.4.1.46
const SHA_256 = der(TAG.sequence, oid('608648016503040201')); // 2.16.840.1.101.3.4.2.1
const MGF1_SHA_256 = der(TAG.sequence, oid('2a864886f70d010108'), SHA_256); // 1.2.840.113549.1.1.8
const OAEP_SHA_256 = der(
  TAG.sequence,
  oid('2a864886f70d010107'), // 1.2.840.113549.1.1.7
  der(TAG.sequence, der(TAG.context0Constructed, SHA_256), der(TAG.context1Constructed, MGF1_SHA_256)),
);

export const VERSION_0 = derInteger1(0);
const VERSION_2 = derInteger1(2);
const ICV_LENGTH = derInteger1(TAG_BYTES);
/** Where the nonce ends, counted from the end of the GCM AlgorithmIdentifier. */
export const BYTES_AFTER_NONCE = ICV_LENGTH.length;

/** Identifier and length octets of the `mac`, which the tag of 16 bytes follows. */
export const MAC_HEADER = derHeader(TAG.octetString, TAG_BYTES);
const TRAILER_BYTES = MAC_HEADER.length + TAG_BYTES;

/** Every byte before the encrypted content. The content follows, then {@link envelopeTrailer}. */
export function envelopeHeader(fields: EnvelopeFields): Buffer {
  const { contentBytes } = fields;
  const beforeContent = Buffer.concat([DATA, gcmAlgorithm(fields.nonce)]);
  const recipients = der(TAG.set, keyTransRecipient(fields));
  const streamed = contentBytes === null;
  const head = (tag: number, length: number) => (streamed ? Buffer.from([tag, INDEFINITE]) : derHeader(tag, length));

  const content = streamed ? head(TAG.context0Constructed, 0) : head(TAG.context0, contentBytes);
  const contentInfoBytes = beforeContent.length + content.length + (contentBytes ?? 0);
  const contentInfo = head(TAG.sequence, contentInfoBytes);
  const envelopedBytes = VERSION_0.length + recipients.length + contentInfo.length + contentInfoBytes + TRAILER_BYTES;
  const enveloped = head(TAG.sequence, envelopedBytes);
  const explicitBytes = enveloped.length + envelopedBytes;
  const explicit = head(TAG.context0Constructed, explicitBytes);
  const outer = head(TAG.sequence, AUTH_ENVELOPED_DATA.length + explicit.length + explicitBytes);
  return Buffer.concat([outer, AUTH_ENVELOPED_DATA, explicit, enveloped, VERSION_0, recipients, contentInfo, beforeContent, content]);
}

/** The 18 bytes after the encrypted content. @param tag 16 bytes. */
export function envelopeTrailer(tag: Buffer): Buffer {
  return Buffer.concat([MAC_HEADER, tag]);
}

/** The exact size in bytes of an envelope of ours over `contentBytes` bytes. */
export function envelopeSize(contentBytes: number): number {
  const blank = {
    recipient: { by: 'key-id', subjectKeyId: Buffer.alloc(SUBJECT_KEY_ID_BYTES) },
    encryptedKey: Buffer.alloc(ENCRYPTED_KEY_BYTES),
    nonce: Buffer.alloc(NONCE_BYTES),
  } as const;
  return envelopeHeader({ ...blank, contentBytes }).length + contentBytes + TRAILER_BYTES;
}

/** RFC 5652 §6.2.1: version 2 goes with subjectKeyIdentifier, version 0 with issuerAndSerialNumber. */
function keyTransRecipient({ recipient, encryptedKey }: EnvelopeFields): Buffer {
  const identifier =
    recipient.by === 'key-id'
      ? [VERSION_2, der(TAG.context0, recipient.subjectKeyId)]
      : [VERSION_0, der(TAG.sequence, recipient.issuerAndSerial)];
  return der(TAG.sequence, ...identifier, OAEP_SHA_256, der(TAG.octetString, encryptedKey));
}

function gcmAlgorithm(nonce: Buffer): Buffer {
  return der(TAG.sequence, AES_256_GCM, der(TAG.sequence, der(TAG.octetString, nonce), ICV_LENGTH));
}

function derInteger1(value: number): Buffer {
  return der(TAG.integer, Buffer.from([value]));
}
