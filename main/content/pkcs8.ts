import { inputError } from '../values/index.ts';
import { DER, encodeDer, integerOf, readDer, readOnly, readSequence, type DerValue } from './der-reader.ts';
import { finding, type Finding } from './finding.ts';
import { KEY_READERS, NOT_ITS_PUBLIC_KEY, type PublicSide } from './key-algorithms.ts';
import type { Keys } from './keys.ts';

/**
 * Judges a private key in PKCS#8 (RFC 5958) and opens it. Nothing private is kept: what comes back is the public side.
 * @param der the caller wipes it.
 * @returns faults `pem-structure`, `pem-algorithm`, `key-range`, `key-inconsistent`.
 */
export function readPkcs8(der: Buffer): Keys | readonly Finding[] {
  const structure = [finding('pem-structure', 'what is inside is no private key in PKCS#8')];
  const [version, algorithm, key, ...rest] = readSequence(der) ?? [];
  const number = integerOf(version);
  if ((number !== 0n && number !== 1n) || algorithm?.tag !== DER.sequence || key?.tag !== DER.octetString) return structure;
  const attributes = rest[0]?.tag === DER.context0 ? rest.shift() : undefined;
  if (attributes !== undefined && readDer(attributes.contents) === null) return structure;
  const stated = rest[0]?.tag === DER.context1Primitive ? rest.shift() : undefined;
  if (rest.length > 0 || (stated !== undefined) !== (number === 1n)) return structure;
  const [name, parameters, ...more] = readDer(algorithm.contents) ?? [];
  if (name?.tag !== DER.oid || more.length > 0) return structure;
  const reader = KEY_READERS.get(name.contents.toString('hex'));
  if (reader === undefined) {
    return [finding('pem-algorithm', 'its algorithm is not one that is known here: RSA, elliptic curves, Ed25519, X25519')];
  }
  const side = reader(key.contents, parameters);
  if (!('bits' in side)) return side;
  if (stated !== undefined && (stated.contents[0] !== 0 || !side.isPublicKey(stated.contents.subarray(1)))) return NOT_ITS_PUBLIC_KEY;
  return keysOf(side, algorithm);
}

function keysOf({ bits, point, curve }: PublicSide, algorithm: DerValue): Keys {
  const spki = encodeDer(DER.sequence, algorithm.whole, encodeDer(DER.bitString, Buffer.from([0]), bits));
  const notForKey = (what: string): Error =>
    inputError('identifier-not-for-key', `a key of another kind than ${what} has no such identifier`, { hint: 'ask for spki-sha256' });
  return {
    secp256k1: () => {
      if (point === null || curve !== 'secp256k1') throw notForKey('secp256k1');
      return { point, uncompressed: false, extended: null };
    },
    ed25519: () => {
      if (point === null || curve !== 'ed25519') throw notForKey('Ed25519');
      return point;
    },
    spki,
    point,
    wipe: () => undefined,
  };
}

/** The two members of EncryptedPrivateKeyInfo (RFC 5958 §3): how it is encrypted, and what is. Null where it is none. */
export function readEncryptedPkcs8(der: Buffer): { algorithm: Buffer; encrypted: Buffer } | null {
  const [algorithm, encrypted, ...rest] = readSequence(der) ?? [];
  if (algorithm?.tag !== DER.sequence || encrypted?.tag !== DER.octetString || rest.length > 0) return null;
  return { algorithm: readOnly(algorithm.whole, DER.sequence) ?? Buffer.alloc(0), encrypted: encrypted.contents };
}
