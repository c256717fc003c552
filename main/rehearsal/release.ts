import type { PublicKey } from 'openpgp';
import { settleAesKeyWrap } from '../machine/index.ts';
import { inputError } from '../values/index.ts';
import type { AssignedKey } from './assigned-key.ts';
import type { HeldBackup } from './vault.ts';

/** One OpenPGP message as CoinCover's people would hand it over: a file name, and the message in ASCII armour. */
export type ReleasePackage = { readonly name: string; readonly armored: string };

/** Loaded when it is needed: most stations never release anything. */
async function openPgp() {
  await settleAesKeyWrap();
  return import('openpgp');
}

const WATERMARK = { showComment: true, commentString: 'REHEARSAL: from a stand-in, not from CoinCover' };

/**
 * Plays a granted recovery: `private-key.pem.asc` with the private key as PKCS#8 PEM, then a `<backup_id>.bin.asc` with the
 * ciphertext of each backup stored for it, every one encrypted to the OpenPGP key that the organisation supplied. The file name
 * inside is the one without `.asc`. Contract, "Recovery (not an API)".
 * @throws input `openpgp-public-key`: it is no armoured OpenPGP public key that can be encrypted to now (by this machine's time).
 */
export async function release(key: AssignedKey, backups: readonly HeldBackup[], openPgpKey: string): Promise<readonly ReleasePackage[]> {
  const recipient = await readRecipient(openPgpKey);
  const pem = Buffer.from(key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'utf8');
  try {
    const packages = [await seal('private-key.pem', pem, recipient)];
    for (const backup of backups) packages.push(await seal(`${backup.backupId}.bin`, backup.ciphertext, recipient));
    return packages;
  } finally {
    pem.fill(0);
  }
}

async function seal(filename: string, content: Buffer, recipient: PublicKey): Promise<ReleasePackage> {
  const { createMessage, encrypt } = await openPgp();
  const message = await createMessage({ binary: content, filename });
  // openpgp's types for this lean on a package of streams that is not installed; without streams it is text.
  const armored: unknown = await encrypt({ message, encryptionKeys: recipient, config: WATERMARK });
  if (typeof armored !== 'string') throw new TypeError('openpgp gave no armoured text');
  return { name: `${filename}.asc`, armored };
}

async function readRecipient(armored: string): Promise<PublicKey> {
  try {
    const { readKey } = await openPgp();
    const key = await readKey({ armoredKey: armored });
    if (key.isPrivate()) throw new TypeError('it is a private key');
    await key.getEncryptionKey(); // throws where no part of it may be encrypted to: revoked, expired, for signing alone
    return key.toPublic();
  } catch (cause) {
    throw inputError('openpgp-public-key', 'it is no armoured OpenPGP public key that can be encrypted to', {
      hint: 'give the public half of a pair made for this recovery',
      cause,
    });
  }
}
