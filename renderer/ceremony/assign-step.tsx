import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import { useFingerprintWords } from '../parts/fingerprint-words.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { STEPS } from '../words/steps.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';
import { useWalletForm } from './wallet-step.tsx';

/** The assignment, each check with what it rests on, and the fingerprint read aloud. */
export function AssignStep(props: StepProps) {
  const { view, ceremony } = props;
  const { assignment } = view;
  const [otherWallet, setOtherWallet] = useState(false);
  const comparison = useFingerprintWords({
    title: WORDS.words.keyTitle,
    subject: view.now?.gate === 'waits' ? (assignment?.key ?? null) : null,
    onCompare: (words) => void ceremony.act('ceremony.words', { ceremony: view.ceremony_id, words }),
  });
  const assign = (): void => void ceremony.act('ceremony.assign', { ceremony: view.ceremony_id });
  if (otherWallet) {
    return (
      <OtherWallet
        {...props}
        onDone={() => {
          setOtherWallet(false);
        }}
      />
    );
  }
  if (assignment === null) {
    return <StepFrame {...props} primary={{ label: STEPS.assign.action, onPress: assign }} operation="ceremony.assign" />;
  }
  const change = (
    <Button
      kind="ghost"
      onPress={() => {
        setOtherWallet(true);
      }}
    >
      {WORDS.assign.changeWallet}
    </Button>
  );
  switch (assignment.state) {
    case 'refused':
    case 'not-sent':
      return (
        <StepFrame {...props} primary={{ label: WORDS.assign.again, onPress: assign }} secondary={change} operation="ceremony.assign" />
      );
    case 'unknown':
      return (
        <StepFrame
          {...props}
          primary={{
            label: WORDS.assign.changeWallet,
            onPress: () => {
              setOtherWallet(true);
            },
          }}
          secondary={
            <Button kind="ghost" onPress={assign}>
              {WORDS.assign.judgeAgain}
            </Button>
          }
          operation="ceremony.assign"
        />
      );
    case 'quarantined':
      return (
        <StepFrame
          {...props}
          primary={{ label: WORDS.assign.judgeAgain, onPress: assign }}
          secondary={change}
          operation="ceremony.assign.quarantine"
        >
          {assignment.account_seen !== null && !view.accounts.includes(assignment.account_seen) ? (
            <ConfirmAccount {...props} accountId={assignment.account_seen} />
          ) : null}
        </StepFrame>
      );
    case 'assigned':
      // What the ledger remembers as wrong here came of judging the key again, not of asking for it: no step's texts fit.
      return (
        <StepFrame {...props} primary={comparison.primary} secondary={comparison.secondary} isFolded={comparison.panel !== null}>
          {comparison.panel}
        </StepFrame>
      );
  }
}

function OtherWallet(props: StepProps & { readonly onDone: () => void }) {
  const form = useWalletForm(props.view, props.ceremony, props.onDone);
  const back = (
    <Button kind="ghost" onPress={props.onDone}>
      {WORDS.common.back}
    </Button>
  );
  return (
    <StepFrame {...props} primary={{ label: STEPS.wallet.action, onPress: form.record, isDisabled: !form.isComplete }} secondary={back}>
      {form.fields}
    </StepFrame>
  );
}

/** The account that the enclave names is only confirmed by typing what CoinCover's people say. */
function ConfirmAccount({ view, ceremony, accountId }: StepProps & { readonly accountId: string }) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const confirm = async (): Promise<void> => {
    const answer = await call('trust.add', { environment: view.environment, account_id: typed.trim() });
    setProblem(answer.ok ? null : answer.error);
    if (answer.ok) await ceremony.act('ceremony.assign', { ceremony: view.ceremony_id });
  };
  return (
    <div className={parts.card}>
      <dl className={parts.facts}>
        <div>
          <dt>{WORDS.assign.seen}</dt>
          <dd>
            <code>{accountId}</code>
          </dd>
        </div>
      </dl>
      <p>{WORDS.assign.seenHelp}</p>
      {problem === null ? null : <FailurePanel problem={problem} operation="trust.add" />}
      <Field label={WORDS.assign.typeAccount} value={typed} onChange={setTyped} maxLength={256} />
      <div>
        <Button isDisabled={typed.trim() !== accountId} onPress={() => void confirm()}>
          {WORDS.assign.confirmAccount}
        </Button>
      </div>
    </div>
  );
}
