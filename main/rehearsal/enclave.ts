import { createHash, generateKeyPair, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { canonicalJson, type Clock } from '../values/index.ts';
import type { FaultName } from './faults.ts';
import { Refusal } from './refusal.ts';

type Pair = { publicKey: KeyObject; privateKey: KeyObject };

/** A key that the stand-in has assigned, with its private half: this is a rehearsal, and nothing of it outlives the process. */
export type HeldKey = {
  keyId: string;
  publicKeyHex: string;
  privateKey: KeyObject;
  keyEnvironment: 'HOT' | 'COLD';
};

export type Assignment = {
  userIdentifier: string;
  keyType: 'rsa4096' | 'secp256k1' | 'ed25519';
  keyEnvironment: 'HOT' | 'COLD';
  customer: { id: string; name: string | null } | null;
  package: { id: string; name: string | null } | null;
  signWith: readonly string[] | null;
};

const makePair = promisify(generateKeyPair);

/** Plays the enclave: makes keys, signs them, publishes its signing key. Contract, "The enclave's signature". */
export class Enclave {
  /** The account that pulls keys here: what `pulled_by_id` says. */
  readonly accountId = `rehearsal-${randomUUID().slice(0, 8)}`;
  readonly #clock: Clock;
  readonly #keys = new Map<string, HeldKey>();
  #signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  /** RSA-4096 takes seconds to make, so the next one is made ahead. */
  #ahead: Promise<Pair> | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  prepare(): void {
    this.#ahead ??= makePair('rsa', { modulusLength: 4096 });
    this.#ahead.catch(() => undefined); // whoever takes it meets the error
  }

  rotate(): void {
    this.#signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  jwks(fault: FaultName | null): Record<string, unknown> {
    return {
      keys: [
        {
          ...this.#signing.publicKey.export({ format: 'jwk' }),
          kid: 'enclave-signing-key-v1',
          alg: 'ES256',
          use: 'sig',
          'coincover:purposes': fault === 'wrong-purpose' ? ['policy-sig'] : ['assignment-sig', 'policy-sig'],
          'coincover:validFrom':
            fault === 'not-yet-valid-key' ? '2999-01-01T00:00:00Z' : new Date(this.#clock.now() - 86_400_000).toISOString(),
        },
      ],
    };
  }

  key(keyId: string): HeldKey | null {
    return this.#keys.get(keyId) ?? null;
  }

  keyByHex(hex: string): HeldKey | null {
    return [...this.#keys.values()].find((key) => key.publicKeyHex.toLowerCase() === hex.toLowerCase()) ?? null;
  }

  /** Makes a key and the whole answer of `POST /v1/keys`. */
  async assign(assignment: Assignment, fault: FaultName | null): Promise<Record<string, unknown>> {
    const keyId = randomUUID();
    const pair = await this.#makeKey(assignment.keyType, fault);
    const hex = publicHex(pair.publicKey, assignment.keyType, fault);
    const { payload, signedText } = this.#payload(assignment, keyId, hex, fault);
    if (fault === 'rotated-key') this.rotate();
    const answer = {
      key_id: keyId,
      public_key:
        fault === 'swapped-key' ? publicHex((await this.#makeKey(assignment.keyType, null)).publicKey, assignment.keyType, null) : hex,
      signature: this.#sign(fault === 'bad-signature' ? `${signedText} ` : signedText, fault),
      customer_id: assignment.customer?.id ?? null,
      package_id: assignment.package?.id ?? null,
      metadata: { customer_name: assignment.customer?.name ?? null, package_name: assignment.package?.name ?? null },
      ...(payload === null || assignment.signWith === null
        ? {}
        : {
            signed_payload: payload,
            signed_fields: fault === 'reordered-fields' ? assignment.signWith.toReversed() : assignment.signWith,
          }),
    };
    this.#keys.set(keyId, { keyId, publicKeyHex: hex, privateKey: pair.privateKey, keyEnvironment: assignment.keyEnvironment });
    return answer;
  }

  #makeKey(keyType: Assignment['keyType'], fault: FaultName | null): Promise<Pair> {
    if (keyType === 'ed25519') return makePair('ed25519', {});
    if (keyType === 'secp256k1') return makePair('ec', { namedCurve: 'secp256k1' });
    if (fault === 'key-2048') return makePair('rsa', { modulusLength: 2048 });
    const ready = this.#ahead ?? makePair('rsa', { modulusLength: 4096 });
    this.#ahead = null;
    return ready;
  }

  /** With `sign_with` RFC 8785 of the public key and the fields asked for is signed, without it the hex string itself. */
  #payload(assignment: Assignment, keyId: string, hex: string, fault: FaultName | null): { payload: string | null; signedText: string } {
    if (assignment.signWith === null) return { payload: null, signedText: hex };
    const fingerprint = createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');
    const values: Readonly<Record<string, string | undefined>> = {
      external_customer_id: assignment.customer?.id,
      external_package_id: assignment.package?.id,
      pulled_by_id: this.accountId,
      pulled_by_type: 'api_key',
      user_id: randomUUID(),
      key_id: keyId,
      key_fingerprint: fault === 'uppercase-fingerprint' ? fingerprint.toUpperCase() : fingerprint,
    };
    const bound: Record<string, string> = { public_key: hex };
    for (const field of assignment.signWith) {
      const value = Object.hasOwn(values, field) ? values[field] : undefined;
      if (value === undefined)
        throw new Refusal(400, 'a field of sign_with cannot be resolved', { sign_with: [`cannot resolve ${field}`] });
      bound[field] = value;
    }
    const payload = canonicalJson(bound);
    return { payload, signedText: payload };
  }

  #sign(text: string, fault: FaultName | null): string {
    const dsaEncoding = fault === 'p1363-signature' ? 'ieee-p1363' : 'der';
    return sign('sha256', Buffer.from(text, 'utf8'), { key: this.#signing.privateKey, dsaEncoding }).toString('base64');
  }
}

/** RSA as SubjectPublicKeyInfo or PKCS#1 in DER; the curves as their raw (compressed) point. Contract, "The assigned key". */
function publicHex(key: KeyObject, keyType: Assignment['keyType'], fault: FaultName | null): string {
  if (keyType === 'rsa4096') return key.export({ format: 'der', type: fault === 'pkcs1-key' ? 'pkcs1' : 'spki' }).toString('hex');
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = Buffer.from(x, 'base64url');
  if (keyType === 'ed25519') return point.toString('hex');
  const odd = ((Buffer.from(y, 'base64url').at(-1) ?? 0) & 1) === 1;
  return Buffer.concat([Buffer.from([odd ? 3 : 2]), point]).toString('hex');
}
