import { bip39 } from './bip39.ts';
import { hexKey } from './hex-key.ts';
import { keystoreV3 } from './keystore-v3.ts';
import { KINDS, type Kind, type KindReader } from './kind.ts';
import { opaque } from './opaque.ts';
import { pemKey } from './pem-key.ts';
import { MAX_FILE_BYTES, readSecretText } from './secret-text.ts';
import { slip39 } from './slip39.ts';
import { wif } from './wif.ts';
import { xprv } from './xprv.ts';

/** The registry of kinds: one entry each, and the type makes a missing one an error. */
export const KIND_READERS: Readonly<Record<Kind, KindReader>> = {
  'pem-key': pemKey,
  'keystore-v3': keystoreV3,
  xprv,
  'hex-key': hexKey,
  wif,
  slip39,
  bip39,
  opaque,
};

/**
 * The kind that a secret is of, or was evidently meant to be; `opaque` when none claims it. What is no UTF-8 text of at
 * most 16,384 bytes is `opaque` unseen.
 */
export function recognise(secret: Buffer): KindReader {
  const { text } = readSecretText(secret, MAX_FILE_BYTES);
  if (text === '') return opaque;
  const kind = KINDS.find((candidate) => KIND_READERS[candidate].resembles(text));
  return kind === undefined ? opaque : KIND_READERS[kind];
}
