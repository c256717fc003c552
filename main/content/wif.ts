import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { exactText } from './exact-text.ts';
import { invalid, type Reading } from './kinds.ts';
import { readPrivateKeySecret } from './private-key-secret.ts';

const MAINNET = 0x80;
const COMPRESSED = 0x01;
const base58check = createBase58check(sha256);

/** A Bitcoin private key in Wallet Import Format, mainnet, for a compressed public key. */
export function readWif(secret: Uint8Array): Reading {
  const { text, findings } = exactText(secret);
  if (text === null) return invalid(...findings);
  const payload = decode(text);
  if (payload === null)
    return invalid({ code: 'wif-checksum', message: 'the letters do not pass WIF’s own checksum: one of them is wrong or missing' });
  if (payload[0] !== MAINNET) return invalid({ code: 'wif-network', message: 'the key is not for Bitcoin’s main network' });
  if (payload.length === 33) {
    return invalid({
      code: 'wif-uncompressed',
      message: 'the key is in the old form for uncompressed public keys, whose addresses are others',
    });
  }
  if (payload.length !== 34 || payload[33] !== COMPRESSED)
    return invalid({ code: 'wif-length', message: 'it has not the length of a private key' });
  const read = readPrivateKeySecret('wif', payload.slice(1, 33));
  payload.fill(0);
  return read === null
    ? invalid({ code: 'key-out-of-range', message: 'the number is no private key of the curve' })
    : { ok: true, secret: read };
}

function decode(text: string): Uint8Array | null {
  try {
    return base58check.decode(text);
  } catch {
    return null; // its message may quote the key
  }
}
