import type { SignOffRow } from '../ledger/index.ts';
import { judgeByPlan } from './by-plan.ts';
import { evidenceDigest, type EvidenceFact } from './evidence.ts';
import type { JudgeContext, StepJudgement, StepView } from './judgement.ts';
import type { StepId } from './script.ts';
import { isSigned, signersOf } from './sign-off.ts';
import { STEP_JUDGES } from './steps.ts';

export type StepLine = {
  readonly id: StepId;
  readonly number: number;
  readonly status: 'done' | 'now' | 'locked';
  /** The sign-offs that count; one whose evidence has changed since does not. */
  readonly signed: readonly SignOffRow[];
};

/**
 * Walks the script: every step whose sign-offs fit what it shows now is done, the first that is not is the current one, the
 * rest are locked. `gathered` are the facts of all steps so far. An ended ceremony has no current step, and its sign-offs stand as they were given.
 */
export function judgeSteps(context: JudgeContext): { steps: StepLine[]; view: StepView | null; gathered: EvidenceFact[] } {
  const { state } = context;
  const steps: StepLine[] = [];
  const gathered: EvidenceFact[] = [];
  let view: StepView | null = null;
  for (const [index, step] of state.script.steps.entries()) {
    const number = index + 1;
    const signed = state.signOffs.filter((one) => one.step === step.id);
    const needed = signersOf(state, step.id);
    if (state.row.state !== 'open') {
      const last = standingTogether(signed);
      gathered.push(...judgeStep(context, step.id).evidence.facts);
      steps.push({ id: step.id, number, status: isSigned(last, needed) ? 'done' : 'locked', signed: last });
      continue;
    }
    if (view !== null) {
      steps.push({ id: step.id, number, status: 'locked', signed: [] });
      continue;
    }
    const judged = judgeStep(context, step.id);
    gathered.push(...judged.evidence.facts);
    const evidenceSha256 = evidenceDigest(state.row.ceremony_id, step.id, judged.evidence);
    const standing = signed.filter((one) => one.evidence_sha256 === evidenceSha256);
    const done = judged.gate === 'open' && isSigned(standing, needed);
    steps.push({ id: step.id, number, status: done ? 'done' : 'now', signed: standing });
    if (!done) view = { ...judged, step: step.id, evidenceSha256 };
  }
  return { steps, view, gathered };
}

function judgeStep(context: JudgeContext, step: StepId): StepJudgement {
  return judgeByPlan(STEP_JUDGES[step](context), step, context.state, context.plan);
}

/** Of an ended ceremony, whose evidence is not judged any more: the initials under what was signed last. */
function standingTogether(signed: readonly SignOffRow[]): SignOffRow[] {
  const last = signed.at(-1)?.evidence_sha256;
  return signed.filter((one) => one.evidence_sha256 === last);
}
