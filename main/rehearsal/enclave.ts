import { generateKeyPair, randomUUID, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { canonicalJson, sha256, type Clock } from '../values/index.ts';
import { formOf, ownerName, publicKeyHex, type AssignedKey } from './assigned-key.ts';
import type { Changes } from './changes.ts';
import type { FaultName } from './faults.ts';
import type { KeyPool } from './key-pool.ts';
import { Refusal } from './refusal.ts';
import type { Assignment, KeyType, SignedField } from './requests.ts';
import type { StandInState } from './saved-state.ts';
import { SigningKey } from './signing-key.ts';

const makeKeyPair = promisify(generateKeyPair);

/** Plays the enclave: makes keys, signs them, holds their private halves, publishes its signing key. */
export class Enclave {
  /** The account that pulls keys here: what `pulled_by_id` says. */
  readonly accountId: string;
  readonly #clock: Clock;
  readonly #keyPool: KeyPool;
  readonly #changes: Changes;
  readonly #keys: Map<string, AssignedKey>;
  /** By name; also those whose key is being made, which are not saved: killed now, they have none. */
  readonly #owners: Set<string>;
  #signingKey: SigningKey;

  constructor(clock: Clock, keyPool: KeyPool, changes: Changes, saved: StandInState | null = null) {
    this.#clock = clock;
    this.#keyPool = keyPool;
    this.#changes = changes;
    const keys = saved?.keys ?? [];
    this.accountId = saved?.accountId ?? `rehearsal-${randomUUID()}`;
    this.#keys = new Map(keys.map((key) => [key.keyId, key]));
    this.#owners = new Set(keys.map((key) => ownerName(key.owner)));
    this.#signingKey = saved === null ? SigningKey.make(clock) : new SigningKey(saved.signingKey.privateKey, saved.signingKey.madeAtMs);
  }

  /** Its part of what is saved. */
  get state(): Pick<StandInState, 'accountId' | 'signingKey' | 'keys'> {
    return { accountId: this.accountId, signingKey: this.#signingKey, keys: [...this.#keys.values()] };
  }

  /** Another signing key takes the place of the one there was, which is published no more. */
  rotate(): Promise<void> {
    return this.#changes.make(() => ({ answer: undefined, undo: this.#useSigningKey(SigningKey.make(this.#clock)) }));
  }

  jwks(fault: FaultName | null): Record<string, unknown> {
    return { keys: [this.#signingKey.jwk(fault)] };
  }

  key(keyId: string): AssignedKey | null {
    return this.#keys.get(keyId) ?? null;
  }

  /** Finds a key by the hex that was delivered, exactly: the contract wants it sent back so, in no other case or form. */
  keyByHex(hex: string): AssignedKey | null {
    return [...this.#keys.values()].find((key) => key.publicKeyHex === hex) ?? null;
  }

  /**
   * Makes and signs a key. @returns the whole answer of `POST /v1/keys`, once the key is kept.
   * @throws Refusal 409 on a second one for the same user and organisation, also while the first is being made.
   */
  async assign(assignment: Assignment, fault: FaultName | null): Promise<Record<string, unknown>> {
    const owner = { userIdentifier: assignment.userIdentifier, customerId: assignment.customer?.id ?? null };
    const name = ownerName(owner);
    if (this.#owners.has(name)) throw new Refusal(409, 'Key already assigned for this user and organisation');
    this.#owners.add(name);
    try {
      const { keyType, keyEnvironment } = assignment;
      const form = formOf(keyType, fault === 'pkcs1-key');
      const privateKey = fault === 'key-2048' && keyType === 'rsa4096' ? await makeRsa2048() : await this.#makeKey(keyType);
      const hex = publicKeyHex(privateKey, form);
      const key: AssignedKey = { keyId: randomUUID(), keyEnvironment, owner, form, publicKeyHex: hex, privateKey };
      const delivered = fault === 'swapped-key' ? publicKeyHex(await this.#makeKey(keyType), form) : hex;
      return await this.#changes.make(() => this.#hold(key, delivered, assignment, fault));
    } catch (error) {
      this.#owners.delete(name); // nothing was assigned
      throw error;
    }
  }

  #hold(key: AssignedKey, delivered: string, assignment: Assignment, fault: FaultName | null) {
    const { customer, signWith } = assignment;
    const signingKey = fault === 'rotated-key' ? SigningKey.make(this.#clock) : this.#signingKey;
    const payload = signWith === null ? null : this.#payload(key, assignment, signWith, fault);
    const signedFields = fault === 'reordered-fields' ? signWith?.toReversed() : signWith;
    const answer: Record<string, unknown> = {
      key_id: key.keyId,
      public_key: delivered,
      signature: signingKey.sign(payload ?? key.publicKeyHex, fault),
      customer_id: customer?.id ?? null,
      package_id: assignment.package?.id ?? null,
      metadata: { customer_name: customer?.name ?? null, package_name: assignment.package?.name ?? null },
      ...(payload === null ? {} : { signed_payload: payload, signed_fields: signedFields }),
    };
    const useSigningKeyBefore = this.#useSigningKey(signingKey);
    this.#keys.set(key.keyId, key);
    const undo = (): void => {
      this.#keys.delete(key.keyId);
      useSigningKeyBefore();
    };
    return { answer, undo };
  }

  /** @returns what puts the signing key that there was back. */
  #useSigningKey(signingKey: SigningKey): () => void {
    const before = this.#signingKey;
    this.#signingKey = signingKey;
    return () => {
      this.#signingKey = before;
    };
  }

  async #makeKey(keyType: KeyType): Promise<KeyObject> {
    switch (keyType) {
      case 'rsa4096':
        return this.#keyPool.take();
      case 'ed25519':
        return (await makeKeyPair('ed25519', {})).privateKey;
      case 'secp256k1':
        return (await makeKeyPair('ec', { namedCurve: 'secp256k1' })).privateKey;
    }
  }

  /** What is signed with `sign_with`: RFC 8785 of the public key and of the fields asked for. */
  #payload(key: AssignedKey, assignment: Assignment, signWith: readonly SignedField[], fault: FaultName | null): string {
    const fingerprint = sha256(Buffer.from(key.publicKeyHex, 'hex'));
    const values: Readonly<Record<SignedField, string | undefined>> = {
      external_customer_id: assignment.customer?.id,
      external_package_id: assignment.package?.id,
      pulled_by_id: this.accountId,
      pulled_by_type: 'api_key',
      user_id: randomUUID(),
      key_id: key.keyId,
      key_fingerprint: fault === 'uppercase-fingerprint' ? fingerprint.toUpperCase() : fingerprint,
    };
    const bound: Record<string, string> = { public_key: key.publicKeyHex };
    for (const field of signWith) {
      const value = values[field];
      if (value === undefined) throw new Error(`${field} was accepted and cannot be resolved`);
      bound[field] = value;
    }
    return canonicalJson(bound);
  }
}

async function makeRsa2048(): Promise<KeyObject> {
  return (await makeKeyPair('rsa', { modulusLength: 2048 })).privateKey;
}
