import { exactText } from './exact-text.ts';
import { invalid, type Reading } from './kinds.ts';
import { readPrivateKeySecret } from './private-key-secret.ts';

/** A secp256k1 private key as 64 lower-case hex digits. */
export function readHexKey(secret: Uint8Array): Reading {
  const { text, findings } = exactText(secret);
  if (text === null) return invalid(...findings);
  if (!/^[0-9a-f]{64}$/.test(text)) {
    return invalid({
      code: 'hex-key-form',
      message: `a key in hex has 64 digits, 0–9 and a–f in lower case; here are ${text.length.toString()} characters`,
    });
  }
  const read = readPrivateKeySecret('hex-key', new Uint8Array(Buffer.from(text, 'hex')));
  return read === null
    ? invalid({ code: 'key-out-of-range', message: 'the number is zero, or not below the curve’s order: it is no private key' })
    : { ok: true, secret: read };
}
