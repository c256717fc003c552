import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const ROUNDS = 2048;
const SEED_BYTES = 64;

const pbkdf2Async = promisify(pbkdf2);

/**
 * The seed of a phrase: PBKDF2-HMAC-SHA512 over phrase and passphrase, both in NFKD (BIP-39, "From mnemonic to seed").
 * node:crypto and not the phrase library does it, because it takes Buffers, which are wiped here.
 * @param phrase the words with one space between; NFKD makes U+0020 of U+3000. Checked before, not here.
 * @returns 64 bytes; the caller wipes them.
 */
export async function seedOfPhrase(phrase: string, passphrase: string): Promise<Buffer> {
  const password = Buffer.from(phrase.normalize('NFKD'), 'utf8');
  const salt = Buffer.from(`mnemonic${passphrase}`.normalize('NFKD'), 'utf8');
  try {
    return await pbkdf2Async(password, salt, ROUNDS, SEED_BYTES, 'sha512');
  } finally {
    password.fill(0);
    salt.fill(0);
  }
}
