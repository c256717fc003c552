import { z } from 'zod';

const time = z.string();
const uuid = z.string();

const person = z.strictObject({ name: z.string(), initials: z.string(), role: z.enum(['administrator', 'witness']) });
export type Person = z.output<typeof person>;

const selfTestLine = z.strictObject({
  id: z.string(),
  what: z.string(),
  result: z.enum(['passed', 'failed', 'did-not-run']),
  detail: z.string().nullable(),
});

/** One file to be sealed. `path` stays in the ledger and in main: no screen and no document gets it. */
const secretFile = z.strictObject({ item_id: uuid, name: z.string(), size_bytes: z.number(), path: z.string() });

/**
 * What a ceremony's steps come to know, by name. The ledger keeps them as JSON; they are read back through these schemas. None
 * holds a secret, a digest of one, or a passphrase. What the ledger's other tables say (assignments, items, checks) is not
 * repeated here: a fact names its id, and its state is read where it lives.
 */
export const FACTS = {
  people: z.strictObject({ people: z.array(person), place: z.string() }),
  /** The witness's clock against this machine's, in seconds; the witness reads minutes, so half a minute is within reading. */
  clock: z.strictObject({ witness_read: z.string(), machine_at: time, offset_seconds: z.number() }),
  'self-test': z.strictObject({
    ok: z.boolean(),
    count: z.number(),
    checks: z.array(selfTestLine),
    ledger_ok: z.boolean(),
    ledger_events: z.number(),
    keychain: z.enum(['os', 'file']),
    at: time,
  }),
  /** The environment's name as people typed it, with the hosts it stood for. */
  environment: z.strictObject({ name: z.string(), environment_id: z.string(), host: z.string(), at: time }),
  /** The enclave signing key that people compared, and where its words came from. */
  signer: z.strictObject({
    fingerprint: z.string(),
    positions: z.array(z.number()),
    basis: z.enum(['card', 'practice', 'earlier']),
    at: time,
  }),
  wallet: z.strictObject({
    user_identifier: z.string(),
    account: z.enum(['institution', 'partner']),
    customer_id: z.string().nullable(),
    customer_name: z.string().nullable(),
    package_id: z.string().nullable(),
    package_name: z.string().nullable(),
    key_environment: z.enum(['HOT', 'COLD']),
    at: time,
  }),
  /** Written before the request leaves, so that an app that dies finds the assignment again. */
  assignment: z.strictObject({ assignment_id: uuid }),
  words: z.strictObject({ fingerprint: z.string(), positions: z.array(z.number()), at: time }),
  secrets: z.strictObject({ files: z.array(secretFile), at: time }),
  sealing: z.strictObject({ mode: z.string(), send_name: z.boolean(), at: time }),
  storing: z.strictObject({ at: time }),
  recovery: z.strictObject({
    items: z.array(z.strictObject({ item_id: uuid, same: z.boolean() })),
    at: time,
  }),
  checklist: z.strictObject({ answers: z.array(z.strictObject({ id: z.string(), yes: z.boolean() })), at: time }),
} as const;

export type FactName = keyof typeof FACTS;
export type FactValue<Name extends FactName> = z.output<(typeof FACTS)[Name]>;
export type Facts = { readonly [Name in FactName]?: FactValue<Name> };
