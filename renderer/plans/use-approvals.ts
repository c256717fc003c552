import { useEffect, useState } from 'react';
import { call, type Output } from '../bridge.ts';
import type { Drafting } from './draft-store.ts';

export type Approvals = Output<'plan.read'>['approvals'];

/** Whose initials this station has under the plan as its file has it, and how to tell of more. Nobody's while it is changed. */
export function useApprovals({ file, isChanged, judgement }: Pick<Drafting, 'file' | 'isChanged' | 'judgement'>): {
  readonly approvals: Approvals;
  readonly onApprovals: (approvals: Approvals) => void;
} {
  const handle = isChanged ? null : (file?.handle ?? null);
  const digest = judgement?.digest ?? null;
  const [known, setKnown] = useState<{ readonly digest: string; readonly approvals: Approvals } | null>(null);
  useEffect(() => {
    if (handle === null || digest === null) return;
    void call('plan.read', { file: handle }).then((answer) => {
      if (answer.ok && answer.output.plan_sha256 === digest) setKnown({ digest, approvals: answer.output.approvals });
    });
  }, [handle, digest]);
  return {
    approvals: handle !== null && known !== null && known.digest === digest ? known.approvals : [],
    onApprovals: (approvals) => {
      if (digest !== null) setKnown({ digest, approvals });
    },
  };
}
