import { useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { PolicyRules } from '../parts/policy-rules.tsx';
import { useFiles } from '../use-files.tsx';
import { POLICY } from '../words/policy.ts';
import { utcTime } from '../words/time.ts';
import { visible } from '../words/visible.ts';

type Chosen = { readonly handle: string; readonly name: string; readonly policy: Output<'policy.read'> };

/** The rules for ceremonies begun from now on; another file is shown in full, with its digest in words, before it is set. */
export function PolicyCard({ nativeDialogs }: { readonly nativeDialogs: boolean }) {
  const files = useFiles(nativeDialogs);
  const [standing, setStanding] = useState<Output<'policy.show'> | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [administrator, setAdministrator] = useState('');
  const [problem, setProblem] = useState<{ readonly problem: Problem; readonly operation: string } | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const tell = (found: Problem | null, operation: string): void => {
    setProblem(found === null ? null : { problem: found, operation });
  };
  useEffect(() => {
    void call('policy.show', {}).then((answer) => {
      tell(firstProblem(answer), 'policy.show');
      if (answer.ok) setStanding(answer.output);
    });
  }, []);
  const choose = async (): Promise<void> => {
    const [file] = await files.choose({ what: 'file', title: POLICY.dialog, name: '' });
    if (file === undefined) return;
    const answer = await call('policy.read', { file: file.handle });
    tell(firstProblem(answer), 'policy.read');
    setDone(null);
    setChosen(answer.ok ? { handle: file.handle, name: file.name, policy: answer.output } : null);
  };
  const save = async (): Promise<void> => {
    const [file] = await files.choose({ what: 'save', title: POLICY.saveDialog, name: 'policy.json' });
    if (file === undefined) return;
    const answer = await call('policy.new', { out: file.handle });
    tell(firstProblem(answer), 'policy.new');
    setDone(answer.ok ? POLICY.saved : null);
  };
  const set = async (): Promise<void> => {
    if (chosen === null) return;
    const { handle, policy } = chosen;
    const answer = await call('policy.set', { file: handle, administrator: administrator.trim(), policy_sha256: policy.policy_sha256 });
    tell(firstProblem(answer), 'policy.set');
    if (!answer.ok) return;
    setStanding(answer.output);
    setChosen(null);
    setAdministrator('');
    setDone(POLICY.wasSet);
  };
  return (
    <section className={parts.card} aria-label={POLICY.title}>
      <h2>{POLICY.title}</h2>
      {problem === null ? null : <FailurePanel problem={problem.problem} operation={problem.operation} />}
      {chosen !== null ? (
        <>
          <p>
            <b>{POLICY.chosen(visible(chosen.name))}</b>
          </p>
          <p>{POLICY.compare}</p>
          <PolicyRules key={`chosen ${chosen.policy.policy_sha256}`} policy={chosen.policy} spelt />
          <Field label={POLICY.administrator} value={administrator} onChange={setAdministrator} maxLength={100} />
          <div className={parts.row}>
            <Button isDisabled={administrator.trim() === ''} onPress={() => void set()}>
              {POLICY.set}
            </Button>
            <Button
              kind="ghost"
              onPress={() => {
                setChosen(null);
              }}
            >
              {POLICY.cancel}
            </Button>
          </div>
        </>
      ) : standing === null ? null : (
        <>
          <p>
            {standing.administrator === null || standing.set_at === null
              ? POLICY.none
              : POLICY.setBy(visible(standing.administrator), utcTime(standing.set_at))}{' '}
            {standing.gate_set_since ? POLICY.gateSince : ''}
          </p>
          <PolicyRules key={standing.policy_sha256} policy={standing} />
          <div className={parts.row}>
            <Button kind="link" onPress={() => void choose()}>
              {POLICY.choose}
            </Button>
            <Button kind="link" onPress={() => void save()}>
              {POLICY.save}
            </Button>
            <span role="status">{done}</span>
          </div>
        </>
      )}
      {files.browser}
    </section>
  );
}
