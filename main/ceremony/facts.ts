import { z } from 'zod';
import { canonicalJson, sha256, type Json } from '../values/index.ts';
import { policyDigest, policySchema, ROLES } from './policy.ts';
import { STEP_IDS } from './step-ids.ts';

const time = z.string();
const uuid = z.string();

const person = z.strictObject({ name: z.string(), initials: z.string(), role: z.enum(ROLES) });
export type Person = z.output<typeof person>;

const selfTestLine = z.strictObject({
  id: z.string(),
  what: z.string(),
  result: z.enum(['passed', 'failed', 'did-not-run']),
  detail: z.string().nullable(),
});

/** A line of the self-check, as it was shown. */
const selfCheckLine = z.strictObject({
  id: z.string(),
  result: z.enum(['ok', 'warn', 'failed', 'not-checkable']),
  what: z.string(),
  rests_on: z.string(),
  to_do: z.string().nullable(),
});

/** One file to be sealed. `path` stays in the ledger and in main: no screen and no document gets it. */
const secretFile = z.strictObject({
  item_id: uuid,
  name: z.string(),
  size_bytes: z.number(),
  path: z.string(),
  /** The assigned key that it is sealed for, where the ceremony has several. */
  key_id: uuid.nullable().default(null),
  /** Worthless, and made by Coldroom for a rehearsal: what it holds is compared with no plan. */
  made_up: z.boolean().default(false),
});

/** What an inspection found of one chosen file: public facts alone. A finding has a code and a place, and nothing of the secret. */
const inspectedFile = z.strictObject({
  item_id: uuid,
  kind: z.string(),
  valid: z.boolean(),
  findings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  size_bytes: z.number(),
  /** The planned identifier's type and path, and what this secret has there; null where none is planned, or none could be computed. */
  identifier: z.strictObject({ type: z.string(), path: z.string().nullable(), value: z.string() }).nullable(),
  /** Whether a BIP-39 passphrase was given for it. */
  bip39_passphrase: z.boolean(),
  /** Whether the password of a key file was given. */
  password: z.boolean(),
  /** By which the station knows the very bytes again (`Station.markOf`); null where an earlier version looked at them. */
  mark: z.string().nullable().default(null),
  /** The item that the same item of the plan had been sealed as before, for the same key; null where it had not, or an earlier version looked. */
  sealed_before: z.strictObject({ item_id: uuid, state: z.string() }).nullable().default(null),
});

/**
 * What a secret that came back is, held against what the ledger kept of it when it was sealed by a plan. `planned` and `found` are public
 * identifiers; `reason` is why nothing was compared.
 */
const recoveredSecret = z.strictObject({
  kind: z.string(),
  type: z.string().nullable(),
  path: z.string().nullable(),
  planned: z.string().nullable(),
  found: z.string().nullable(),
  result: z.enum(['matches', 'differs', 'not-compared']),
  reason: z.string().nullable(),
});

/** Two people's word on one departure from the plan. `id` is what it is bound to: main/ceremony/departure.ts. */
const exception = z.strictObject({
  id: z.string(),
  step: z.enum(STEP_IDS),
  code: z.string(),
  place: z.string(),
  planned: z.string().nullable(),
  found: z.string().nullable(),
  subject: z.string().nullable(),
  reason: z.string(),
  initials: z.array(z.string()).length(2),
  at: time,
});

/** A wallet, and what is asked for it. */
export const walletFacts = {
  user_identifier: z.string(),
  account: z.enum(['institution', 'partner']),
  customer_id: z.string().nullable(),
  customer_name: z.string().nullable(),
  package_id: z.string().nullable(),
  package_name: z.string().nullable(),
  key_environment: z.enum(['HOT', 'COLD']),
};

/**
 * What a ceremony's steps come to know, by name. The ledger keeps them as JSON; they are read back through these schemas. None
 * holds a secret, a passphrase, or what helps to guess one without the station's keychain. What the ledger's other tables say (assignments, items, checks) is not
 * repeated here: a fact names its id, and its state is read where it lives.
 */
export const FACTS = {
  /**
   * The rules that the ceremony runs under, fixed when it was begun: what is set on the station later changes nothing of it.
   * Ceremonies of earlier versions have none. `administrator` null: nobody had set a policy, or another network gate alone.
   */
  policy: z
    .strictObject({ sha256: z.string(), rules: policySchema, administrator: z.string().nullable() })
    .refine((policy) => policyDigest(policy.rules) === policy.sha256),
  /**
   * What the ceremony is to do, fixed when it was begun, with the wallets of the plan that it is for and who had approved that very plan
   * on this station by then. `plan` is the whole of it, of the SHA-256 `sha256` in RFC 8785; operations read it (main/plan).
   */
  plan: z
    .strictObject({
      sha256: z.string(),
      plan: z.record(z.string(), z.json()),
      wallets: z.array(z.number().int().min(0)),
      approvals: z.array(z.strictObject({ name: z.string(), role: z.enum(ROLES), initials: z.string(), at: time })),
    })
    .refine((noted) => sha256(canonicalJson(noted.plan as Json)) === noted.sha256),
  /** Departures from the plan that two people went on with. One that has changed since is another departure. */
  excepted: z.strictObject({ exceptions: z.array(exception) }),
  people: z.strictObject({ people: z.array(person), place: z.string() }),
  /** Who has chosen a PIN, also those who have left, and how many wrong ones in a row were typed for it. A right one sets it to 0. */
  pins: z.strictObject({ people: z.array(z.strictObject({ name: z.string(), initials: z.string(), wrong: z.number().int().min(0) })) }),
  /** By what the station knows their PINs again, base64 and hex: main/operations/ceremony/pin-proof.ts. It leaves in no report. */
  'pin-proofs': z.strictObject({
    people: z.array(z.strictObject({ initials: z.string(), salt: z.string(), proof: z.string() })),
  }),
  /** The ceremony rests until somebody says that it goes on. */
  paused: z.strictObject({ reason: z.string(), initials: z.string(), at: time }),
  /** The window was locked, and who opened it again; `by` null: the keychain's passphrase did. Only the ledger's rows keep those before. */
  reopened: z.strictObject({ locked_at: time, by: z.string().nullable(), at: time }),
  /** The witness's clock against this machine's, in seconds; the witness reads minutes, so half a minute is within reading. */
  clock: z.strictObject({ witness_read: z.string(), machine_at: time, offset_seconds: z.number() }),
  'self-test': z.strictObject({
    ok: z.boolean(),
    count: z.number(),
    checks: z.array(selfTestLine),
    ledger_ok: z.boolean(),
    ledger_events: z.number(),
    keychain: z.enum(['os', 'file']),
    /** Program, folder and machine. Ceremonies of earlier versions have none, and their step says what it said when it was signed. */
    machine: z
      .strictObject({ version: z.string(), build: z.string().nullable(), lines: z.array(selfCheckLine) })
      .nullable()
      .default(null),
    at: time,
  }),
  /** The environment's name as people typed it, with the hosts it stood for; a cold station knows none. */
  environment: z.strictObject({ name: z.string(), environment_id: z.string().nullable(), host: z.string().nullable(), at: time }),
  /** The enclave signing key that people compared, and where its words came from. */
  signer: z.strictObject({
    fingerprint: z.string(),
    positions: z.array(z.number()),
    basis: z.enum(['card', 'practice', 'earlier']),
    at: time,
  }),
  wallet: z.strictObject({ ...walletFacts, at: time }),
  /** Several wallets of one ceremony. `assignment_id` is written before the request leaves. */
  wallets: z.strictObject({ wallets: z.array(z.strictObject({ ...walletFacts, assignment_id: uuid.nullable() })), at: time }),
  /** Keys whose fingerprints were compared; `kept` is what the paper order says, as typed at a cold station. */
  'keys-read': z.strictObject({
    keys: z.array(
      z.strictObject({ key_id: uuid, fingerprint: z.string(), positions: z.array(z.number()), kept: z.enum(['HOT', 'COLD']).nullable() }),
    ),
    at: time,
  }),
  /** What the machine's network looked like; `override` goes on in spite of a policy that stops. */
  network: z.strictObject({
    gate: z.enum(['clear', 'warn', 'stop']),
    policy: z.enum(['warn', 'stop']),
    reasons: z.array(z.string()),
    override: z.strictObject({ reason: z.string(), initials: z.array(z.string()) }).nullable(),
    at: time,
  }),
  /** Documents that came in, by what they are about (`key_id`, else `item_id`), and what the carry list had to say of them. */
  brought: z.strictObject({
    subjects: z.array(uuid),
    lists: z.array(z.strictObject({ document_id: uuid, listed: z.number(), missing: z.number() })),
    /** Documents that came, and stand in none of the lists. */
    unlisted: z.number(),
    refused: z.number(),
    at: time,
  }),
  carried: z.strictObject({
    via: z.enum(['medium', 'code']),
    documents: z.number(),
    list_sha256: z.string().nullable(),
    at: time,
  }),
  /** Written before the request leaves, so that an app that dies finds the assignment again. */
  assignment: z.strictObject({ assignment_id: uuid }),
  words: z.strictObject({ fingerprint: z.string(), positions: z.array(z.number()), at: time }),
  secrets: z.strictObject({ files: z.array(secretFile), at: time }),
  /** What the chosen files hold, where there is a plan to compare with: looked at in the process that seals. */
  inspected: z.strictObject({ items: z.array(inspectedFile), at: time }),
  /**
   * How the passphrases came to be that items are sealed under; written before the first of `items` is sealed, so that an app that
   * dies has it noted. A run that went on with another passphrase adds its own way: of an item counts the last that names it.
   */
  passphrases: z.strictObject({
    ways: z.array(
      z.strictObject({
        /** One part, or the two halves in their order; `by`: the initials of whose half it is. */
        parts: z
          .array(z.strictObject({ how: z.enum(['generated', 'own']), words: z.number().nullable(), by: z.string().nullable() }))
          .min(1)
          .max(2),
        items: z.array(uuid),
      }),
    ),
    at: time,
  }),
  sealing: z.strictObject({ mode: z.string(), send_name: z.boolean(), at: time }),
  storing: z.strictObject({ at: time }),
  recovery: z.strictObject({
    items: z.array(z.strictObject({ item_id: uuid, same: z.boolean() })),
    at: time,
  }),
  /** Backups of one key that are to be recovered, and why. */
  recovering: z.strictObject({ items: z.array(z.strictObject({ item_id: uuid })), key_id: uuid, reason: z.string(), at: time }),
  /** The OpenPGP pair that a release is asked for with. Its private half left Coldroom once, under its passphrase; only the public one is here. */
  request: z.strictObject({ fingerprint: z.string(), type: z.string(), public_armored: z.string(), at: time }),
  /** That the request was raised in CoinCover Control, or played in a rehearsal; `reference` is CoinCover's, as people read it. */
  raised: z.strictObject({ reference: z.string(), played: z.boolean(), at: time }),
  /** What the packages hold. Paths stay in the ledger and in main, as those of secrets do; contents are opened anew when they are needed. */
  released: z.strictObject({
    packages: z.array(z.strictObject({ path: z.string(), name: z.string(), what: z.string() })),
    /** The file with the private half of the pair. */
    key: z.strictObject({ path: z.string() }),
    /** Of the chosen backups, those that the packages hold; the others are opened from this station's own copy. */
    held: z.array(uuid),
    /** Ciphertexts among the packages that are none of the chosen backups. */
    others: z.number(),
    at: time,
  }),
  /** How often a passphrase was wrong in a step: three times end it. */
  'released-tries': z.strictObject({ wrong: z.number(), at: time }),
  'result-tries': z.strictObject({ wrong: z.number(), at: time }),
  /** `same`: compared byte by byte with the file that was sealed, in a rehearsal; null where that could not be. */
  recovered: z.strictObject({
    items: z.array(
      z.strictObject({
        item_id: uuid,
        checksum: z.enum(['matches', 'differs', 'unknown']),
        name: z.string().nullable(),
        size_bytes: z.number(),
        same: z.boolean().nullable(),
        controls: recoveredSecret.nullable().default(null),
      }),
    ),
    at: time,
  }),
  wiped: z.strictObject({ answers: z.array(z.strictObject({ id: z.string(), yes: z.boolean() })), at: time }),
  checklist: z.strictObject({ answers: z.array(z.strictObject({ id: z.string(), yes: z.boolean() })), at: time }),
} as const;

export type FactName = keyof typeof FACTS;
export type FactValue<Name extends FactName> = z.output<(typeof FACTS)[Name]>;
export type Facts = { readonly [Name in FactName]?: FactValue<Name> };
