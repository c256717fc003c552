import { readBip39 } from './bip39.ts';
import { readHexKey } from './hex-key.ts';
import { type AskedIdentifier, type Finding, type Identifier, type Kind, type Reading } from './kinds.ts';
import { readWif } from './wif.ts';
import { readXprv } from './xprv.ts';

export type Inspection = { kind: Kind; valid: boolean; findings: readonly Finding[]; identifiers: readonly Identifier[] };

const OPAQUE: Finding = { code: 'opaque', message: 'nobody checked what this is' };

/**
 * What a secret is, whether it passes its kind's own checks, and the public identifiers asked for. Only these leave: no
 * finding and no error holds any of the secret.
 * @param secret the file's bytes; the caller wipes them. @param asked `kind` where it is known beforehand; a BIP-39
 *   passphrase as UTF-8, which the caller wipes.
 * @throws input `path-invalid`, `identifier-not-of-kind`, `bip39-passphrase-not-utf8`. design.md, "The plan, and the right
 *   secret".
 */
export async function inspectSecret(
  secret: Uint8Array,
  asked: { kind: Kind | null; identifiers: readonly AskedIdentifier[]; bip39Passphrase: Uint8Array | null },
): Promise<Inspection> {
  const kind = asked.kind ?? recognise(secret);
  if (kind === 'opaque') return { kind, valid: true, findings: [OPAQUE], identifiers: [] };
  const reading = readers[kind](secret, asked.bip39Passphrase);
  if (!reading.ok) return { kind, valid: false, findings: reading.findings, identifiers: [] };
  try {
    const identifiers: Identifier[] = [];
    for (const one of asked.identifiers) identifiers.push(await reading.secret.identify(one));
    return { kind, valid: true, findings: reading.secret.findings, identifiers };
  } finally {
    reading.secret.wipe();
  }
}

const readers: Readonly<Record<Exclude<Kind, 'opaque'>, (secret: Uint8Array, bip39Passphrase: Uint8Array | null) => Reading>> = {
  bip39: readBip39,
  xprv: readXprv,
  wif: readWif,
  'hex-key': readHexKey,
};

/** A kind by its looks, valid or not, so that a phrase with a typing error is called a phrase and not "opaque". */
function recognise(secret: Uint8Array): Kind {
  const text = Buffer.from(secret.buffer, secret.byteOffset, Math.min(secret.byteLength, 2048)).toString('utf8').trim();
  if (text.startsWith('xprv')) return 'xprv';
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(text)) return 'hex-key';
  if (/^[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}$/.test(text)) return 'wif';
  if (secret.byteLength <= 2048 && /^\p{L}[\p{L}\p{M}]*(\s+[\p{L}\p{M}]+){8,26}$/u.test(text)) return 'bip39';
  return 'opaque';
}
