import { createMessage, encrypt, readKey, type PublicKey } from 'openpgp';
import type { HeldKey } from './enclave.ts';
import { Refusal } from './refusal.ts';
import type { HeldBackup } from './vault.ts';

/** One OpenPGP message as CoinCover's people would hand it over: a name, and armoured text. */
export type ReleasePackage = { name: string; armored: string };

/**
 * Plays a granted recovery: the RSA private key as PKCS#8 PEM, and each ciphertext stored for it, every one encrypted to the
 * OpenPGP key that the organisation supplied. Contract, "Recovery (not an API)".
 */
export async function release(key: HeldKey, backups: readonly HeldBackup[], armoredOpenPgpKey: string): Promise<ReleasePackage[]> {
  const recipient = await readRecipient(armoredOpenPgpKey);
  const pem = Buffer.from(key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'utf8');
  const files = [
    { name: 'private-key.pem', content: pem },
    ...backups.map((backup) => ({ name: `${backup.backupId}.bin`, content: backup.ciphertext })),
  ];
  return Promise.all(
    files.map(async ({ name, content }) => {
      const message = await createMessage({ binary: new Uint8Array(content), filename: name });
      const armored: unknown = await encrypt({ message, encryptionKeys: recipient, format: 'armored' });
      return { name: `${name}.asc`, armored: String(armored) };
    }),
  );
}

async function readRecipient(armored: string): Promise<PublicKey> {
  try {
    const key = await readKey({ armoredKey: armored });
    if (key.isPrivate()) throw new Error('a private key');
    return key;
  } catch {
    throw new Refusal(400, 'Validation failed', { openpgp_public_key: ['is no armoured OpenPGP public key'] });
  }
}
