import { z } from 'zod';
import { ROLES, SIGNING_ROLES } from '../../ceremony/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import { fingerprintWords, inputError, type Sha256 } from '../../values/index.ts';
import { fingerprint, uuid } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading } from '../station/station.ts';

export const approval = z.object({ name: z.string(), role: z.enum(ROLES), initials: z.string(), at: z.string() });
export type Approval = z.output<typeof approval>;

/**
 * Who put initials to the plan of this digest, in this station's ledger. Whoever did so twice stands there once, as the last time.
 * A plan that says anything else has another digest, and nobody approved it.
 */
export function approvalsOf(ledger: Ledger, digest: string): Approval[] {
  return [...(collect(ledger.eventsNaming(digest)).get(digest)?.approvals.values() ?? [])];
}

type Collected = { title: string; approvals: Map<string, Approval> };

/** By the plan's digest; the plan that was approved last stands last. */
function collect(events: ReturnType<Ledger['eventsNaming']>): Map<string, Collected> {
  const plans = new Map<string, Collected>();
  for (const event of events) {
    if (event.type !== 'plan-approved') continue;
    const { sha256: digest, title, people } = event.data;
    const { approvals } = plans.get(digest) ?? { approvals: new Map<string, Approval>() };
    for (const { name, role, initials } of people) approvals.set(name, { name, role, initials, at: event.at });
    plans.delete(digest);
    plans.set(digest, { title, approvals });
  }
  return plans;
}

/** Plans that people approved on this station, with the ceremonies that were begun by each. */
export const planApproved = defineOperation({
  name: 'plan.approved',
  summary: 'the plans that people approved on this station, the one that was approved last first',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({
    plans: z.array(
      z.object({
        plan_sha256: fingerprint,
        words: z.array(z.string()),
        title: z.string(),
        approvals: z.array(approval),
        /** The newest first. */
        ceremonies: z.array(z.object({ ceremony_id: uuid, number: z.number(), state: z.enum(['open', 'closed', 'escalated', 'aborted']) })),
      }),
    ),
  }),
  run: (context) =>
    withLedgerForReading(context, ({ ledger, queries }) => {
      const begun = queries.plannedCeremonies().toReversed();
      // As RFC 8785 writes it: within a text of an event these quotation marks would be escaped.
      const plans = [...collect(ledger.eventsNaming('"type":"plan-approved"'))].toReversed();
      return Promise.resolve(
        done({
          plans: plans.map(([digest, { title, approvals }]) => ({
            plan_sha256: digest,
            words: [...fingerprintWords(digest as Sha256)],
            title,
            approvals: [...approvals.values()],
            ceremonies: begun
              .filter((one) => one.plan_sha256 === digest)
              .map(({ ceremony_id, number, state }) => ({ ceremony_id, number, state })),
          })),
        }),
      );
    }),
});

/** Where a plan is for keys that count, nobody goes by one that was not approved beforehand; elsewhere it is said in amber. */
const STRICT: ReadonlySet<string> = new Set(['production', 'custom']);

export function isStrict(environment: string): boolean {
  return STRICT.has(environment);
}

/** Whether somebody who signs as an administrator, and a witness, approved the plan. */
export function isApproved(approvals: readonly { readonly role: string }[]): boolean {
  return SIGNING_ROLES.every((role) => approvals.some((one) => one.role === role));
}

/**
 * At the command line, where no step shows who approved a plan: its file alone is nobody's word, since whoever can write it can name
 * another wallet in it. Where keys count, the ledger has initials to this very plan, or the digest that people read aloud was given.
 * @param given the digest, already found to be the plan's; undefined where none was given.
 * @throws input `plan-not-approved`.
 */
export function checkApprovedOrGiven(ledger: Ledger, environment: string, digest: Sha256, given: string | undefined): void {
  // SECURITY(REQ-PLAN-FIXED): before any secret is opened.
  if (!isStrict(environment) || given !== undefined || isApproved(approvalsOf(ledger, digest))) return;
  throw inputError('plan-not-approved', 'nobody approved this plan on this station, and the digest that people read aloud was not given', {
    hint: 'run `coldroom plan check FILE`, hold its words against the sheet that people put their initials to, then add --plan-digest and the digest',
  });
}
