import { useEffect, useState } from 'react';
import type { CeremonyView, Problem } from '../../main/operations/index.ts';
import { call, firstProblem } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';

/** The escalation report of a ceremony that was stopped, to be copied as text or saved as a file. */
export function Support({ view, nativeDialogs }: { readonly view: CeremonyView; readonly nativeDialogs: boolean }) {
  const files = useFiles(nativeDialogs);
  const { ceremony_id: ceremony } = view;
  const [text, setText] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    void call('ceremony.escalation-report', { ceremony }).then((answer) => {
      setProblem(firstProblem(answer));
      setText(answer.ok ? answer.output.text : null);
    });
  }, [ceremony]);
  const save = async (): Promise<void> => {
    const name = `ceremony-${view.number.toString()}-escalation.json`;
    const [file] = await files.choose({ what: 'save', title: WORDS.ended.supportDialog, name });
    if (file === undefined) return;
    const answer = await call('ceremony.escalation-report', { ceremony, out: file.handle });
    setProblem(firstProblem(answer));
    setSaved(answer.ok);
  };
  return (
    <>
      {problem === null ? null : <FailurePanel problem={problem} operation="ceremony.escalation-report" />}
      {saved ? <p role="status">{WORDS.ended.supportSaved}</p> : null}
      {text === null ? null : (
        <div className={parts.row}>
          <CopyButton value={text} what={WORDS.ended.support} isSpelt />
          <Button kind="ghost" onPress={() => void save()}>
            {WORDS.ended.supportSave}
          </Button>
        </div>
      )}
      {files.browser}
    </>
  );
}
