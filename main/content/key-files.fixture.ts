import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Private keys in PEM as Node writes them, by what they are; made anew for each run. */
export function plainKeys(): Record<'rsa' | 'secp256k1' | 'p256' | 'p384' | 'p521' | 'ed25519' | 'x25519', string> {
  const pem = ({ privateKey }: { privateKey: KeyObject }): string => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const ec = (namedCurve: string): string => pem(generateKeyPairSync('ec', { namedCurve }));
  return {
    rsa: pem(generateKeyPairSync('rsa', { modulusLength: 2048 })),
    secp256k1: ec('secp256k1'),
    p256: ec('P-256'),
    p384: ec('P-384'),
    p521: ec('P-521'),
    ed25519: pem(generateKeyPairSync('ed25519')),
    x25519: pem(generateKeyPairSync('x25519')),
  };
}

export const PASSWORD = 'a password of this test';

/** The same key as `openssl pkcs8` encrypts it; `options` choose cipher and derivation. */
export function encryptedKey(pem: string, options: readonly string[]): string {
  return execFileSync('openssl', ['pkcs8', '-topk8', '-passout', `pass:${PASSWORD}`, ...options], { input: pem, encoding: 'utf8' });
}
