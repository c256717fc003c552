import { z } from 'zod';
import { ROLES, walletFacts } from '../../ceremony/index.ts';
import { check, environmentName, fingerprint, uuid } from '../fields.ts';
import { planView, plannedFile } from './plan-view.ts';
import { recoveryView } from './recovery-view.ts';
import { shownPolicy } from '../station/policy.ts';

const evidenceCheck = z.object({
  id: z.string(),
  result: z.enum(['passed', 'amber', 'failed', 'waits']),
  what: z.string(),
  rests_on: z.string(),
});
const evidenceFact = z.object({ name: z.string(), value: z.string(), kind: z.enum(['text', 'id', 'hex', 'time']) });
const signOff = z.object({ role: z.enum(['administrator', 'witness']), initials: z.string(), at: z.string() });
const words = z.object({ fingerprint, words: z.array(z.string()) });

export const ceremonyState = z.enum(['open', 'closed', 'escalated', 'aborted']);

/** One ceremony as a screen shows it: nothing in it is secret, and no path is. */
export const ceremonyView = z.object({
  ceremony_id: uuid,
  number: z.number(),
  script: z.string(),
  environment: environmentName,
  host: z.string().nullable(),
  /** A rehearsal against the stand-in inside this app, not one that runs elsewhere on this machine. */
  built_in: z.boolean(),
  state: ceremonyState,
  reason: z.string().nullable(),
  begun_at: z.string(),
  ended_at: z.string().nullable(),
  steps: z.array(z.object({ id: z.string(), number: z.number(), status: z.enum(['done', 'now', 'locked']), signed: z.array(signOff) })),
  /** The step that is lit; null once the ceremony has ended. */
  now: z
    .object({
      step: z.string(),
      gate: z.enum(['waits', 'open', 'stopped', 'settle']),
      problem: z.string().nullable(),
      checks: z.array(evidenceCheck),
      facts: z.array(evidenceFact),
      evidence_sha256: z.string(),
      /** Whose initials it takes: somebody of the role, or one person by name. */
      signers: z.array(z.object({ role: signOff.shape.role, name: z.string().nullable(), initials: z.string().nullable() })),
    })
    .nullable(),
  /** The rules that it runs under, fixed when it was begun. `own` false: of an earlier version, which had none. */
  policy: shownPolicy.extend({ own: z.boolean() }),
  /** What it is to do, and how it stands against that; null where it runs by no plan. */
  plan: planView.nullable(),
  gathered: z.array(evidenceFact),
  exceptions: z.array(z.object({ step: z.string(), text: z.string(), initials: z.string().nullable(), at: z.string() })),
  people: z.array(z.object({ name: z.string(), initials: z.string(), role: z.enum(ROLES) })),
  /** Where initials take a PIN: of each person whether one is chosen, and how many more wrong ones are borne; 0: locked. Else null. */
  pins: z.array(z.object({ initials: z.string(), chosen: z.boolean(), tries_left: z.number() })).nullable(),
  place: z.string().nullable(),
  /** They were signed for once: from then on a role is handed over, and nobody is entered anew. */
  people_signed: z.boolean(),
  /** Why it rests, and who said so; null while it goes on. */
  paused: z.object({ reason: z.string(), initials: z.string(), at: z.string() }).nullable(),
  has_token: z.boolean(),
  environment_typed: z.boolean(),
  anchors: z.array(words.extend({ changed_at: z.string() })),
  accounts: z.array(z.string()),
  wallet: z.object(walletFacts).nullable(),
  assignment: z
    .object({
      assignment_id: uuid,
      state: z.enum(['assigned', 'refused', 'not-sent', 'unknown', 'quarantined']),
      key: words.extend({ key_id: z.string() }).nullable(),
      /** Who the enclave says pulled the key: what people have to confirm when no account is confirmed. */
      account_seen: z.string().nullable(),
    })
    .nullable(),
  files: z.array(
    plannedFile.extend({
      item_id: uuid,
      name: z.string(),
      size_bytes: z.number(),
      /** The mode for its size, without a passphrase and with one. */
      recommended: z.string(),
      with_passphrase: z.string(),
      state: z.enum(['chosen', 'sealed', 'stored', 'refused', 'not-sent', 'unknown']),
      mode: z.string().nullable(),
      reason: z.string().nullable(),
      backup_id: z.string().nullable(),
      backup_check: check.nullable(),
      /** The key that it is for, where the ceremony has several. */
      key_id: z.string().nullable(),
    }),
  ),
  wallets: z.array(
    z.object({
      user_identifier: z.string(),
      customer_id: z.string().nullable(),
      key_environment: z.enum(['HOT', 'COLD']),
      state: z.enum(['listed', 'assigned', 'refused', 'not-sent', 'unknown', 'quarantined']),
      reason: z.string().nullable(),
      account_seen: z.string().nullable(),
    }),
  ),
  /** The keys whose words are read, where the ceremony has several. */
  keys: z.array(
    words.extend({
      key_id: z.string(),
      user_identifier: z.string(),
      key_environment: z.string(),
      read: z.boolean(),
      /** What was typed from the paper order at a cold station. */
      kept: z.enum(['HOT', 'COLD']).nullable(),
      problem: z.string().nullable(),
    }),
  ),
  /** What the self-check says is to be done, by the ids of its lines; null before it was made, and of earlier versions. */
  to_do: z.array(z.object({ id: z.string(), result: z.enum(['warn', 'failed', 'not-checkable']), to_do: z.string() })).nullable(),
  network: z
    .object({ gate: z.enum(['clear', 'warn', 'stop']), policy: z.enum(['warn', 'stop']), reasons: z.array(z.string()), at: z.string() })
    .nullable(),
  /** What this ceremony hands to the other station. */
  carry: z.array(z.object({ document_id: uuid, kind: z.enum(['keypack', 'sealed', 'receipt']), name: z.string(), by_code: z.boolean() })),
  /** The digest of the carry list in words, to be read aloud and noted on the label. */
  carried: z.object({ via: z.enum(['medium', 'code']), documents: z.number(), list_words: z.array(z.string()) }).nullable(),
  /** The modes that hold every chosen file. */
  modes: z.array(z.string()),
  limit_bytes: z.number(),
  key_check: check.nullable(),
  checklist: z.array(z.object({ id: z.string(), must: z.boolean(), yes: z.boolean().nullable() })),
  recovery: recoveryView.nullable(),
  head: z.object({ seq: z.number(), head: z.string() }),
});

export type CeremonyView = z.output<typeof ceremonyView>;
