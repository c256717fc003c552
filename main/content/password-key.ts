import { pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { inputError } from '../values/index.ts';

/** How a key file makes a key of its password. `salt` in bytes, lengths in bytes. */
export type PasswordKey =
  | { readonly name: 'pbkdf2'; readonly salt: Buffer; readonly rounds: number; readonly hash: string }
  | { readonly name: 'scrypt'; readonly salt: Buffer; readonly n: number; readonly r: number; readonly p: number };

/** Twice what geth's slowest setting takes; a file that asks for more would keep a ceremony waiting, or the machine busy for good. */
const MOST_MEMORY_BYTES = 512 * 1024 * 1024;
const MOST_SCRYPT_WORK = 2 ** 24;
const MOST_ROUNDS = 20_000_000;

const pbkdf2Async = promisify(pbkdf2);

/**
 * The key that a password gives. @returns `length` bytes; the caller wipes them, and the password.
 * @throws input `password-too-costly`.
 */
export async function keyOfPassword(how: PasswordKey, password: Buffer, length: number): Promise<Buffer> {
  const costly = (): Error =>
    inputError('password-too-costly', 'its password is made into a key in a way that takes more time or memory than is given to it here', {
      hint: 'leave the password out: the outer form is checked without it',
    });
  if (how.name === 'pbkdf2') {
    if (how.rounds > MOST_ROUNDS) throw costly();
    return pbkdf2Async(password, how.salt, how.rounds, length, how.hash);
  }
  const { n, r, p, salt } = how;
  const memory = 128 * n * r;
  if (memory > MOST_MEMORY_BYTES || n * r * p > MOST_SCRYPT_WORK) throw costly();
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { N: n, r, p, maxmem: memory + 128 * r * (p + 2) + 1024 * 1024 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Whether scrypt takes these numbers at all (RFC 7914 §6): N a power of two above 1, below 2^(16r); p·r below 2^30. */
export function isScryptCost(n: number, r: number, p: number): boolean {
  return (
    [n, r, p].every((value) => Number.isSafeInteger(value) && value > 0) &&
    n > 1 &&
    Number.isInteger(Math.log2(n)) &&
    Math.log2(n) < 16 * r &&
    p * r < 2 ** 30
  );
}

/** Said wherever a password does not open what it should. */
export function wrongPassword(): Error {
  return inputError('password-wrong', 'the password does not open the key file, or the file is damaged', {
    hint: 'check the password’s file: capitals, spaces, and that it is the one for this key file',
  });
}

/** Said where something is asked for that only the opened file can tell. */
export function missingPassword(): Error {
  return inputError('password-missing', 'the key file is under a password, and what was asked for follows from what is inside', {
    hint: 'give its password in a file, or ask for nothing',
  });
}

/** One line end behind a password is how editors save it, and is no part of it. @returns a view of the same bytes. */
export function passwordBytes(file: Buffer): Buffer {
  if (file.at(-1) !== 0x0a) return file;
  return file.subarray(0, file.at(-2) === 0x0d ? -2 : -1);
}
