import { verify, type KeyObject } from 'node:crypto';
import { checkError, decodeBase64 } from '../values/index.ts';

/** The order n of P-256 (NIST SP 800-186 §3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** Two INTEGERs of at most 33 bytes, with their headers and that of the SEQUENCE around them. */
const MAX_DER_BYTES = 72;

/**
 * Decodes the enclave's signature: standard padded base64 that re-encodes to itself, over minimal DER of two INTEGERs, each
 * from 1 to n−1. So r and s have one spelling, and two readers of a key pack cannot differ over it. Not more than that: ECDSA
 * itself lets anyone turn (r, s) into (r, n−s), so a signature is no identifier of an assignment.
 * @returns the DER bytes, 8 to 72. @throws check `signature-missing`, `signature-encoding`. design.md, "Trust".
 */
export function decodeSignature(text: string | null): Buffer {
  if (text === null || text === '') {
    throw checkError('signature-missing', 'the answer carries no signature', { hint: 'stop and escalate to CoinCover' });
  }
  const der = decodeBase64(text);
  if (der !== null && isMinimalSignature(der)) return der;
  throw checkError('signature-encoding', 'the signature is not base64 of a DER-encoded ECDSA signature', {
    hint: 'stop and escalate to CoinCover',
  });
}

/**
 * ES256 (RFC 7518 §3.4, but in DER): ECDSA over P-256 with SHA-256 over exactly these bytes.
 * @param signature from decodeSignature. @param publicKey a P-256 key, as parseJwks makes it.
 */
export function isSignedBy(bytes: Uint8Array, signature: Uint8Array, publicKey: KeyObject): boolean {
  return verify('sha256', bytes, { key: publicKey, dsaEncoding: 'der' }, signature);
}

/** Ecdsa-Sig-Value (RFC 3279 §2.2.3), by hand: a DER library would also take what is not minimal. */
function isMinimalSignature(der: Buffer): boolean {
  if (der.length > MAX_DER_BYTES || der[0] !== 0x30 || der[1] !== der.length - 2) return false;
  const endOfR = endOfInteger(der, 2);
  return endOfR !== null && endOfInteger(der, endOfR) === der.length;
}

/** Where the INTEGER that starts here ends; null unless it is minimal (X.690 §8.3.2) and from 1 to n−1. */
function endOfInteger(der: Buffer, start: number): number | null {
  const lengthBytes = der[start + 1];
  if (der[start] !== 0x02 || lengthBytes === undefined || lengthBytes === 0) return null;
  const bytes = der.subarray(start + 2, start + 2 + lengthBytes);
  if (bytes.length !== lengthBytes) return null;
  const [first = 0, second = 0] = bytes;
  const isNegative = first >= 0x80;
  const isPadded = lengthBytes > 1 && first === 0 && second < 0x80;
  if (isNegative || isPadded) return null;
  const value = BigInt(`0x${bytes.toString('hex')}`);
  return value >= 1n && value < ORDER ? start + 2 + lengthBytes : null;
}
