import { z } from 'zod';
import { SIGNING_ROLES } from '../../ceremony/index.ts';
import type { Plan } from '../../plan/index.ts';
import { fingerprintWords, inputError, quote, type Sha256 } from '../../values/index.ts';
import { initialsText } from '../ceremony/initials-text.ts';
import { checkDifferentPeople } from '../ceremony/people.ts';
import { fingerprint, inputPath, plainText } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { approval, approvalsOf } from './approved.ts';
import { checkApprovable, readAndJudgePlan, readShownPlan } from './file.ts';
import { withLedgerForReading, withStation } from '../station/station.ts';

const finding = z.object({ code: z.string(), place: z.string(), message: z.string() });

/** What a plan says, before anybody approves it or begins a ceremony by it. */
export const planRead = defineOperation({
  name: 'plan.read',
  summary: 'read a plan, its digest in words, and who approved it on this station',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath }),
  output: z.object({
    /** The whole plan, as its file has it: docs/plan.md says what each member is. */
    plan: z.custom<Plan>((value) => typeof value === 'object' && value !== null),
    plan_sha256: fingerprint,
    words: z.array(z.string()),
    remarks: z.array(finding),
    approvals: z.array(approval),
  }),
  run: async (context, input) => {
    const checked = await readAndJudgePlan(input.file);
    const { plan, digest, words } = checkApprovable(checked);
    const approvals = await withLedgerForReading(context, ({ ledger }) => Promise.resolve(approvalsOf(ledger, digest)));
    return done({ plan, plan_sha256: digest, words: [...words], remarks: [...checked.remarks], approvals });
  },
});

export const planApprove = defineOperation({
  name: 'plan.approve',
  summary: 'record the initials under which people approve a plan before the ceremony',
  roles: EVERY_ROLE,
  input: z.strictObject({
    file: inputPath,
    /** The digest that people read aloud; a file that has changed since is not approved. */
    plan_sha256: fingerprint,
    people: z
      .array(z.strictObject({ name: plainText(100), initials: initialsText }))
      .min(2)
      .max(80),
  }),
  output: z.object({ plan_sha256: fingerprint, words: z.array(z.string()), approvals: z.array(approval) }),
  run: (context, input) =>
    withStation(context, 'plan.approve', async (station) => {
      const { plan, digest } = await readShownPlan(input.file, input.plan_sha256);
      const people = namedInPlan(plan, input.people);
      station.ledger.append({ type: 'plan-approved', data: { sha256: digest, title: plan.title, people } });
      return done({
        plan_sha256: digest,
        words: [...fingerprintWords(digest satisfies Sha256)],
        approvals: approvalsOf(station.ledger, digest),
      });
    }),
});

/**
 * Those who approve, each with the role that the plan gives them.
 * @throws input `plan-person-unknown`, `plan-approval-short` (without an administrator and a witness of the plan), `initials-twice`,
 *   `person-twice`.
 */
function namedInPlan(plan: Plan, people: readonly { readonly name: string; readonly initials: string }[]) {
  checkDifferentPeople(people);
  const named = people.map(({ name, initials }) => {
    const planned = plan.people.find((one) => one.name === name);
    if (planned !== undefined) return { name, role: planned.role, initials };
    throw inputError('plan-person-unknown', `${quote(name)} is nobody whom the plan names`, {
      hint: 'the people of the plan approve it, each spelled as they stand there',
    });
  });
  if (SIGNING_ROLES.every((role) => named.some((one) => one.role === role))) return named;
  throw inputError('plan-approval-short', 'an administrator and a witness of the plan approve it, two different people', {
    hint: 'let both put their initials',
  });
}
