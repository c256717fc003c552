import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, fact, open, waits } from './judgement.ts';

/** What went onto the stick or over the screen, with the digest of its list to read aloud. */
export function judgeCarry({ state }: JudgeContext): StepJudgement {
  const { carried } = state.facts;
  if (carried === undefined) return waits();
  const medium = carried.via === 'medium';
  return open(
    [
      check(
        'carried',
        medium ? 'passed' : 'amber',
        'the documents for the other station were handed over',
        medium
          ? `${carried.documents.toString()} documents, written, flushed and read back`
          : `${carried.documents.toString()} documents, shown as codes`,
      ),
    ],
    [
      fact('documents', carried.documents.toString()),
      ...(carried.list_sha256 === null ? [] : [fact('carry-list', carried.list_sha256, 'hex' as const)]),
    ],
  );
}
