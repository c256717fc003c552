import { constants, createHash, privateDecrypt, randomUUID } from 'node:crypto';
import type { HeldKey } from './enclave.ts';
import { Refusal } from './refusal.ts';

/** A backup that the stand-in holds. */
export type HeldBackup = {
  backupId: string;
  key: HeldKey;
  type: 'data' | 'file';
  ciphertext: Buffer;
  /** SHA-256 of the ciphertext when it came. */
  ciphertextSha256: string;
  /** SHA-256 of what the key opened it to; null for files. */
  plaintextSha256: string | null;
};

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What the service stores, and its checks of it: it really decrypts data and really looks at files again. */
export class Vault {
  readonly #backups = new Map<string, HeldBackup>();

  /** @throws Refusal 400 where the key does not open the data, or the checksum is not that of what came out. */
  storeData(key: HeldKey, ciphertext: Buffer, checksum: string | null): HeldBackup {
    const digest = digestOfPlaintext(key, ciphertext);
    if (digest === null) throw new Refusal(400, 'verification failed: the data does not decrypt with this key');
    if (checksum !== null && checksum.toLowerCase() !== digest)
      throw new Refusal(400, 'verification failed: the checksum is not that of the decrypted data');
    return this.#keep(key, 'data', ciphertext, digest);
  }

  storeFile(key: HeldKey, ciphertext: Buffer): HeldBackup {
    return this.#keep(key, 'file', ciphertext, null);
  }

  backup(backupId: string): HeldBackup | null {
    return this.#backups.get(backupId) ?? null;
  }

  all(): readonly HeldBackup[] {
    return [...this.#backups.values()];
  }

  /** Looks at what is held again: data is decrypted, a file compared with its digest. */
  isValid(backup: HeldBackup): boolean {
    if (backup.type === 'file') return sha256(backup.ciphertext) === backup.ciphertextSha256;
    return digestOfPlaintext(backup.key, backup.ciphertext) === backup.plaintextSha256;
  }

  #keep(key: HeldKey, type: 'data' | 'file', ciphertext: Buffer, plaintextSha256: string | null): HeldBackup {
    const backup = { backupId: randomUUID(), key, type, ciphertext, ciphertextSha256: sha256(ciphertext), plaintextSha256 };
    this.#backups.set(backup.backupId, backup);
    return backup;
  }
}

/** RSA-OAEP with SHA-256 for both hashes and no label, and nothing else. Contract, "Encryption". */
function digestOfPlaintext(key: HeldKey, ciphertext: Buffer): string | null {
  try {
    const plaintext = privateDecrypt({ key: key.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, ciphertext);
    const digest = sha256(plaintext);
    plaintext.fill(0);
    return digest;
  } catch {
    return null; // the answer to "does it open"
  }
}
