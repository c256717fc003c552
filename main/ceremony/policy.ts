import { z } from 'zod';
import { canonicalJson, inputError, isJsonObject, memberOf, parseJson, quote, sha256, type Json, type Sha256 } from '../values/index.ts';
import { STEP_IDS } from './step-ids.ts';

/** The least bytes that hold every member several times over. */
const MAX_POLICY_BYTES = 64 * 1024;
/** As many as the people step takes. */
const MAX_PEOPLE = 20;
/** As long as a passphrase may be that somebody types. */
const MAX_LEAST_LENGTH = 256;
/** A list of signing keys older than a year is none that anybody should trust, whatever a file says. */
const MAX_KEY_PACK_DAYS = 365;

/** The roles of a ceremony, in the order in which screens and reports name them. An auditor watches and signs nothing. */
export const ROLES = ['administrator', 'operator', 'witness', 'auditor'] as const;
export type PersonRole = (typeof ROLES)[number];

const least = (minimum: number) => z.number().int().min(minimum).max(MAX_PEOPLE);

/**
 * The rules of a ceremony, as a file `policy/1` has them. Every member must be there, and no other; a rule that came later is left out
 * where it does not hold, so that a policy which was written before it keeps its digest.
 */
export const policySchema = z.strictObject({
  coldroom: z.literal('policy/1'),
  /** The least number of people in each role. Nobody witnesses himself, so one administrator and one witness is the floor. */
  people: z.strictObject({ administrator: least(1), operator: least(0), witness: least(1), auditor: least(0) }),
  /** Written out so that it is read; there is no ceremony in which it could be otherwise. */
  same_person_may_sign_twice: z.literal(false),
  /** The steps that need the initials of every witness, not of one. */
  all_witnesses_sign: z
    .array(z.enum(STEP_IDS))
    .max(STEP_IDS.length)
    .refine((ids) => new Set(ids).size === ids.length, 'names a step twice'),
  /** What a live network means on a cold station. */
  network_gate: z.enum(['warn', 'stop']),
  /** Beyond this age of its list of signing keys a key pack is refused. */
  key_pack_limit_days: z.number().int().min(1).max(MAX_KEY_PACK_DAYS),
  /**
   * Passphrases that people make up. Those of words from the list, as Coldroom draws them, are asked for nothing here: `own_allowed`
   * false leaves these alone. `least_length` comes beside the least that any such passphrase has (main/sealing/own-passphrase.ts).
   */
  passphrase: z.strictObject({ own_allowed: z.boolean(), least_length: z.number().int().min(1).max(MAX_LEAST_LENGTH) }),
  /** Whether CoinCover may be told the name of a sealed file. */
  file_names_may_be_sent: z.boolean(),
  /** Initials take a PIN beside them, which each person chooses in the first step. Left out: two to five letters are all they are. */
  initials_with_pin: z.literal(true).exactOptional(),
});

export type Policy = z.output<typeof policySchema>;

/** What applies where nobody has set anything, and to ceremonies that were begun before there were policies. */
export const DEFAULT_POLICY: Policy = {
  coldroom: 'policy/1',
  people: { administrator: 1, operator: 0, witness: 1, auditor: 0 },
  same_person_may_sign_twice: false,
  all_witnesses_sign: [],
  network_gate: 'warn',
  key_pack_limit_days: 30,
  passphrase: { own_allowed: true, least_length: 16 },
  file_names_may_be_sent: true,
};

/** SHA-256 of the policy's RFC 8785 form: the same for two files that say the same. */
export function policyDigest(policy: Policy): Sha256 {
  return sha256(canonicalJson(policy));
}

/** A policy as `policy new` writes it, for people to change: one member a line, a line end behind it. */
export function encodePolicy(policy: Policy): Buffer {
  return Buffer.from(`${JSON.stringify(policy, null, 2)}\n`, 'utf8');
}

/**
 * Reads a policy file's bytes. Strict like every document: a member too many may be a rule that this version does not keep.
 * @param name the file, for messages.
 * @throws input `policy-not-json`, `policy-not-ours` (no policy, or of another version), `policy-same-person`, `policy-members`,
 *   `policy-values`.
 */
export function parsePolicy(bytes: Uint8Array, name: string): Policy {
  const json = readJson(bytes, name);
  if (!isJsonObject(json) || json['coldroom'] !== 'policy/1') {
    throw inputError('policy-not-ours', `${quote(name)} is no policy that this version of Coldroom reads`, {
      hint: 'begin with the file that `coldroom policy new --out FILE` writes',
    });
  }
  if (json['same_person_may_sign_twice'] === true) {
    throw inputError('policy-same-person', 'a policy cannot let one person sign a step twice', {
      hint: 'set same_person_may_sign_twice to false: every step takes two different people',
    });
  }
  const parsed = policySchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues, json, name);
}

function readJson(bytes: Uint8Array, name: string): Json {
  try {
    return parseJson(bytes, { maxBytes: MAX_POLICY_BYTES, integersOnly: true });
  } catch (cause) {
    throw inputError('policy-not-json', `${quote(name)} is no policy file: ${cause instanceof Error ? cause.message : 'unreadable'}`, {
      hint: 'begin with the file that `coldroom policy new --out FILE` writes',
      cause,
    });
  }
}

function invalid(issues: readonly z.core.$ZodIssue[], json: Json, name: string): Error {
  const extra = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (extra !== undefined) {
    return inputError('policy-members', `${quote(name)} has a member that does not belong there: ${quote(extra.keys.join(', '))}`);
  }
  const missing = issues.find((issue) => memberOf(json, issue.path) === undefined);
  if (missing !== undefined) return inputError('policy-members', `${quote(name)} lacks the member ${quote(missing.path.join('.'))}`);
  const [first] = issues;
  return inputError('policy-values', `${quote(name)} holds a value that is not allowed in ${quote(first?.path.join('.') ?? '')}`, {
    hint: 'docs/policy.md says what each member may hold',
  });
}

/**
 * The roles of which a ceremony has too few people.
 * @returns in the order of {@link ROLES}; empty where there are enough.
 */
export function rolesTooFew(policy: Policy, people: readonly { readonly role: PersonRole }[]): PersonRole[] {
  return ROLES.filter((role) => people.filter((person) => person.role === role).length < policy.people[role]);
}

/** The least numbers in words, without the roles of which nobody has to be there: "1 administrator, 2 witnesses". */
export function leastPeopleWords(policy: Policy): string {
  return ROLES.filter((role) => policy.people[role] > 0)
    .map((role) => countOf(policy.people[role], role))
    .join(', ');
}

function countOf(count: number, role: PersonRole): string {
  const many = role === 'witness' ? 'witnesses' : `${role}s`;
  return `${count.toString()} ${count === 1 ? role : many}`;
}

/**
 * Holds a passphrase that people made up against the policy.
 * @param lengthInCharacters its code points after NFC.
 * @throws input `passphrase-own-refused`, `passphrase-too-short`.
 */
export function checkOwnPassphrase(policy: Policy, lengthInCharacters: number): void {
  const { own_allowed: isAllowed, least_length: leastLength } = policy.passphrase;
  if (!isAllowed) {
    throw inputError('passphrase-own-refused', 'the policy allows no passphrase that people make up', {
      hint: 'take one of six or more words that Coldroom draws',
    });
  }
  if (lengthInCharacters < leastLength) {
    throw inputError('passphrase-too-short', `the policy asks for a passphrase of at least ${leastLength.toString()} characters`, {
      hint: 'choose a longer one: six or more words are easier to keep than letters',
    });
  }
}

/** @throws input `name-not-allowed`. */
export function checkNameSent(policy: Policy, isSent: boolean): void {
  if (!isSent || policy.file_names_may_be_sent) return;
  throw inputError('name-not-allowed', 'the policy does not let CoinCover be told the names of files', {
    hint: 'seal without sending the name',
  });
}
