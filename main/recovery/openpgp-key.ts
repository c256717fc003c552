import type { PrivateKey } from 'openpgp';
import { inputError, quote, type Passphrase } from '../values/index.ts';
import { LIMITS, openPgp } from './openpgp.ts';
import { textOf } from './openpgp-text.ts';

export const RECOVERY_KEY_TYPES = ['curve25519', 'rsa4096'] as const;
export type RecoveryKeyType = (typeof RECOVERY_KEY_TYPES)[number];

/** A pair for a recovery request, both halves armoured, the private one under its passphrase. */
export type RecoveryKey = { readonly fingerprint: string; readonly publicArmored: string; readonly privateArmored: string };

/**
 * Curve25519 in the older of its two forms: gpg reads no other, and CoinCover's people may use gpg (the newer one came with RFC 9580).
 */
const PARAMETERS = {
  curve25519: { type: 'ecc', curve: 'curve25519Legacy' },
  rsa4096: { type: 'rsa', rsaBits: 4096 },
} as const satisfies Record<RecoveryKeyType, object>;

/**
 * Makes the OpenPGP pair that a recovery request names: a key that signs, with a subkey that is encrypted to. It does not expire.
 * @param name stands in it as its user ID.
 * @param passphrase under which the private half is written; the caller wipes it. On the way it is a string, which cannot be wiped.
 * @returns `fingerprint` as 40 upper-case hex digits, as gpg shows it.
 */
export async function makeRecoveryKey(name: string, type: RecoveryKeyType, passphrase: Passphrase): Promise<RecoveryKey> {
  const { generateKey, readKey } = await openPgp();
  const { publicKey, privateKey } = await generateKey({
    ...PARAMETERS[type],
    userIDs: [{ name }],
    passphrase: passphrase.toString('utf8'),
    format: 'armored',
  });
  const fingerprint = (await readKey({ armoredKey: publicKey })).getFingerprint().toUpperCase();
  return { fingerprint, publicArmored: publicKey, privateArmored: privateKey };
}

/**
 * Reads the private OpenPGP key that a release was asked for with, armoured or binary, made here or by gpg, and takes it out of its
 * passphrase.
 * @param bytes the file; the caller wipes it.
 * @param passphrase null where the key has none; the caller wipes it.
 * @throws input `openpgp-key-not-private`, `openpgp-key-several`, `openpgp-key-protected` (and no passphrase was given),
 *   `openpgp-key-not-protected`, `openpgp-passphrase-wrong` (which a damaged key looks like).
 */
export async function readRecoveryKey(bytes: Buffer, passphrase: Passphrase | null, file: string): Promise<PrivateKey> {
  const { decryptKey } = await openPgp();
  const key = await parseOne(bytes, file);
  if (isInTheClear(key)) {
    if (passphrase === null) return key;
    throw inputError('openpgp-key-not-protected', `a passphrase was given, and the OpenPGP key in ${quote(file)} has none`, {
      hint: 'leave the OpenPGP key’s passphrase out',
    });
  }
  if (passphrase === null) {
    throw inputError('openpgp-key-protected', `the OpenPGP key in ${quote(file)} has a passphrase, and none was given for it`, {
      hint: 'add --openpgp-passphrase-file FILE',
    });
  }
  try {
    return await decryptKey({ privateKey: key, passphrase: passphrase.toString('utf8'), config: LIMITS });
  } catch {
    // The library's own text is dropped: it tells a wrong passphrase from a damaged key no better than we do.
    throw inputError('openpgp-passphrase-wrong', `the passphrase does not open the OpenPGP key in ${quote(file)}, or the file is damaged`, {
      hint: 'check the passphrase, then the file',
    });
  }
}

/** Of a key that gpg exported without its primary half (`gnu-dummy`) what is there counts. */
function isInTheClear(key: PrivateKey): boolean {
  return key.getKeys().every(({ keyPacket }) => !('isDummy' in keyPacket) || keyPacket.isDummy() || keyPacket.isDecrypted());
}

async function parseOne(bytes: Buffer, file: string): Promise<PrivateKey> {
  const { readPrivateKeys } = await openPgp();
  const armored = textOf(bytes);
  let keys: PrivateKey[];
  try {
    keys = await (armored === null
      ? readPrivateKeys({ binaryKeys: Uint8Array.from(bytes), config: LIMITS }) // it keeps parts of what it is given, which the caller wipes
      : readPrivateKeys({ armoredKeys: armored, config: LIMITS }));
  } catch {
    // Its cause is dropped: it may quote the file.
    throw inputError('openpgp-key-not-private', `${quote(file)} is no private OpenPGP key`, {
      hint: 'name the private half of the pair that the release was asked for with',
    });
  }
  const [only, another] = keys;
  if (only === undefined || another !== undefined) {
    throw inputError('openpgp-key-several', `${quote(file)} holds ${keys.length.toString()} private OpenPGP keys, and one is wanted`, {
      hint: 'export that one alone: gpg --armor --export-secret-keys FINGERPRINT',
    });
  }
  return only;
}
