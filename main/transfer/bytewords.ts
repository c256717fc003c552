import { crc32 } from 'node:zlib';

/** The first and the last letter of each of the 256 Bytewords, in the order of their bytes (BCR-2020-012, "Minimal"). */
const PAIRS =
  'aeadaoaxaaahamatayasbkbdbnbtbabsbebybgbwbbbzcmchcscfcycwcecackctcxclcpcndkdadsdidedtdrdndwdpdmdldyeheyeoeeecenemetesftfrfnfsfmfh' +
  'fzfpfwfxfyfefgflfdgagegrgsgtglgwgdgygmgughgohfhghdhkhthphhhlhyhehnhsidiaieihiyioisinimjejzjnjtjljojsjpjkjykpkoktkskkknkgkekikblb' +
  'lalylflslrlplnltloldlelulklgmnmymhmemomumwmdmtmsmknlnyndnsntnnnenboyoeotoxonolospdptpkpypspmplpepfpaprqdqzrerprlrorhrdrkrfryrnrs' +
  'rtsesasrssskswstspsosgsbsfsntotktitttdtetytltbtstptatnuyuoutueurvtvyvovlvevwvavdvswlwdwmwpwewywswtwnwzwfwkykynylyaytzszoztzczezm';

const WORDS: readonly string[] = PAIRS.match(/../g) ?? [];
const BYTES: ReadonlyMap<string, number> = new Map(WORDS.map((word, byte) => [word, byte]));
const CHECKSUM_BYTES = 4;

/** Minimal Bytewords in lower case: two letters a byte, and a CRC-32 of the bytes behind them. */
export function encodeBytewords(bytes: Uint8Array): string {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(bytes));
  return [...bytes, ...checksum].map((byte) => WORDS[byte]).join('');
}

/** Reads what {@link encodeBytewords} wrote. @returns the bytes without their checksum, or null: not Bytewords, or damaged. */
export function decodeBytewords(text: string): Buffer | null {
  if (text.length % 2 !== 0) return null;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 2) {
    const byte = BYTES.get(text.slice(at, at + 2));
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  const all = Buffer.from(bytes);
  if (all.length < CHECKSUM_BYTES) return null;
  const body = all.subarray(0, -CHECKSUM_BYTES);
  return crc32(body) === all.readUInt32BE(body.length) ? body : null;
}
