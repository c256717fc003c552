import { verify, type KeyObject } from 'node:crypto';
import { checkError, decodeBase64 } from '../values/index.ts';

/** The order of P-256 (FIPS 186-4 §D.1.2.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * Decodes the enclave's signature: standard padded base64 that re-encodes to itself, over minimal DER of two INTEGERs
 * between 1 and the curve's order. Another spelling of a good signature is refused: one signature has one form.
 * @returns the DER bytes. @throws check `signature-missing`, `signature-encoding`. design.md, "Trust".
 */
export function decodeSignature(text: string | undefined): Buffer {
  if (text === undefined || text === '') {
    throw checkError('signature-missing', 'the answer carries no signature', { hint: 'stop and escalate to CoinCover' });
  }
  const der = decodeBase64(text);
  if (der === null || !isMinimalSignature(der)) {
    throw checkError('signature-encoding', 'the signature is not base64 of a DER-encoded ECDSA signature', {
      hint: 'stop and escalate to CoinCover',
    });
  }
  return der;
}

/** ES256 (RFC 7518 §3.4, but in DER): ECDSA over P-256 with SHA-256 over exactly these bytes. */
export function isSignedBy(bytes: Uint8Array, signature: Uint8Array, publicKey: KeyObject): boolean {
  return verify('sha256', bytes, publicKey, signature);
}

function isMinimalSignature(der: Buffer): boolean {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return false;
  const first = readInteger(der, 2);
  const second = first === null ? null : readInteger(der, first.end);
  return second?.end === der.length;
}

function readInteger(der: Buffer, at: number): { end: number } | null {
  const length = der[at + 1];
  if (der[at] !== 0x02 || length === undefined || length === 0) return null;
  const bytes = der.subarray(at + 2, at + 2 + length);
  if (bytes.length !== length) return null;
  const [first = 0, second = 0] = bytes;
  if (first >= 0x80 || (length > 1 && first === 0 && second < 0x80)) return null;
  const value = BigInt(`0x${bytes.toString('hex')}`);
  return value > 0n && value < ORDER ? { end: at + 2 + length } : null;
}
