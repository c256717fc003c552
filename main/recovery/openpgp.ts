import type { Config, PrivateKey } from 'openpgp';
import { settleAesKeyWrap } from '../machine/index.ts';

/**
 * What openpgp is held to here. Without these a message of a few kilobytes could ask for all of the memory, while a package holds a
 * private key or a ciphertext; and what nobody authenticated is never opened (two of its defaults, said here because everything rests
 * on them).
 */
export const LIMITS = {
  maxDecompressedMessageSize: 16 * 1024 * 1024,
  /** 2^21 KiB: what RFC 9580 recommends where memory is plenty. */
  maxArgon2MemoryExponent: 21,
  allowUnauthenticatedMessages: false,
  allowUnauthenticatedStream: false,
} as const satisfies Partial<Config>;

/** Loaded when it is needed: it costs more to start than all the rest. */
export async function openPgp() {
  await settleAesKeyWrap();
  return import('openpgp');
}

/** An OpenPGP pair that lives in memory alone: what a rehearsal asks a release for. */
export type EphemeralOpenPgpKey = { publicKeyArmored: string; privateKey: PrivateKey };

/** Makes a Curve25519 pair without a passphrase, for use within one process. */
export async function makeEphemeralOpenPgpKey(name: string): Promise<EphemeralOpenPgpKey> {
  const { generateKey, readPrivateKey } = await openPgp();
  const { publicKey, privateKey } = await generateKey({ type: 'curve25519', userIDs: [{ name }], format: 'armored' });
  return { publicKeyArmored: publicKey, privateKey: await readPrivateKey({ armoredKey: privateKey }) };
}
