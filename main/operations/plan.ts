import { z } from 'zod';
import { DEFAULT_POLICY, parsePolicy } from '../ceremony/index.ts';
import { checkNewFile, readBoundedFile, writeNewFile } from '../files/index.ts';
import type { CheckedPlan, PlanRules } from '../plan/index.ts';
import { renderPlan } from '../report/index.ts';
import { checkModeHolds, SEALED_BYTES_LIMIT } from '../sealing/index.ts';
import { canonicalJson, decodeUtf8, inputError, isColdroomError, sha256, type ColdroomError } from '../values/index.ts';
import { fingerprint, inputPath, outputPath, paper } from './fields.ts';
import { defineOperation, done, EVERY_ROLE } from './operation.ts';

const MAX_LIST_BYTES = 4 * 1024 * 1024;

const finding = z.object({ code: z.string(), place: z.string(), message: z.string() });

/** What a plan is held against: policies as ceremonies know them, modes as sealing does, under the usual limit of a sealed size. */
const RULES: PlanRules = {
  policy: (policy) => {
    // Where the plan names none, any policy asks for this many: there is none that asks for fewer.
    if (policy === null) return { least: DEFAULT_POLICY.people };
    try {
      return { least: parsePolicy(Buffer.from(canonicalJson(policy), 'utf8'), 'the plan’s policy').people };
    } catch (error) {
      if (isColdroomError(error)) return { problem: error.message };
      throw error;
    }
  },
  modeProblem: (mode, sizeBytes) => {
    try {
      checkModeHolds(mode, sizeBytes, SEALED_BYTES_LIMIT);
      return null;
    } catch (error) {
      if (isColdroomError(error)) return error.message;
      throw error;
    }
  },
};

/** A plan's file, read and judged. `content` and `plan` are loaded here: only plans need the curves that their identifiers are checked on. */
async function readAndCheck(path: string): Promise<CheckedPlan> {
  const { checkPlan, MAX_PLAN_BYTES } = await import('../plan/index.ts');
  return checkPlan(await readBoundedFile(path, { maxBytes: MAX_PLAN_BYTES, what: 'the plan' }), path, RULES);
}

function refused({ findings }: CheckedPlan): ColdroomError {
  const [first] = findings;
  const where = first === undefined || first.place === '' ? '' : ` at ${first.place}`;
  return inputError('plan-contradicts', `the plan has ${findings.length.toString()} findings, the first${where}: ${first?.message ?? ''}`, {
    hint: 'mend the plan, then run `coldroom plan check` again',
  });
}

export const planNew = defineOperation({
  name: 'plan.new',
  summary: 'write a plan to fill in, and a guide to its members beside it',
  roles: EVERY_ROLE,
  input: z.strictObject({
    out: outputPath,
    /** A list of wallets in CSV. */
    from: inputPath.optional(),
  }),
  output: z.object({
    file: z.string(),
    guide: z.string(),
    wallets: z.number(),
    items: z.number(),
    /** What is still to be filled in or mended, as `plan.check` names it. */
    findings: z.array(finding),
  }),
  run: async (_context, input) => {
    const { blankPlan, checkPlan, encodePlan, guideText, walletsOfCsv } = await import('../plan/index.ts');
    const guide = `${input.out.replace(/\.json$/, '')}.txt`;
    await checkNewFile(input.out);
    await checkNewFile(guide);
    const wallets = input.from === undefined ? null : walletsOfCsv(await readList(input.from));
    const bytes = encodePlan(blankPlan(DEFAULT_POLICY, wallets));
    await writeNewFile(input.out, bytes);
    await writeNewFile(guide, Buffer.from(guideText(nameOf(input.out)), 'utf8'));
    const { findings } = checkPlan(bytes, input.out, RULES);
    const items = wallets?.reduce((sum, wallet) => sum + wallet.items.length, 0) ?? 1;
    return done({ file: input.out, guide, wallets: wallets?.length ?? 1, items, findings: [...findings] });
  },
});

async function readList(path: string): Promise<string> {
  const text = decodeUtf8(await readBoundedFile(path, { maxBytes: MAX_LIST_BYTES, what: 'the list of wallets' }));
  if (text === null)
    throw inputError('wallets-csv-form', 'the list of wallets is not UTF-8 text', { hint: 'save it again as CSV in UTF-8' });
  return text;
}

/** The last part of a path, of either kind of separator. */
function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

export const planCheck = defineOperation({
  name: 'plan.check',
  summary: 'find what is wrong with a plan, or contradicts itself in it',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath }),
  output: z.object({
    ok: z.boolean(),
    /** Null while there are findings: nobody is to read the digest of such a plan aloud. */
    digest: fingerprint.nullable(),
    words: z.array(z.string()).nullable(),
    findings: z.array(finding),
    /** What people should know, and may want. */
    remarks: z.array(finding),
  }),
  run: async (_context, input) => {
    const checked = await readAndCheck(input.file);
    const { digest, words, findings, remarks } = checked;
    const ok = findings.length === 0;
    return {
      output: { ok, digest, words: words === null ? null : [...words], findings: [...findings], remarks: [...remarks] },
      problems: ok ? [] : [refused(checked)],
    };
  },
});

export const planSheet = defineOperation({
  name: 'plan.sheet',
  summary: 'print a plan for approval, with boxes for initials and its digest in words',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath, out: outputPath, paper: paper.default('a4') }),
  output: z.object({ file: z.string(), sha256: fingerprint, digest: fingerprint }),
  run: async (context, input) => {
    await checkNewFile(input.out);
    const checked = await readAndCheck(input.file);
    const { plan, digest } = checked;
    if (plan === null || digest === null) throw refused(checked);
    const printed = await renderPlan({
      ...plan,
      digest,
      policyDigest: plan.policy === null ? null : sha256(canonicalJson(plan.policy)),
      paper: input.paper,
      version: context.software?.().version ?? 'unknown',
    });
    await writeNewFile(input.out, printed);
    return done({ file: input.out, sha256: sha256(printed), digest });
  },
});
