import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { DER, encodeDer, integerOf, oid, readOnly, readSequence, type DerValue } from './der-reader.ts';
import { finding, type Finding } from './finding.ts';

/** What follows from a private key that was found right. All of it public. */
export type PublicSide = {
  /** The contents of SubjectPublicKeyInfo's BIT STRING. */
  readonly bits: Buffer;
  /** The compressed point; null for keys that are none. */
  readonly point: Uint8Array | null;
  readonly curve: 'secp256k1' | 'ed25519' | null;
  /** Whether a public key that stands beside the private one is this one, in either form of its point. */
  readonly isPublicKey: (bits: Buffer) => boolean;
};

/** How the key inside PKCS#8 is read; `parameters` are what stands behind the algorithm's name. */
type KeyReader = (key: Buffer, parameters: DerValue | undefined) => PublicSide | readonly Finding[];

const structure = (what: string): readonly Finding[] => [
  finding('pem-structure', `what is inside is no ${what} private key as its standard has it`),
];

const CURVES = new Map(
  (
    [
      ['1.3.132.0.10', secp256k1],
      ['1.2.840.10045.3.1.7', p256],
      ['1.3.132.0.34', p384],
      ['1.3.132.0.35', p521],
    ] as const
  ).map(([dotted, curve]) => [oid(dotted).toString('hex'), curve]),
);

const named = (dotted: string, reader: KeyReader): [string, KeyReader] => [oid(dotted).toString('hex'), reader];

/** By the algorithm's name: RSA (RFC 8017), elliptic curves (RFC 5915), Ed25519 and X25519 (RFC 8410). */
export const KEY_READERS: ReadonlyMap<string, KeyReader> = new Map([
  named('1.2.840.113549.1.1.1', readRsa),
  named('1.2.840.10045.2.1', readEc),
  named('1.3.101.112', (key, parameters) => readRaw(key, parameters, 'Ed25519')),
  named('1.3.101.110', (key, parameters) => readRaw(key, parameters, 'X25519')),
]);

/** Eight numbers that must fit each other: a wrong digit in any of them shows (RFC 8017 §3.2). */
function readRsa(key: Buffer, parameters: DerValue | undefined): PublicSide | readonly Finding[] {
  const members = readSequence(key) ?? [];
  const numbers = members.map(integerOf).filter((number) => number !== null);
  if (parameters?.tag !== DER.null || parameters.contents.length > 0 || members.length !== 9 || numbers.length !== 9)
    return structure('RSA');
  const [version, n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dp = 0n, dq = 0n, inverse = 0n] = numbers;
  if (version !== 0n) return structure('RSA');
  const fits =
    p > 2n &&
    q > 2n &&
    e > 2n &&
    e % 2n === 1n &&
    n === p * q &&
    d < n &&
    (e * d) % (p - 1n) === 1n &&
    (e * d) % (q - 1n) === 1n &&
    dp === d % (p - 1n) &&
    dq === d % (q - 1n) &&
    inverse < p &&
    (inverse * q) % p === 1n;
  if (!fits) return [finding('key-inconsistent', 'the numbers of the RSA key do not fit each other: one of them is wrong')];
  const bits = encodeDer(DER.sequence, ...members.slice(1, 3).map(({ whole }) => whole));
  return { bits, point: null, curve: null, isPublicKey: (given) => given.equals(bits) };
}

function readEc(key: Buffer, parameters: DerValue | undefined): PublicSide | readonly Finding[] {
  const curve = parameters?.tag === DER.oid ? CURVES.get(parameters.contents.toString('hex')) : undefined;
  if (curve === undefined || parameters === undefined) {
    return [finding('pem-algorithm', 'its curve is not one that is known here: secp256k1, P-256, P-384, P-521')];
  }
  const [version, scalar, ...rest] = readSequence(key) ?? [];
  if (integerOf(version) !== 1n || scalar?.tag !== DER.octetString || scalar.contents.length !== curve.lengths.secretKey) {
    return structure('elliptic-curve');
  }
  const given = rest[0]?.tag === DER.context0 ? rest.shift() : undefined;
  if (given !== undefined && !given.contents.equals(parameters.whole)) return structure('elliptic-curve');
  const stated = rest[0]?.tag === DER.context1 ? rest.shift() : undefined;
  if (rest.length > 0) return structure('elliptic-curve');
  if (!curve.utils.isValidSecretKey(scalar.contents)) {
    return [finding('key-range', 'as a number it is zero, or not below the order of its curve')];
  }
  const bits = Buffer.from(curve.getPublicKey(scalar.contents, false));
  const point = curve.getPublicKey(scalar.contents, true);
  const isPublicKey = (other: Buffer): boolean => other.equals(bits) || other.equals(point);
  if (stated !== undefined) {
    const inside = readOnly(stated.contents, DER.bitString);
    if (inside?.[0] !== 0) return structure('elliptic-curve');
    if (!isPublicKey(inside.subarray(1))) return NOT_ITS_PUBLIC_KEY;
  }
  return { bits, point, curve: curve === secp256k1 ? 'secp256k1' : null, isPublicKey };
}

/** Any 32 bytes are such a key: what is wrong in them shows in the identifier alone. */
function readRaw(key: Buffer, parameters: DerValue | undefined, name: 'Ed25519' | 'X25519'): PublicSide | readonly Finding[] {
  const scalar = readOnly(key, DER.octetString);
  if (parameters !== undefined || scalar?.length !== 32) return structure(name);
  const bits = Buffer.from((name === 'Ed25519' ? ed25519 : x25519).getPublicKey(scalar));
  const isEd25519 = name === 'Ed25519';
  return { bits, point: isEd25519 ? bits : null, curve: isEd25519 ? 'ed25519' : null, isPublicKey: (given) => given.equals(bits) };
}

/** Said where a public key stands beside a private one that it does not belong to. */
export const NOT_ITS_PUBLIC_KEY: readonly Finding[] = [
  finding('key-inconsistent', 'the public key that stands beside the private one belongs to another key'),
];
