import { inputError, quote } from '../values/index.ts';

const STARTS = ['504b0304', '504b0506', '504b0708'];
const END = Buffer.from('504b0506', 'hex');
const RSA_BLOCK_BYTES = 512;

/**
 * Whether bytes are a ZIP archive, whole or cut, as CoinCover's own command line writes one. Of what may be one RSA block, the only
 * ciphertext that begins with any bytes whatever, the record that ends an archive is asked for too.
 */
export function isArchive(content: Buffer): boolean {
  if (!STARTS.includes(content.toString('hex', 0, 4))) return false;
  return content.length !== RSA_BLOCK_BYTES || content.includes(END);
}

/** @throws input `released-is-archive`: nobody promised what lies where in it, so it is named and not looked into. */
export function refuseArchive(content: Buffer, name: string): void {
  if (!isArchive(content)) return;
  throw inputError('released-is-archive', `${quote(name)} is an archive (ZIP), as CoinCover’s own command line writes one`, {
    hint: 'open it with the program that made it, then name what came out; it is not unpacked here',
  });
}
