import { constants, privateDecrypt, randomUUID } from 'node:crypto';
import { sha256, type Sha256 } from '../values/index.ts';
import type { AssignedKey } from './assigned-key.ts';
import { Refusal } from './refusal.ts';

/** A backup that the stand-in holds. */
export type HeldBackup = {
  readonly backupId: string;
  readonly key: AssignedKey;
  readonly type: 'data' | 'file';
  readonly ciphertext: Buffer;
  /** Of the ciphertext as it came. */
  readonly ciphertextSha256: Sha256;
  /** Of the bytes that the key opened it to; null for files, which are not opened. */
  readonly plaintextSha256: Sha256 | null;
};

/** What the service stores, and its checks of it: it really decrypts data, and really hashes files again. */
export class Vault {
  readonly #backups: Map<string, HeldBackup>;

  constructor(saved: readonly HeldBackup[] = []) {
    this.#backups = new Map(saved.map((backup) => [backup.backupId, backup]));
  }

  /**
   * Opens and keeps a `secure/data`. @param checksum 64 lowercase hex digits, or null: then nothing is compared.
   * @throws Refusal 400 where the key does not open the data, or the checksum is not that of what came out.
   */
  storeData(key: AssignedKey, ciphertext: Buffer, checksum: string | null): HeldBackup & { readonly plaintextSha256: Sha256 } {
    const plaintextSha256 = plaintextDigest(key, ciphertext);
    if (plaintextSha256 === null) throw new Refusal(400, 'verification failed: the data does not decrypt with this key');
    if (checksum !== null && checksum !== plaintextSha256) {
      throw new Refusal(400, 'verification failed: the checksum is not that of the decrypted data');
    }
    return this.#keep({ ...newBackup(key, ciphertext), type: 'data', plaintextSha256 });
  }

  /** Keeps a `secure/file` as it is: an envelope's content key is not the enclave's to unwrap. */
  storeFile(key: AssignedKey, ciphertext: Buffer): HeldBackup {
    return this.#keep({ ...newBackup(key, ciphertext), type: 'file', plaintextSha256: null });
  }

  /** Holds a backup no more: its store came to nothing. */
  drop(backup: HeldBackup): void {
    this.#backups.delete(backup.backupId);
  }

  backup(backupId: string): HeldBackup | null {
    return this.#backups.get(backupId) ?? null;
  }

  all(): readonly HeldBackup[] {
    return [...this.#backups.values()];
  }

  /** Looks at what is held again: every ciphertext is hashed, and data is opened once more. */
  isValid(backup: HeldBackup): boolean {
    if (sha256(backup.ciphertext) !== backup.ciphertextSha256) return false;
    return backup.type === 'file' || plaintextDigest(backup.key, backup.ciphertext) === backup.plaintextSha256;
  }

  #keep<Backup extends HeldBackup>(backup: Backup): Backup {
    this.#backups.set(backup.backupId, backup);
    return backup;
  }
}

function newBackup(key: AssignedKey, ciphertext: Buffer) {
  return { backupId: randomUUID(), key, ciphertext, ciphertextSha256: sha256(ciphertext) };
}

/**
 * The SHA-256 of what the key opens a ciphertext to, or null where it does not open. RSA-OAEP with SHA-256 as hash and, since
 * Node takes one for both, as MGF1 hash; no label; nothing else. Contract, "Encryption". A rehearsal may run on a real secret:
 * it is wiped here as soon as it is hashed.
 */
function plaintextDigest(key: AssignedKey, ciphertext: Buffer): Sha256 | null {
  let plaintext: Buffer;
  try {
    plaintext = privateDecrypt({ key: key.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, ciphertext);
  } catch {
    return null; // OpenSSL's one failure for a wrong key, padding or length, and Node's for a key that is not RSA
  }
  const digest = sha256(plaintext);
  plaintext.fill(0);
  return digest;
}
