import { useState } from 'react';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Copyable } from '../parts/copy.tsx';
import parts from '../parts/parts.module.css';
import { PolicyRules } from '../parts/policy-rules.tsx';
import { useFiles } from '../use-files.tsx';
import { PLANS } from '../words/plans.ts';
import type { Draft, Judgement } from './draft.ts';
import { changeDraft, tellProblem } from './draft-store.ts';
import { GroupError } from './findings.tsx';

type Props = { readonly draft: Draft; readonly judgement: Judgement | null; readonly nativeDialogs: boolean };

/** The station's own rules, or rules that are written into the plan from a policy file. */
export function PlanPolicy({ draft, judgement, nativeDialogs }: Props) {
  const files = useFiles(nativeDialogs);
  const [read, setRead] = useState<Output<'policy.read'> | null>(null);
  const [isWritten, setWritten] = useState(draft.policy !== null);
  const choose = async (): Promise<void> => {
    const [file] = await files.choose({ what: 'file', title: PLANS.policyChoose, name: '' });
    if (file === undefined) return;
    const answer = await call('policy.read', { file: file.handle });
    tellProblem(firstProblem(answer), 'policy.read');
    if (!answer.ok) return;
    setRead(answer.output);
    changeDraft({ policy: answer.output.rules });
  };
  const digest = judgement?.policy_sha256 ?? null;
  return (
    <section className={parts.card} aria-label={PLANS.policy} data-place="policy" tabIndex={-1}>
      <h2>{PLANS.policy}</h2>
      <Choices
        label={PLANS.policySay}
        inline
        value={isWritten ? 'written' : 'station'}
        onChange={(value) => {
          setWritten(value === 'written');
          if (value === 'station' && draft.policy !== null) changeDraft({ policy: null });
        }}
        choices={[
          { value: 'station', label: PLANS.policyStation },
          { value: 'written', label: PLANS.policyWritten },
        ]}
      />
      {isWritten ? (
        <>
          {draft.policy !== null && read !== null && read.policy_sha256 === digest ? <PolicyRules policy={read} /> : null}
          {draft.policy !== null && digest !== null && read?.policy_sha256 !== digest ? (
            <p>
              {PLANS.policyDigest} <Copyable value={digest} what={PLANS.policyDigest} hex />
            </p>
          ) : null}
          <div>
            <Button kind="link" onPress={() => void choose()}>
              {PLANS.policyChoose}
            </Button>
          </div>
        </>
      ) : null}
      <GroupError place="policy" />
      {files.browser}
    </section>
  );
}
