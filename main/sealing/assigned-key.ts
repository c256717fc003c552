import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { checkError, decodeHex, fingerprintOf, type ColdroomError, type Fingerprint, type HexPublicKey } from '../values/index.ts';
import { der, derInteger, TAG } from './der.ts';

/** A key that CoinCover assigned: RSA-4096 with exponent 65537, in one of the two forms in which it is delivered. */
export type AssignedKey = {
  /** As delivered, in whatever case; this is what goes back to CoinCover. */
  readonly hex: HexPublicKey;
  readonly form: 'spki' | 'pkcs1';
  /** SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): 550 bytes of DER. */
  readonly spkiDer: Buffer;
  readonly spkiPem: string;
  /** SHA-256 of the decoded bytes as delivered. */
  readonly fingerprint: Fingerprint;
  readonly modulus: bigint;
  readonly publicKey: KeyObject;
  /** SHA-1 of the BIT STRING's content, 20 bytes (RFC 5280 §4.2.1.2, method 1). */
  readonly subjectKeyId: Buffer;
};

const MODULUS_BYTES = 512;
const MAX_HEX_LENGTH = 4096; // contract, "Endpoints": public_key is 32–4096 characters
const EXPONENT = 65537n;
/** AlgorithmIdentifier { rsaEncryption, NULL } (RFC 8017 §A.1). */
const RSA_ENCRYPTION = Buffer.from('300d06092a864886f70d0101010500', 'hex');

/**
 * Reads a `public_key` as the service delivers it: hex of DER, either SubjectPublicKeyInfo or PKCS#1 RSAPublicKey. Nothing
 * is parsed loosely: the modulus is taken from where the only acceptable encoding has it, that encoding is made again from
 * it, and the two must be the same bytes. Weak moduli are `attestation`'s to refuse.
 * @throws check `key-not-hex`, `key-odd-length`, `key-too-long`, `key-der`, `key-trailing-bytes`, `key-not-rsa`,
 *   `key-not-4096-bits`, `key-exponent`. Contract, "The assigned key".
 */
export function parseAssignedKey(hex: string): AssignedKey {
  const bytes = decodeKeyHex(hex);
  const form = bytes.length > 0 && bytes.subarray(4, 4 + RSA_ENCRYPTION.length).equals(RSA_ENCRYPTION) ? 'spki' : 'pkcs1';
  const modulus = findModulus(bytes, form);
  const pkcs1 = encodePkcs1(modulus);
  const spkiDer = encodeSpki(pkcs1);
  const expected = form === 'spki' ? spkiDer : pkcs1;
  if (!bytes.equals(expected)) throw refusal(bytes, expected);
  const publicKey = createPublicKey({ key: spkiDer, format: 'der', type: 'spki' });
  return {
    hex: hex as HexPublicKey,
    form,
    spkiDer,
    spkiPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    fingerprint: fingerprintOf(bytes),
    modulus,
    publicKey,
    subjectKeyId: subjectKeyIdOf(pkcs1),
  };
}

/** The subject key identifier of any RSA-4096 key of ours, from its SubjectPublicKeyInfo. */
export function subjectKeyId(key: KeyObject): Buffer {
  return subjectKeyIdOf(key.export({ format: 'der', type: 'pkcs1' }));
}

function subjectKeyIdOf(pkcs1: Buffer): Buffer {
  return createHash('sha1').update(pkcs1).digest();
}

function decodeKeyHex(hex: string): Buffer {
  if (hex.length > MAX_HEX_LENGTH) {
    throw checkError('key-too-long', `the key has ${hex.length.toString()} characters; a public key has at most 4096`, {
      hint: 'stop: this is no public key',
    });
  }
  if (!/^[0-9a-fA-F]*$/.test(hex)) throw checkError('key-not-hex', 'the key is not hexadecimal', { hint: STOP });
  const bytes = decodeHex(hex);
  if (bytes === null) throw checkError('key-odd-length', 'the key has half a byte at its end', { hint: STOP });
  return bytes;
}

/** The 512 bytes where the one acceptable encoding has the modulus: header, a zero byte, then the modulus. */
function findModulus(bytes: Buffer, form: 'spki' | 'pkcs1'): bigint {
  const template = form === 'spki' ? SPKI_TEMPLATE : PKCS1_TEMPLATE;
  const at = template.length - MODULUS_BYTES - EXPONENT_DER.length;
  const found = bytes.subarray(at, at + MODULUS_BYTES).toString('hex');
  return BigInt(`0x${found === '' ? '0' : found}`);
}

function encodePkcs1(modulus: bigint): Buffer {
  return der(TAG.sequence, derInteger(modulus), EXPONENT_DER);
}

function encodeSpki(pkcs1: Buffer): Buffer {
  return der(TAG.sequence, RSA_ENCRYPTION, der(TAG.bitString, Buffer.from([0]), pkcs1));
}

const EXPONENT_DER = derInteger(EXPONENT);
const PKCS1_TEMPLATE = encodePkcs1((1n << 4096n) - 1n);
const SPKI_TEMPLATE = encodeSpki(PKCS1_TEMPLATE);
const STOP = 'stop: CoinCover delivered no key that can be used; report it with the assignment’s id';

/** Names what is wrong, for people; that something is wrong was decided by the byte comparison. */
function refusal(bytes: Buffer, expected: Buffer): ColdroomError {
  if (bytes.length > expected.length && bytes.subarray(0, expected.length).equals(expected)) {
    return checkError('key-trailing-bytes', 'there are bytes after the end of the key', { hint: STOP });
  }
  const described = describeKey(bytes);
  if (described === null)
    return checkError('key-der', 'the key is in neither of the two DER forms that CoinCover delivers', { hint: STOP });
  if (described.type !== 'rsa') return checkError('key-not-rsa', `the key is of the type ${described.type}, not RSA`, { hint: STOP });
  if (described.bits !== 4096)
    return checkError('key-not-4096-bits', `the key has ${described.bits.toString()} bits, not 4096`, { hint: STOP });
  if (described.exponent !== EXPONENT)
    return checkError('key-exponent', `the key’s exponent is ${described.exponent.toString()}, not 65537`, { hint: STOP });
  return checkError('key-der', 'the key is not in minimal DER', { hint: STOP });
}

function describeKey(bytes: Buffer): { type: string; bits: number; exponent: bigint } | null {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const key = createPublicKey({ key: bytes, format: 'der', type });
      const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
      return { type: key.asymmetricKeyType ?? 'unknown', bits: modulusLength ?? 0, exponent: publicExponent ?? 0n };
    } catch {
      continue; // not this form; when it is neither, the answer is null
    }
  }
  return null;
}
