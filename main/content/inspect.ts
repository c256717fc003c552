import { inputError } from '../values/index.ts';
import { readBip39Passphrase } from './bip39-passphrase.ts';
import type { Finding } from './finding.ts';
import { parseIdentifierType, type IdentifierType } from './identifier.ts';
import { IDENTIFIERS } from './identifiers.ts';
import { parseKind, type Kind, type KindReader, type PathRule } from './kind.ts';
import { KIND_READERS, recognise } from './kinds.ts';
import { passwordBytes } from './password-key.ts';
import { parsePath, type DerivationPath } from './path.ts';

export type IdentifierRequest = {
  readonly type: IdentifierType;
  /** As {@link parsePath} reads it, from the secret's own key on; null: the usual one of kind and type, or none for a single key. */
  readonly path: string | null;
};

export type InspectRequest = {
  /** What the secret is said to be; left out, it is recognised. */
  readonly kind?: Kind;
  readonly identifiers: readonly IdentifierRequest[];
  /** UTF-8, as its file has it; null or empty: none. The caller wipes it. */
  readonly bip39Passphrase: Buffer | null;
  /** What a key file is encrypted under, as its own file has it: one line end behind it is no part of it. The caller wipes it. */
  readonly password?: Buffer | null;
};

export type IdentifierValue = {
  readonly type: IdentifierType;
  /** The path it was computed at; null for a single key. */
  readonly path: string | null;
  readonly value: string;
};

export type Inspection = {
  readonly kind: Kind;
  /** Whether the kind's own checks passed. Of `opaque` it says only that there is something. */
  readonly valid: boolean;
  /** Why it is not valid, or what is worth knowing though it is. Without a character of the secret. */
  readonly findings: readonly Finding[];
  /** What was asked for, in that order; empty when the secret is not valid. */
  readonly identifiers: readonly IdentifierValue[];
};

type ResolvedRequest = { readonly type: IdentifierType; readonly path: DerivationPath | null };

/**
 * Says what a secret is, whether it is valid as that, and which public identifiers follow from it.
 *
 * A secret that is not valid is an answer, not an error. A request that does not fit its kind is an error whether or not the
 * secret is valid; only what depends on the key itself is found later.
 *
 * @param secret the file's exact bytes; they are not changed, the caller wipes them. Buffers that keys were derived into are
 *   wiped here. Phrases and keys of at most 4,096 bytes also become JavaScript strings, and the libraries make copies of
 *   their own: neither can be wiped, so they are only kept short-lived.
 * @throws input `kind-unknown`, `identifier-type-unknown`, `identifier-not-for-kind`, `identifier-not-for-key`; of paths
 *   `path-syntax`, `path-hardened-mark`, `path-step`, `path-too-deep`, `path-missing`, `path-not-for-kind`,
 *   `path-not-for-type`, `path-has-no-key`; `bip39-passphrase-not-utf8`, `bip39-passphrase-characters`,
 *   `bip39-passphrase-not-for-kind`; `password-not-for-kind`, `password-not-needed`, `password-missing`, `password-wrong`,
 *   `password-too-costly`. design.md, "The plan, and the right secret".
 */
export async function inspectSecret(secret: Buffer, request: InspectRequest): Promise<Inspection> {
  const reader = request.kind === undefined ? recognise(secret) : KIND_READERS[parseKind(request.kind)];
  const asked = request.identifiers.map((each) => resolveRequest(each, reader));
  const passphrase = readBip39Passphrase(request.bip39Passphrase);
  if (passphrase !== '' && !reader.takesBip39Passphrase) {
    throw inputError('bip39-passphrase-not-for-kind', `a BIP-39 passphrase was given, and the secret is of kind ${reader.kind}`, {
      hint: 'leave it out, or say the kind if the secret is meant to be a phrase',
    });
  }
  const password = request.password ? passwordBytes(request.password) : null;
  if (password !== null && !reader.takesPassword) {
    throw inputError('password-not-for-kind', `a password was given, and a secret of kind ${reader.kind} has none`, {
      hint: 'leave it out; a BIP-39 passphrase is given apart',
    });
  }
  const reading = reader.read(secret);
  const { kind } = reader;
  const notValid = (faults: readonly Finding[]): Inspection => ({ kind, valid: false, findings: [...faults], identifiers: [] });
  if (!reading.valid) return notValid(reading.findings);
  if (password !== null && reading.locked !== true) {
    throw inputError('password-not-needed', 'a password was given, and the key file is not under one', { hint: 'leave it out' });
  }
  if (asked.length === 0 && password === null) return { kind, valid: true, findings: [...reading.findings], identifiers: [] };
  if (reading.open === null) throw new TypeError('a kind offers identifiers and cannot be opened');
  const keys = await reading.open({ bip39Passphrase: passphrase, password });
  if (!('wipe' in keys)) return notValid(keys);
  // What was locked has been opened and checked: that it is locked is no news any more.
  const findings = password === null ? [...reading.findings] : [];
  try {
    const identifiers = asked.map(({ type, path }) => ({
      type,
      path: path?.text ?? null,
      value: IDENTIFIERS[type].compute(keys, path),
    }));
    return { kind, valid: true, findings, identifiers };
  } finally {
    keys.wipe();
  }
}

/**
 * Settles what an identifier of a kind is computed at, before there is a secret: what a plan asks for is judged as a secret's will be.
 * @returns the path, the usual one where none is given; null for a single key.
 * @throws input `identifier-not-for-kind`, and of paths what {@link inspectSecret} throws.
 */
export function settlePath(kind: Kind, request: IdentifierRequest): string | null {
  return resolveRequest(request, KIND_READERS[kind]).path?.text ?? null;
}

/** Checks one request against the kind's table and settles its path. */
function resolveRequest(request: IdentifierRequest, reader: KindReader): ResolvedRequest {
  const type = parseIdentifierType(request.type);
  const given = request.path === null ? null : parsePath(request.path);
  const rule = reader.identifiers[type];
  if (rule === undefined) {
    const known = Object.keys(reader.identifiers);
    throw inputError('identifier-not-for-kind', `a secret of kind ${reader.kind} has no ${type}`, {
      hint: known.length === 0 ? 'say the kind if it is meant to be another one' : `it has ${known.join(', ')}`,
    });
  }
  if (rule === 'none') {
    if (given === null) return { type, path: null };
    throw inputError('path-not-for-kind', `a secret of kind ${reader.kind} is a single key and has no paths`, {
      hint: 'leave the path out',
    });
  }
  const path = given ?? usualPath(type, rule, reader.kind);
  IDENTIFIERS[type].checkPath(path);
  return { type, path };
}

function usualPath(type: IdentifierType, rule: Exclude<PathRule, 'none'>, kind: Kind): DerivationPath {
  if (rule !== 'given') return parsePath(rule.usual);
  throw inputError('path-missing', `there is no usual path for ${type} of a secret of kind ${kind}`, { hint: 'give the path' });
}
