import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { Keychain } from '../../keychain/index.ts';
import type { StationSigner } from '../../transfer/index.ts';
import { fingerprintOf, inputError, type Fingerprint } from '../../values/index.ts';
import type { StationFile } from './home.ts';

const KEY_BYTES = 32;

/** A new station's two keys. The caller wipes `seed` and `macKey`. */
export function makeStationKeys(): { publicKey: string; id: Fingerprint; seed: Buffer; macKey: Buffer } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKeyOf(privateKey);
  return { publicKey: raw.toString('base64'), id: fingerprintOf(raw), seed: seedOf(privateKey), macKey: randomBytes(KEY_BYTES) };
}

/** Puts a new station's keys into its keychain. */
export async function keepStationKeys(keychain: Keychain, file: StationFile, keys: { seed: Buffer; macKey: Buffer }): Promise<void> {
  await keychain.set(entryName(file, 'station-key'), keys.seed);
  await keychain.set(entryName(file, 'mac-key'), keys.macKey);
}

/** The name under which the keychain has an environment's API key. */
export function tokenEntry(file: StationFile, environmentId: string): string {
  return entryName(file, `token-${environmentId}`);
}

/** What an entry of this station is called in a keychain that other stations may share. */
export function entryName(file: StationFile, entry: string): string {
  return `${file.keychain_scope}/${entry}`;
}

/** The station's keys from its keychain, for `ledger rebuild`, which has no ledger to open. */
export async function readStationKeys(keychain: Keychain, file: StationFile): Promise<{ macKey: Buffer; signingKey: KeyObject }> {
  const macKey = await requireKey(keychain, file, 'mac-key');
  const seed = await requireKey(keychain, file, 'station-key');
  const signingKey = signingKeyOf(seed);
  seed.fill(0);
  return { macKey, signingKey };
}

/** One of the two keys, 32 bytes, which the caller wipes. @throws input `keychain-lost`. */
export async function requireKey(keychain: Keychain, file: StationFile, entry: string): Promise<Buffer> {
  const key = await keychain.get(entryName(file, entry));
  if (key?.length === KEY_BYTES) return key;
  throw inputError('keychain-lost', 'the keychain does not hold this station’s keys', {
    hint: 'restore the keychain; without it the station can only be read (`ledger list`, `ledger check`), and a new one must be made',
  });
}

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410 §7, before the 32-byte seed

/** @param seed 32 bytes of Ed25519, which are not changed. */
export function signingKeyOf(seed: Buffer): KeyObject {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}

function seedOf(key: KeyObject): Buffer {
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const seed = Buffer.from(der.subarray(-KEY_BYTES));
  der.fill(0);
  return seed;
}

/** Its 32 raw bytes. */
export function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

/** What writes documents in the station's name. */
export function signerOf(file: StationFile, key: KeyObject): StationSigner {
  return {
    station: { id: file.id, name: file.name, role: file.role, public_key: file.public_key },
    sign: (bytes) => sign(null, bytes, key),
  };
}
