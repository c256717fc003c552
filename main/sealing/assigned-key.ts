import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { checkError, decodeHex, fingerprintOf, type ColdroomError, type Fingerprint, type HexPublicKey } from '../values/index.ts';
import { der, derInteger, TAG } from './der.ts';

/** A key that CoinCover assigned: RSA-4096 with exponent 65537, in one of the two forms in which it is delivered. */
export type AssignedKey = {
  /** As delivered, in whatever case; this is what goes back to CoinCover. */
  readonly hex: HexPublicKey;
  /** Which of the two DER forms was delivered: 550 bytes of SubjectPublicKeyInfo, or 526 of PKCS#1 RSAPublicKey. */
  readonly form: 'spki' | 'pkcs1';
  /** SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): 550 bytes of DER. For local use; what is sent is `hex`. */
  readonly spkiDer: Buffer;
  /** `spkiDer` as `BEGIN PUBLIC KEY`, lines of 64, ending in a line feed. */
  readonly spkiPem: string;
  /** SHA-256 of the decoded bytes as delivered: the two forms of one key have different fingerprints. */
  readonly fingerprint: Fingerprint;
  /** Exactly 4096 bits. Its strength is not judged here. */
  readonly modulus: bigint;
  readonly publicKey: KeyObject;
  /** SHA-1 of the BIT STRING's content, 20 bytes (RFC 5280 §4.2.1.2, method 1). */
  readonly subjectKeyId: Buffer;
};

const MODULUS_BYTES = 512;
const MODULUS_BITS = 8 * MODULUS_BYTES;
const MAX_HEX_LENGTH = 4096; // contract, "Endpoints": public_key is 32–4096 characters
const EXPONENT = 65537n;
const EXPONENT_DER = derInteger(EXPONENT);
/** AlgorithmIdentifier { rsaEncryption, NULL } (RFC 8017 §A.1). */
const RSA_ENCRYPTION = Buffer.from('300d06092a864886f70d0101010500', 'hex');
/** The SEQUENCE header of SubjectPublicKeyInfo before {@link RSA_ENCRYPTION}: tag, `82`, two bytes of length. */
const SPKI_HEADER_BYTES = 4;
const STOP = 'stop: CoinCover delivered no key that can be used; report it with the assignment’s id';

/**
 * Reads a `public_key` as the service delivers it: hex of DER, either SubjectPublicKeyInfo or PKCS#1 RSAPublicKey. Nothing
 * is parsed loosely: the modulus is taken from where the only acceptable encoding has it, that encoding is made again from
 * it, and the two must be the same bytes. Weak moduli are `attestation`'s to refuse.
 * @param hex of either case; at most 4096 characters.
 * @throws check `key-too-long`, `key-not-hex`, `key-odd-length`, `key-der`, `key-trailing-bytes`, `key-not-rsa`,
 *   `key-not-4096-bits`, `key-exponent`, `key-unusable`. Contract, "The assigned key".
 */
export function parseAssignedKey(hex: string): AssignedKey {
  const bytes = decodeKeyHex(hex);
  const form = formOf(bytes);
  const modulus = findModulus(bytes, form);
  const pkcs1 = encodePkcs1(modulus);
  const spkiDer = encodeSpki(pkcs1);
  const expected = form === 'spki' ? spkiDer : pkcs1;
  if (!bytes.equals(expected)) throw refusal(bytes, expected);
  const publicKey = loadSpki(spkiDer);
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

/** The subject key identifier of an RSA key, as {@link AssignedKey} has it: 20 bytes. @param publicKey RSA, of any size. */
export function subjectKeyId(publicKey: KeyObject): Buffer {
  return subjectKeyIdOf(publicKey.export({ format: 'der', type: 'pkcs1' }));
}

/** For RSA the BIT STRING of SubjectPublicKeyInfo holds exactly the PKCS#1 RSAPublicKey (RFC 3279 §2.3.1). */
function subjectKeyIdOf(pkcs1: Buffer): Buffer {
  return createHash('sha1').update(pkcs1).digest();
}

function decodeKeyHex(hex: string): Buffer {
  if (hex.length > MAX_HEX_LENGTH) {
    throw checkError('key-too-long', `the key has ${hex.length.toString()} characters, and a public key has at most 4096`, { hint: STOP });
  }
  if (!/^[0-9a-fA-F]*$/.test(hex)) throw checkError('key-not-hex', 'the key is not hexadecimal', { hint: STOP });
  const bytes = decodeHex(hex);
  if (bytes === null) throw checkError('key-odd-length', 'the key has half a byte at its end', { hint: STOP });
  return bytes;
}

/** Only SubjectPublicKeyInfo has the AlgorithmIdentifier there. A wrong guess costs nothing: the comparison decides. */
function formOf(bytes: Buffer): AssignedKey['form'] {
  return bytes.subarray(SPKI_HEADER_BYTES, SPKI_HEADER_BYTES + RSA_ENCRYPTION.length).equals(RSA_ENCRYPTION) ? 'spki' : 'pkcs1';
}

/** The 512 bytes where the one acceptable encoding has the modulus, as a number; fewer where the bytes end before. */
function findModulus(bytes: Buffer, form: AssignedKey['form']): bigint {
  const at = MODULUS_AT[form];
  const digits = bytes.subarray(at, at + MODULUS_BYTES).toString('hex');
  return digits === '' ? 0n : BigInt(`0x${digits}`);
}

function encodePkcs1(modulus: bigint): Buffer {
  return der(TAG.sequence, derInteger(modulus), EXPONENT_DER);
}

function encodeSpki(pkcs1: Buffer): Buffer {
  return der(TAG.sequence, RSA_ENCRYPTION, der(TAG.bitString, Buffer.from([0]), pkcs1));
}

/** Where the modulus begins in each form: all encodings of 4096-bit keys have the same layout, so any one shows it. */
const MODULUS_AT = (() => {
  const pkcs1 = encodePkcs1((1n << BigInt(MODULUS_BITS)) - 1n);
  const fromEnd = MODULUS_BYTES + EXPONENT_DER.length;
  return { pkcs1: pkcs1.length - fromEnd, spki: encodeSpki(pkcs1).length - fromEnd } as const;
})();

/** BoringSSL, which Electron brings, refuses some moduli (even ones) on loading; OpenSSL loads them. */
function loadSpki(spkiDer: Buffer): KeyObject {
  try {
    return createPublicKey({ key: spkiDer, format: 'der', type: 'spki' });
  } catch (cause) {
    throw checkError('key-unusable', 'the key has the right form, and this machine’s cryptography refuses it', { hint: STOP, cause });
  }
}

/** Names what is wrong, for people; that something is wrong was decided by the byte comparison. */
function refusal(bytes: Buffer, expected: Buffer): ColdroomError {
  if (bytes.length > expected.length && bytes.subarray(0, expected.length).equals(expected)) {
    return checkError('key-trailing-bytes', 'there are bytes after the end of the key', { hint: STOP });
  }
  const described = describeKey(bytes);
  if (described === null) {
    return checkError('key-der', 'the key is in neither of the two DER forms that CoinCover delivers', { hint: STOP });
  }
  if (described.type !== 'rsa') return checkError('key-not-rsa', `the key is of the type ${described.type}, not RSA`, { hint: STOP });
  if (described.bits !== MODULUS_BITS) {
    return checkError('key-not-4096-bits', `the key has ${described.bits.toString()} bits, not 4096`, { hint: STOP });
  }
  if (described.exponent !== EXPONENT) {
    return checkError('key-exponent', 'the key’s public exponent is not 65537', { hint: STOP });
  }
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
