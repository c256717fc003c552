import { DEFAULT_POLICY, parsePolicy } from '../../ceremony/index.ts';
import { isPlainFileName, readBoundedFile } from '../../files/index.ts';
import type { CheckedPlan, Plan, PlanDraft, PlanRules } from '../../plan/index.ts';
import { checkModeHolds, SEALED_BYTES_LIMIT } from '../../sealing/index.ts';
import { canonicalJson, checkError, inputError, isColdroomError, type ColdroomError, type Sha256 } from '../../values/index.ts';

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
  isFileName: isPlainFileName,
};

/**
 * Judges a plan's bytes. `content` and `plan` are loaded here: only plans need the curves that their identifiers are checked on.
 * @param name the file, for messages. @throws input `plan-not-json`, `plan-not-ours`.
 */
export async function judgePlan(bytes: Uint8Array, name: string): Promise<CheckedPlan> {
  const { checkPlan } = await import('../../plan/index.ts');
  return checkPlan(bytes, name, RULES);
}

/** Judges a plan that is still being filled in: what is complete of it, too. */
export async function judgeDraft(draft: PlanDraft): Promise<CheckedPlan> {
  const { checkDraft } = await import('../../plan/index.ts');
  return checkDraft(draft, RULES);
}

/** A plan's file, read and judged. @throws as {@link judgePlan}, and those of reading a file. */
export async function readAndJudgePlan(path: string): Promise<CheckedPlan> {
  const { MAX_PLAN_BYTES } = await import('../../plan/index.ts');
  return judgePlan(await readBoundedFile(path, { maxBytes: MAX_PLAN_BYTES, what: 'the plan' }), path);
}

/** A plan that people can go by. */
export type ApprovablePlan = { readonly plan: Plan; readonly digest: Sha256; readonly words: readonly string[] };

/** @throws input `plan-contradicts`. */
export function checkApprovable(checked: CheckedPlan): ApprovablePlan {
  const { plan, digest, words } = checked;
  if (plan === null || digest === null || words === null) throw contradicts(checked);
  return { plan, digest, words };
}

/** A plan's file with nothing in it that contradicts itself. @throws as {@link readAndJudgePlan}; input `plan-contradicts`. */
export async function readPlanFile(path: string): Promise<ApprovablePlan> {
  return checkApprovable(await readAndJudgePlan(path));
}

/**
 * A plan's file, which must still be the one that people were shown.
 * @throws input those of reading a plan; check `plan-changed`.
 */
export async function readShownPlan(path: string, shown: string | undefined): Promise<ApprovablePlan> {
  const read = await readPlanFile(path);
  if (shown === undefined || shown === read.digest) return read;
  throw checkError('plan-changed', 'the plan’s file is not the one that was shown', {
    hint: 'look at the file again, and find out who changed it',
  });
}

/** The error of a plan with findings, which names the first. */
export function contradicts({ findings }: CheckedPlan): ColdroomError {
  const [first] = findings;
  const where = first === undefined || first.place === '' ? '' : ` at ${first.place}`;
  const count = findings.length === 1 ? 'a finding' : `${findings.length.toString()} findings, the first`;
  return inputError('plan-contradicts', `the plan has ${count}${where}: ${first?.message ?? ''}`, {
    hint: 'mend the plan, then run `coldroom plan check` again',
  });
}
