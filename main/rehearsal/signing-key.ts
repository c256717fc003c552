import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Clock } from '../values/index.ts';
import type { FaultName } from './faults.ts';

const DAY_MS = 86_400_000;

/** The enclave's P-256 key of one rotation, with the JWKS entry that publishes it. Contract, "The enclave's signature". */
export class SigningKey {
  readonly privateKey: KeyObject;
  readonly madeAtMs: number;

  constructor(privateKey: KeyObject, madeAtMs: number) {
    this.privateKey = privateKey;
    this.madeAtMs = madeAtMs;
  }

  static make(clock: Clock): SigningKey {
    return new SigningKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, clock.now());
  }

  /**
   * The JWKS entry: the same at every call. It is valid from a day before it was made, so that a client whose clock lags behind
   * a little takes it. Its `kid` is the one that sandbox and production share for different keys: telling keys apart by it fails.
   */
  jwk(fault: FaultName | null): Record<string, unknown> {
    const validFromMs = this.madeAtMs + (fault === 'not-yet-valid-key' ? DAY_MS : -DAY_MS);
    return {
      ...createPublicKey(this.privateKey).export({ format: 'jwk' }),
      kid: 'enclave-signing-key-v1',
      alg: 'ES256',
      use: 'sig',
      'coincover:purposes': fault === 'wrong-purpose' ? ['policy-sig'] : ['assignment-sig', 'policy-sig'],
      'coincover:validFrom': new Date(validFromMs).toISOString(),
    };
  }

  /** ECDSA with SHA-256 over the UTF-8 bytes, base64 of DER. */
  sign(text: string, fault: FaultName | null): string {
    const signedText = fault === 'bad-signature' ? `${text} ` : text;
    const dsaEncoding = fault === 'p1363-signature' ? 'ieee-p1363' : 'der';
    return sign('sha256', Buffer.from(signedText, 'utf8'), { key: this.privateKey, dsaEncoding }).toString('base64');
  }
}
