import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { decodeBase64, inputError, isSha256, isUuid, parseJson, sha256, type ColdroomError } from '../values/index.ts';
import { isWhole, ownerName, type AssignedKey } from './assigned-key.ts';
import type { HeldBackup } from './vault.ts';

/** All that a stand-in must know to go on as if it had never ended. What it was asked, and its faults, are not of it. */
export type StandInState = {
  /** Where it listened last; null where it never did. */
  readonly port: number | null;
  readonly tokens: { readonly institution: string; readonly partner: string };
  readonly accountId: string;
  readonly signingKey: { readonly privateKey: KeyObject; readonly madeAtMs: number };
  /** In the order in which they were assigned. */
  readonly keys: readonly AssignedKey[];
  /** In the order in which they came; the key of each is one of `keys`. */
  readonly backups: readonly HeldBackup[];
};

/** The most bytes of a saved state: nine files of the largest size, in base64, and then some. */
export const MAX_STATE_BYTES = 128 * 1024 * 1024;

/** 9999-12-31, the last day that ISO 8601 writes with four digits. */
const MAX_TIME_MS = 253_402_300_799_999;

const uuid = z.string().refine(isUuid);
const digest = z.string().refine(isSha256);

const savedKey = z.strictObject({
  key_id: uuid,
  key_environment: z.enum(['HOT', 'COLD']),
  form: z.enum(['spki', 'pkcs1', 'raw-ed25519', 'raw-secp256k1']),
  public_key: z.string().regex(/^([0-9a-f]{2})+$/),
  /** PKCS#8 DER in base64. */
  private_key: z.string(),
  user_identifier: z.string().min(1),
  customer_id: z.string().min(1).nullable(),
});

const savedBackup = z.strictObject({
  backup_id: uuid,
  key_id: uuid,
  type: z.enum(['data', 'file']),
  ciphertext: z.string(),
  ciphertext_sha256: digest,
  plaintext_sha256: digest.nullable(),
});

const savedState = z.strictObject({
  version: z.literal(1),
  port: z.number().int().min(1).max(65_535).nullable(),
  institution_token: z.string().regex(/^rehearsal-[0-9a-f]{48}$/),
  partner_token: z.string().regex(/^rehearsal-partner-[0-9a-f]{48}$/),
  account_id: z.string().refine((id) => id.startsWith('rehearsal-') && isUuid(id.slice('rehearsal-'.length))),
  /** PKCS#8 DER in base64, of a P-256 key. */
  signing_key: z.string(),
  signing_key_made_at_ms: z.number().int().min(0).max(MAX_TIME_MS),
  keys: z.array(savedKey),
  backups: z.array(savedBackup),
});

/**
 * A state as JSON in UTF-8. It holds private keys and, beside them, what they open. The caller wipes it; the text that it is made
 * of cannot be wiped.
 */
export function encodeState(state: StandInState): Buffer {
  const saved: z.input<typeof savedState> = {
    version: 1,
    port: state.port,
    institution_token: state.tokens.institution,
    partner_token: state.tokens.partner,
    account_id: state.accountId,
    signing_key: pkcs8(state.signingKey.privateKey),
    signing_key_made_at_ms: state.signingKey.madeAtMs,
    keys: state.keys.map((key) => ({
      key_id: key.keyId,
      key_environment: key.keyEnvironment,
      form: key.form,
      public_key: key.publicKeyHex,
      private_key: pkcs8(key.privateKey),
      user_identifier: key.owner.userIdentifier,
      customer_id: key.owner.customerId,
    })),
    backups: state.backups.map((backup) => ({
      backup_id: backup.backupId,
      key_id: backup.key.keyId,
      type: backup.type,
      ciphertext: backup.ciphertext.toString('base64'),
      ciphertext_sha256: backup.ciphertextSha256,
      plaintext_sha256: backup.plaintextSha256,
    })),
  };
  return Buffer.from(JSON.stringify(saved), 'utf8');
}

/**
 * Reads what {@link encodeState} made, and nothing else. @param bytes the caller wipes them.
 * @throws input `rehearsal-file-damaged`, without a word of what is in it.
 */
export function parseState(bytes: Uint8Array): StandInState {
  try {
    return stateOf(savedState.parse(parseJson(bytes, { maxBytes: MAX_STATE_BYTES, maxDepth: 3, integersOnly: true })));
  } catch {
    throw damagedRehearsal('it holds no rehearsal that this version of Coldroom can read'); // a reader's reason may quote a secret
  }
}

/** @param reason lower case, no full stop. */
export function damagedRehearsal(reason: string): ColdroomError {
  return inputError('rehearsal-file-damaged', `the kept rehearsal cannot go on: ${reason}`, {
    hint: 'discard the rehearsal and start a new one; CoinCover holds nothing of it',
  });
}

function stateOf(saved: z.output<typeof savedState>): StandInState {
  const keys = saved.keys.map(keyOf);
  const byId = new Map(keys.map((key) => [key.keyId, key]));
  const backups = saved.backups.map((backup) => backupOf(backup, byId));
  demand(byId.size === keys.length);
  demand(new Set(keys.map((key) => ownerName(key.owner))).size === keys.length);
  demand(new Set(backups.map((backup) => backup.backupId)).size === backups.length);
  const signingKey = privateKeyOf(saved.signing_key);
  demand(signingKey.asymmetricKeyDetails?.namedCurve === 'prime256v1');
  return {
    port: saved.port,
    tokens: { institution: saved.institution_token, partner: saved.partner_token },
    accountId: saved.account_id,
    signingKey: { privateKey: signingKey, madeAtMs: saved.signing_key_made_at_ms },
    keys,
    backups,
  };
}

function keyOf(saved: z.output<typeof savedKey>): AssignedKey {
  const key: AssignedKey = {
    keyId: saved.key_id,
    keyEnvironment: saved.key_environment,
    owner: { userIdentifier: saved.user_identifier, customerId: saved.customer_id },
    form: saved.form,
    publicKeyHex: saved.public_key,
    privateKey: privateKeyOf(saved.private_key),
  };
  demand(isWhole(key));
  return key;
}

function backupOf(saved: z.output<typeof savedBackup>, keys: ReadonlyMap<string, AssignedKey>): HeldBackup {
  const key = keys.get(saved.key_id);
  const ciphertext = decodeBase64(saved.ciphertext);
  if (key === undefined || ciphertext === null) throw new TypeError('a backup without its key or its bytes');
  demand(sha256(ciphertext) === saved.ciphertext_sha256);
  demand((saved.type === 'file') === (saved.plaintext_sha256 === null));
  return {
    backupId: saved.backup_id,
    key,
    type: saved.type,
    ciphertext,
    ciphertextSha256: saved.ciphertext_sha256,
    plaintextSha256: saved.plaintext_sha256,
  };
}

function pkcs8(key: KeyObject): string {
  const der = key.export({ format: 'der', type: 'pkcs8' });
  const text = der.toString('base64');
  der.fill(0);
  return text;
}

function privateKeyOf(text: string): KeyObject {
  const der = decodeBase64(text);
  if (der === null) throw new TypeError('not base64');
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

function demand(holds: boolean): void {
  if (!holds) throw new TypeError('the parts of the state contradict each other');
}
