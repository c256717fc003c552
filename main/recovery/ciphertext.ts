import { decodeBase64, inputError, quote } from '../values/index.ts';
import { refuseArchive } from './archive.ts';

const RSA_BLOCK_BYTES = 512;
const DER_SEQUENCE = 0x30;
const DASH = 0x2d;
const BRACE = 0x7b;
/** RFC 7468 §9, and what older programs call the same. */
const PEM = /^-----BEGIN (CMS|PKCS7)-----([A-Za-z0-9+/=\s]+)-----END \1-----\s*$/;

/**
 * A released ciphertext, in binary or as base64 text with or without line ends: one RSA block of 512 bytes, or a CMS
 * envelope (which starts with a DER SEQUENCE; so does no base64 text). An envelope in PEM is taken too.
 * @throws input `released-is-archive`, `ciphertext-not-recognised`.
 */
export function readCiphertext(bytes: Buffer, name: string): Buffer {
  refuseArchive(bytes, name);
  if (bytes.length === RSA_BLOCK_BYTES || bytes[0] === DER_SEQUENCE) return bytes;
  const text = bytes.toString('latin1');
  const base64 = bytes[0] === DASH ? (PEM.exec(text)?.[2] ?? '') : text;
  const decoded = decodeBase64(base64.replace(/\s/g, ''));
  if (decoded !== null && (decoded.length === RSA_BLOCK_BYTES || decoded[0] === DER_SEQUENCE)) return decoded;
  throw inputError('ciphertext-not-recognised', `${quote(name)} is no ciphertext that Coldroom knows`, {
    hint:
      bytes[0] === BRACE
        ? 'name a sealed item with --sealed'
        : 'name the file that CoinCover released: 512 bytes, a CMS envelope, or either in base64',
  });
}
