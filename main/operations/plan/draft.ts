import { z } from 'zod';
import { readBoundedFile, writeNewFile } from '../../files/index.ts';
import type { CheckedPlan, PlanDraft } from '../../plan/index.ts';
import { canonicalJson, sha256 } from '../../values/index.ts';
import { fingerprint, inputPath, outputPath } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { planFinding, readWalletList } from './plan.ts';
import { judgeDraft, judgePlan } from './file.ts';

/** Longer than any member of a plan may be, so that what is too long is found at its place and not refused as a whole. */
const text = z.string().max(4000).nullable();
const bytes = z.number().int().min(0).nullable();

/** A plan that is still being filled in (`PlanDraft`). It holds no secret: the identifiers in it are public. */
const draft = z.strictObject({
  plan: z.literal(1),
  title: text,
  environment: text,
  account: text,
  people: z.array(z.strictObject({ name: text, role: text })).max(1000),
  policy: z.record(z.string(), z.json()).nullable(),
  wallets: z
    .array(
      z.strictObject({
        user_identifier: text,
        key_environment: text,
        customer_id: text,
        customer_name: text,
        package_id: text,
        package_name: text,
        items: z
          .array(
            z.strictObject({
              name: text,
              kind: text,
              identifier: z.strictObject({ type: text, path: text, value: text }).nullable(),
              bip39_passphrase: z.boolean(),
              size_bytes: z.strictObject({ min: bytes, max: bytes }).nullable(),
              mode: text,
            }),
          )
          .max(10_000),
      }),
    )
    .max(10_000),
}) satisfies z.ZodType<PlanDraft>;

const judged = z.object({
  /** Null while there are findings. */
  digest: fingerprint.nullable(),
  words: z.array(z.string()).nullable(),
  findings: z.array(planFinding),
  remarks: z.array(planFinding),
  /** Of the policy that is written into the plan; null where the station's own counts. */
  policy_sha256: fingerprint.nullable(),
});

async function judge(plan: PlanDraft): Promise<z.output<typeof judged>> {
  return shown(await judgeDraft(plan), plan);
}

function shown({ digest, words, findings, remarks }: CheckedPlan, { policy }: PlanDraft): z.output<typeof judged> {
  return {
    digest,
    words: words === null ? null : [...words],
    findings: [...findings],
    remarks: [...remarks],
    policy_sha256: policy === null ? null : sha256(canonicalJson(policy)),
  };
}

export const planKinds = defineOperation({
  name: 'plan.kinds',
  summary: 'the kinds of secret, and what proves each',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({
    kinds: z.array(
      z.object({
        kind: z.string(),
        /** `path`: the usual one, `given` where people must say it, null for a single key. */
        identifiers: z.array(z.object({ type: z.string(), path: z.string().nullable() })),
        takes_bip39_passphrase: z.boolean(),
      }),
    ),
  }),
  run: async () => {
    const { listKinds } = await import('../../content/index.ts');
    const kinds = listKinds().map(({ kind, identifiers, takesBip39Passphrase }) => ({
      kind,
      identifiers: identifiers.map(({ type, path }) => ({
        type,
        path: path === 'none' ? null : path === 'given' ? 'given' : path.usual,
      })),
      takes_bip39_passphrase: takesBip39Passphrase,
    }));
    return done({ kinds });
  },
});

export const planOpen = defineOperation({
  name: 'plan.open',
  summary: 'read a plan, finished or not, to look at it or go on with it',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath }),
  output: judged.extend({
    plan: draft,
    /** Places of what no form shows: saved again, the plan would be without it. */
    lost: z.array(z.string()),
  }),
  run: async (_context, input) => {
    const { MAX_PLAN_BYTES, readDraft } = await import('../../plan/index.ts');
    const read = await readBoundedFile(input.file, { maxBytes: MAX_PLAN_BYTES, what: 'the plan' });
    // Refused where it is no plan at all.
    const { digest } = await judgePlan(read, input.file);
    const { draft: plan, lost } = readDraft(read);
    const found = await judge(plan);
    // What was lost would give another digest, or one where there is none.
    const isWhole = found.digest === digest;
    return done({ ...found, digest: isWhole ? digest : null, words: isWhole ? found.words : null, plan, lost: [...lost] });
  },
});

export const planJudge = defineOperation({
  name: 'plan.judge',
  summary: 'find what is wrong with a plan that is being filled in',
  roles: EVERY_ROLE,
  input: z.strictObject({ plan: draft }),
  output: judged,
  run: async (_context, input) => done(await judge(input.plan)),
});

export const planWallets = defineOperation({
  name: 'plan.wallets',
  summary: 'read a list of wallets in CSV, to take into a plan',
  roles: EVERY_ROLE,
  input: z.strictObject({ from: inputPath }),
  output: z.object({ wallets: draft.shape.wallets }),
  run: async (_context, input) => {
    const { walletsOfCsv } = await import('../../plan/index.ts');
    const wallets = walletsOfCsv(await readWalletList(input.from));
    return done({ wallets: wallets.map((wallet) => ({ ...wallet, items: [...wallet.items] })) });
  },
});

/** Saved as it is, finished or not: a draft that is not finished says so wherever it is opened. */
export const planSave = defineOperation({
  name: 'plan.save',
  summary: 'write a plan, finished or not, to a new file',
  roles: EVERY_ROLE,
  input: z.strictObject({ plan: draft, out: outputPath }),
  output: judged.extend({ file: z.string() }),
  run: async (_context, input) => {
    const { encodePlan } = await import('../../plan/index.ts');
    await writeNewFile(input.out, encodePlan(input.plan));
    return done({ ...(await judge(input.plan)), file: input.out });
  },
});
