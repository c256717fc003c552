import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { ToDo } from '../parts/to-do.tsx';
import { useFiles } from '../use-files.tsx';
import { call } from '../bridge.ts';
import { WORDS } from '../words/catalogue.ts';
import { RECOVERY } from '../words/recovery.ts';
import { STEPS } from '../words/steps.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

export function SelfTestStep(props: StepProps) {
  const { view, ceremony } = props;
  const run = (): void => void ceremony.act('ceremony.self-test', { ceremony: view.ceremony_id });
  const label = view.to_do === null ? STEPS['self-test'].action : WORDS.selfCheck.again;
  return (
    <StepFrame {...props} primary={{ label, onPress: run }} operation="ceremony.self-test" isFolded>
      <ToDo lines={view.to_do ?? []} />
      {view.now?.gate === 'open' ? (
        <div>
          <Button kind="link" isDisabled={ceremony.running !== null} onPress={run}>
            {WORDS.selfCheck.again}
          </Button>
        </div>
      ) : null}
    </StepFrame>
  );
}

/** CoinCover's word on key and backups. A `false` leaves two ways: ask again, or stop. */
export function VerifyStep(props: StepProps) {
  const { view, ceremony } = props;
  const ask = (): void => void ceremony.act('ceremony.verify', { ceremony: view.ceremony_id });
  return (
    <StepFrame {...props} primary={{ label: STEPS.verify.action, onPress: ask }} operation="ceremony.verify">
      {view.now?.gate === 'open' ? (
        <div>
          <Button kind="link" isDisabled={ceremony.running !== null} onPress={ask}>
            {STEPS.verify.action}
          </Button>
        </div>
      ) : null}
    </StepFrame>
  );
}

/** Rehearsal: what is released opens to what went in. */
export function RecoverStep(props: StepProps) {
  const { view, ceremony } = props;
  const [passphrase, setPassphrase] = useState('');
  const wants = view.files.some((file) => file.mode?.includes('passphrase') === true);
  const run = (): void => {
    if (wants && passphrase === '') return;
    const typed = wants ? passphrase : null;
    setPassphrase('');
    void ceremony.act('ceremony.recover', { ceremony: view.ceremony_id, passphrase: typed });
  };
  return (
    <StepFrame
      {...props}
      primary={{ label: STEPS.recover.action, onPress: run, isDisabled: wants && passphrase === '' }}
      operation="ceremony.recover"
    >
      {wants && view.now?.gate === 'waits' ? (
        <Field
          label={WORDS.recover.passphrase}
          help={WORDS.recover.halves}
          value={passphrase}
          onChange={setPassphrase}
          secret
          onEnter={run}
        />
      ) : null}
      {view.built_in && view.now?.gate === 'open' ? <p className={parts.note}>{RECOVERY.whole}</p> : null}
    </StepFrame>
  );
}

/** The last look, and copies of the documents for those who want them as files. */
export function CloseStep(props: StepProps) {
  const { view, nativeDialogs } = props;
  const files = useFiles(nativeDialogs);
  const [saved, setSaved] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (): Promise<void> => {
    const [folder] = await files.choose({ what: 'folder', title: WORDS.close.dialog, name: '' });
    if (folder === undefined) return;
    const answer = await call('ceremony.save', { ceremony: view.ceremony_id, folder: folder.handle });
    setSaved(answer.ok ? WORDS.close.saved(answer.output.written, answer.output.already_there) : null);
    setProblem(answer.ok ? null : answer.error);
  };
  // A recovery makes no documents: those of the backup were saved when it was made.
  if (view.recovery !== null) return <StepFrame {...props} />;
  return (
    <StepFrame {...props}>
      <div className={parts.row}>
        <Button kind="link" onPress={() => void save()}>
          {WORDS.close.save}
        </Button>
        <span role="status">{saved}</span>
      </div>
      {problem === null ? null : <FailurePanel problem={problem} operation="ceremony.save" />}
      {files.browser}
    </StepFrame>
  );
}
