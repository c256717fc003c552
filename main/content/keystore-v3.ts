import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { decodeHex, inputError, isColdroomError, isJsonObject, parseJson, type Json, type JsonObject } from '../values/index.ts';
import { addressOfPoint, checksummedAddress } from './ethereum-address.ts';
import { finding, type Finding } from './finding.ts';
import type { KindReader, OpenWith, Reading } from './kind.ts';
import type { Keys } from './keys.ts';
import { isScryptCost, keyOfPassword, missingPassword, wrongPassword, type PasswordKey } from './password-key.ts';
import { MAX_FILE_BYTES, readSecretText } from './secret-text.ts';
import { openSingleKey, rangeFaults } from './single-key.ts';

const KEY_BYTES = 32;
/** The first half opens the key, the second proves the password. */
const LEAST_DERIVED_BYTES = 32;
const MOST_DERIVED_BYTES = 1024;

/**
 * Ethereum's key file (Web3 Secret Storage, version 3): its form, and the address that it names as its own. Without its password
 * nobody can tell whether that address is right, and the note `keystore-locked` says so; with it, the password's proof is checked,
 * the key's range, and the address. Further members are taken: wallets add some. Faults: those of the text, `keystore-json`,
 * `keystore-version`, `keystore-member` (which one, and what belongs there), `key-range`, `keystore-address`.
 */
export const keystoreV3: KindReader = {
  kind: 'keystore-v3',
  identifiers: { ethereum: 'none', 'public-key': 'none' },
  takesBip39Passphrase: false,
  takesPassword: true,
  resembles: (text) => /^\s*\{/.test(text) && /"(c|C)rypto"|"kdfparams"|"cipherparams"/.test(text),
  read: (secret) => {
    const { text, faults } = readSecretText(secret, MAX_FILE_BYTES);
    if (text === '' || faults.length > 0) return { valid: false, findings: faults };
    return readKeystore(secret);
  },
};

type Keystore = {
  readonly key: PasswordKey;
  readonly derivedBytes: number;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly mac: Buffer;
  /** In EIP-55's case; null where the file names none. */
  readonly address: string | null;
};

function readKeystore(secret: Buffer): Reading {
  let json: Json;
  try {
    json = parseJson(secret, { maxBytes: MAX_FILE_BYTES });
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return { valid: false, findings: [finding('keystore-json', error.message)] };
  }
  if (!isJsonObject(json)) return { valid: false, findings: [finding('keystore-json', 'it is no object')] };
  if (json['version'] !== 3) return { valid: false, findings: [finding('keystore-version', 'it does not say that it is of version 3')] };
  const faults: Finding[] = [];
  const keystore = readMembers(json, faults);
  if (keystore === null) return { valid: false, findings: faults };
  const notes = [finding('keystore-locked', 'it is under a password: its form was checked, and not what is inside')];
  if (keystore.address === null) notes.push(finding('keystore-no-address', 'it names no address'));
  return { valid: true, findings: notes, locked: true, open: (given) => openKeystore(keystore, given) };
}

/** Reads all members, so that all faults are found at once. @returns null where there are any. */
function readMembers(json: JsonObject, faults: Finding[]): Keystore | null {
  const names = ['crypto', 'Crypto'].filter((name) => Object.hasOwn(json, name));
  const [name = 'crypto'] = names;
  const member = (place: string, wanted: string): null => {
    faults.push(finding('keystore-member', `the member ${place} is missing, or is not ${wanted}`));
    return null;
  };
  const crypto = json[name];
  if (names.length !== 1 || !isJsonObject(crypto)) {
    member('crypto', 'one object');
    return null;
  }
  const bytes = (holder: Json | undefined, at: string, place: string, length: number | null): Buffer | null => {
    const value = isJsonObject(holder) ? holder[at] : undefined;
    const read = typeof value === 'string' ? decodeHex(value) : null;
    if (read !== null && (length === null ? read.length > 0 : read.length === length)) return read;
    return member(place, length === null ? 'hex' : `${length.toString()} bytes in hex`);
  };
  if (crypto['cipher'] !== 'aes-128-ctr') member(`${name}.cipher`, 'aes-128-ctr');
  const iv = bytes(crypto['cipherparams'], 'iv', `${name}.cipherparams.iv`, 16);
  const ciphertext = bytes(crypto, 'ciphertext', `${name}.ciphertext`, KEY_BYTES);
  const mac = bytes(crypto, 'mac', `${name}.mac`, 32);
  const salt = bytes(crypto['kdfparams'], 'salt', `${name}.kdfparams.salt`, null);
  const derivation = readDerivation(crypto, name, member);
  const address = readAddress(json, faults);
  if (faults.length > 0 || iv === null || ciphertext === null || mac === null || salt === null || derivation === null) return null;
  return { key: { ...derivation.key, salt }, derivedBytes: derivation.derivedBytes, iv, ciphertext, mac, address };
}

type WithoutSalt = PasswordKey extends infer Each ? (Each extends PasswordKey ? Omit<Each, 'salt'> : never) : never;

function readDerivation(
  crypto: JsonObject,
  name: string,
  member: (place: string, wanted: string) => null,
): { key: WithoutSalt; derivedBytes: number } | null {
  const parameters = crypto['kdfparams'];
  if (!isJsonObject(parameters)) return member(`${name}.kdfparams`, 'an object');
  const number = (at: string): number => {
    const value = parameters[at];
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  const derivedBytes = number('dklen');
  if (derivedBytes < LEAST_DERIVED_BYTES || derivedBytes > MOST_DERIVED_BYTES) member(`${name}.kdfparams.dklen`, '32 or a little more');
  switch (crypto['kdf']) {
    case 'scrypt': {
      const [n, r, p] = [number('n'), number('r'), number('p')];
      if (!isScryptCost(n, r, p)) return member(`${name}.kdfparams`, 'n, r and p as scrypt takes them');
      return { key: { name: 'scrypt', n, r, p }, derivedBytes };
    }
    case 'pbkdf2': {
      const rounds = number('c');
      if (rounds === 0) member(`${name}.kdfparams.c`, 'a number of rounds');
      if (parameters['prf'] !== 'hmac-sha256') return member(`${name}.kdfparams.prf`, 'hmac-sha256');
      return { key: { name: 'pbkdf2', rounds, hash: 'sha256' }, derivedBytes };
    }
    default:
      return member(`${name}.kdf`, 'scrypt or pbkdf2');
  }
}

function readAddress(json: JsonObject, faults: Finding[]): string | null {
  const stated = json['address'];
  if (stated === undefined || stated === '') return null;
  const address = typeof stated === 'string' ? checksummedAddress(stated.startsWith('0x') ? stated : `0x${stated}`) : null;
  if (address === null) faults.push(finding('keystore-address', 'its address is none, or a letter of it is in the wrong case'));
  return address;
}

async function openKeystore(keystore: Keystore, { password }: OpenWith): Promise<Keys | readonly Finding[]> {
  if (password === null) return lockedKeys(keystore);
  const derived = await keyOfPassword(keystore.key, password, keystore.derivedBytes);
  let privateKey: Buffer;
  try {
    const proof = keccak_256(Buffer.concat([derived.subarray(16, 32), keystore.ciphertext]));
    if (!timingSafeEqual(proof, keystore.mac)) throw wrongPassword();
    const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), keystore.iv);
    privateKey = Buffer.concat([decipher.update(keystore.ciphertext), decipher.final()]);
  } finally {
    derived.fill(0);
  }
  const outside = rangeFaults(privateKey);
  const keys = outside.length > 0 ? null : openSingleKey(privateKey, false);
  if (keys === null) {
    privateKey.fill(0);
    return outside;
  }
  if (keystore.address === null || addressOfPoint(keys.secp256k1(null).point) === keystore.address) return keys;
  keys.wipe();
  return [finding('keystore-address', 'the address that it names is not that of the key inside')];
}

function lockedKeys({ address }: Keystore): Keys {
  return {
    secp256k1: () => {
      throw address === null
        ? inputError('identifier-not-for-key', 'the key file names no address', { hint: 'give its password, or ask for nothing' })
        : missingPassword();
    },
    ed25519: null,
    ...(address === null ? {} : { statedAddress: address }),
    wipe: () => undefined,
  };
}
