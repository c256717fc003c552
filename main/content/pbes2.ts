import { createDecipheriv } from 'node:crypto';
import { DER, integerOf, oid, readDer, readSequence, type DerValue } from './der-reader.ts';
import { isScryptCost, keyOfPassword, wrongPassword, type PasswordKey } from './password-key.ts';

/** How a PKCS#8 key is encrypted under a password: PBES2 (RFC 8018 §6.2), which OpenSSL has written since 1.1. */
export type Pbes2 = { readonly key: PasswordKey; readonly cipher: Cipher; readonly iv: Buffer };
type Cipher = { readonly name: string; readonly keyBytes: number; readonly blockBytes: number };

const hex = (dotted: string): string => oid(dotted).toString('hex');
const PBES2 = hex('1.2.840.113549.1.5.13');
const PBKDF2 = hex('1.2.840.113549.1.5.12');
const SCRYPT = hex('1.3.6.1.4.1.11591.4.11');
const HASHES = new Map([
  [hex('1.2.840.113549.2.7'), 'sha1'],
  [hex('1.2.840.113549.2.8'), 'sha224'],
  [hex('1.2.840.113549.2.9'), 'sha256'],
  [hex('1.2.840.113549.2.10'), 'sha384'],
  [hex('1.2.840.113549.2.11'), 'sha512'],
]);
const CIPHERS = new Map<string, Cipher>([
  [hex('2.16.840.1.101.3.4.1.2'), { name: 'aes-128-cbc', keyBytes: 16, blockBytes: 16 }],
  [hex('2.16.840.1.101.3.4.1.22'), { name: 'aes-192-cbc', keyBytes: 24, blockBytes: 16 }],
  [hex('2.16.840.1.101.3.4.1.42'), { name: 'aes-256-cbc', keyBytes: 32, blockBytes: 16 }],
  [hex('1.2.840.113549.3.7'), { name: 'des-ede3-cbc', keyBytes: 24, blockBytes: 8 }],
]);

/** Reads what stands in an AlgorithmIdentifier; null where it is another scheme, or not well made. */
export function readPbes2(algorithm: Buffer): Pbes2 | null {
  const [scheme, parameters, ...rest] = readDer(algorithm) ?? [];
  if (nameOf(scheme) !== PBES2 || parameters === undefined || rest.length > 0) return null;
  const [derivation, encryption, ...more] = readSequence(parameters.whole) ?? [];
  if (derivation === undefined || encryption === undefined || more.length > 0) return null;
  const [cipherName, iv, ...tooMany] = readSequence(encryption.whole) ?? [];
  const cipher = CIPHERS.get(nameOf(cipherName) ?? '');
  if (cipher === undefined || iv?.tag !== DER.octetString || iv.contents.length !== cipher.blockBytes || tooMany.length > 0) return null;
  const [kdf, kdfParameters, ...others] = readSequence(derivation.whole) ?? [];
  if (kdfParameters === undefined || others.length > 0) return null;
  const members = readSequence(kdfParameters.whole);
  if (members === null) return null;
  const name = nameOf(kdf);
  const key = name === PBKDF2 ? readPbkdf2(members, cipher) : name === SCRYPT ? readScrypt(members, cipher) : null;
  return key === null ? null : { key, cipher, iv: iv.contents };
}

function nameOf(value: DerValue | undefined): string | null {
  return value?.tag === DER.oid ? value.contents.toString('hex') : null;
}

/** Small numbers of a file; null where one is missing or too large to be meant. */
function numberOf(value: DerValue | undefined): number | null {
  const number = integerOf(value);
  return number === null || number > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(number);
}

function readPbkdf2([salt, rounds, ...rest]: readonly DerValue[], cipher: Cipher): PasswordKey | null {
  const count = numberOf(rounds);
  if (salt?.tag !== DER.octetString || salt.contents.length === 0 || count === null || count === 0) return null;
  if (rest[0]?.tag === DER.integer && numberOf(rest.shift()) !== cipher.keyBytes) return null;
  const prf = rest.shift();
  if (rest.length > 0) return null;
  // Left out, it is HMAC-SHA-1 (RFC 8018 §A.2).
  if (prf === undefined) return { name: 'pbkdf2', salt: salt.contents, rounds: count, hash: 'sha1' };
  const [name, nothing, ...more] = readSequence(prf.whole) ?? [];
  const hash = HASHES.get(nameOf(name) ?? '');
  if (hash === undefined || (nothing !== undefined && nothing.tag !== DER.null) || more.length > 0) return null;
  return { name: 'pbkdf2', salt: salt.contents, rounds: count, hash };
}

function readScrypt([salt, ...costs]: readonly DerValue[], cipher: Cipher): PasswordKey | null {
  const [n = null, r = null, p = null, length = cipher.keyBytes] = costs.map(numberOf);
  if (salt?.tag !== DER.octetString || n === null || r === null || p === null || costs.length > 4) return null;
  if (length !== cipher.keyBytes || !isScryptCost(n, r, p)) return null;
  return { name: 'scrypt', salt: salt.contents, n, r, p };
}

/** @returns the private key's DER, which the caller wipes. @throws input `password-wrong`, `password-too-costly`. */
export async function decryptPbes2(how: Pbes2, encrypted: Buffer, password: Buffer): Promise<Buffer> {
  const key = await keyOfPassword(how.key, password, how.cipher.keyBytes);
  try {
    const decipher = createDecipheriv(how.cipher.name, key, how.iv);
    const first = decipher.update(encrypted);
    try {
      return Buffer.concat([first, decipher.final()]);
    } catch {
      throw wrongPassword(); // of a wrong key the padding does not come out right
    } finally {
      first.fill(0);
    }
  } finally {
    key.fill(0);
  }
}
