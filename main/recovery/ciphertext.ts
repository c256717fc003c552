import { decodeBase64, inputError, quote } from '../values/index.ts';

const RSA_BLOCK_BYTES = 512;
const DER_SEQUENCE = 0x30;

/**
 * A released ciphertext, in binary or as base64 text with or without line ends: one RSA block of 512 bytes, or a CMS
 * envelope (which starts with a DER SEQUENCE; so does no base64 text).
 * @throws input `ciphertext-not-recognised`.
 */
export function readCiphertext(bytes: Buffer, name: string): Buffer {
  if (bytes.length === RSA_BLOCK_BYTES || bytes[0] === DER_SEQUENCE) return bytes;
  const decoded = decodeBase64(bytes.toString('latin1').replace(/\s/g, ''));
  if (decoded !== null && (decoded.length === RSA_BLOCK_BYTES || decoded[0] === DER_SEQUENCE)) return decoded;
  throw inputError('ciphertext-not-recognised', `${quote(name)} is no ciphertext that Coldroom knows`, {
    hint: 'name the file that CoinCover released: 512 bytes, a CMS envelope, or either in base64',
  });
}
