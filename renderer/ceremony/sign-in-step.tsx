import { useState } from 'react';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { SigningKeyChoices } from '../parts/signing-key-choices.tsx';
import { Field } from '../parts/field.tsx';
import { useFingerprintWords } from '../parts/fingerprint-words.tsx';
import type { Problem } from '../../main/operations/index.ts';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { utcDate } from '../words/time.ts';
import { signerChoices, type Candidate, type SignerChoice } from './signer-choices.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** Three things, one after the other: the environment's name, the API key, the enclave's signing key. */
export function SignInStep(props: StepProps) {
  const { view } = props;
  if (view.now?.gate === 'open') return <StepFrame {...props} />;
  if (!view.environment_typed) return <TypeEnvironment {...props} />;
  if (!view.has_token) return <KeepKey {...props} />;
  return <CompareSigner {...props} />;
}

/** The environment's name, typed: the one thing that tells a rehearsal from the real thing for sure. */
export function TypeEnvironment(props: StepProps) {
  const { view, ceremony } = props;
  const [typed, setTyped] = useState('');
  const confirm = (): void => {
    if (typed.trim() !== '') void ceremony.act('ceremony.environment', { ceremony: view.ceremony_id, typed });
  };
  return (
    <StepFrame {...props} primary={{ label: WORDS.signIn.confirm, onPress: confirm, isDisabled: typed.trim() === '' }}>
      <Field
        label={WORDS.signIn.typeName(WORDS.bar[view.environment])}
        value={typed}
        onChange={setTyped}
        onEnter={confirm}
        maxLength={40}
      />
    </StepFrame>
  );
}

function KeepKey(props: StepProps) {
  const { view, ceremony } = props;
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const practice = (): void => void ceremony.act('ceremony.practice-key', { ceremony: view.ceremony_id });
  const keep = async (): Promise<void> => {
    if (token === '') return;
    // One way: to main and out of here.
    const typed = token;
    setToken('');
    const answer = await call('login', { environment: view.environment, token: typed });
    setProblem(answer.ok ? null : answer.error);
    if (answer.ok) await ceremony.act('ceremony.show', { ceremony: view.ceremony_id });
  };
  if (view.built_in) {
    return (
      <StepFrame {...props} primary={{ label: WORDS.signIn.practiceTitle, onPress: practice }}>
        <p>{WORDS.signIn.practiceHelp}</p>
      </StepFrame>
    );
  }
  return (
    <StepFrame {...props} primary={{ label: WORDS.signIn.keepKey, onPress: () => void keep(), isDisabled: token === '' }}>
      {problem === null ? null : <FailurePanel problem={problem} operation="login" />}
      <Field
        label={WORDS.signIn.keyField}
        help={WORDS.signIn.keyHelp}
        value={token}
        onChange={setToken}
        secret
        onEnter={() => void keep()}
      />
    </StepFrame>
  );
}

function CompareSigner(props: StepProps) {
  const { view, ceremony } = props;
  const [fetched, setFetched] = useState<readonly Candidate[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const fetchKeys = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('trust.add', { environment: view.environment, source: 'fetch' });
    setBusy(false);
    if (!answer.ok || answer.output.confirm === null) {
      setProblem(answer.ok ? null : answer.error);
      return;
    }
    setProblem(null);
    setFetched(answer.output.confirm);
  };
  const choices = signerChoices(view.anchors, fetched);
  const shown = choices.length === 1 ? choices[0] : choices.find((one) => one.fingerprint === chosen);
  const comparison = useFingerprintWords({
    title: WORDS.signIn.cardTitle,
    subject: shown ?? null,
    onCompare: (words) =>
      void ceremony.act('ceremony.signer', { ceremony: view.ceremony_id, fingerprint: shown?.fingerprint ?? '', words }),
  });
  const fetchNow = { onPress: () => void fetchKeys(), isDisabled: busy };
  if (choices.length === 0) {
    return (
      <StepFrame {...props} primary={{ label: WORDS.signIn.fetch, ...fetchNow }}>
        {problem === null ? null : <FailurePanel problem={problem} operation="trust.add" />}
        <p>{WORDS.signIn.fetchHelp}</p>
      </StepFrame>
    );
  }
  const again = (
    <Button kind="ghost" {...fetchNow}>
      {WORDS.signIn.fetchAgain}
    </Button>
  );
  return (
    <StepFrame {...props} primary={comparison.primary} secondary={comparison.secondary ?? again} isFolded>
      {problem === null ? null : <FailurePanel problem={problem} operation="trust.add" />}
      {view.anchors.length === 0 ? null : <p className={parts.note}>{rotationNote(choices, fetched !== null)}</p>}
      {choices.length === 1 ? null : (
        <>
          <p>{WORDS.signIn.several}</p>
          <SigningKeyChoices keys={choices} value={chosen} onChange={setChosen} standing={standing} />
        </>
      )}
      {shown === undefined ? null : (
        <>
          <p>{view.environment === 'rehearsal' ? WORDS.signIn.cardPractice : WORDS.signIn.cardSource}</p>
          {shown.confirmedAt === null ? null : <p>{WORDS.signIn.earlier(utcDate(shown.confirmedAt))}</p>}
          {comparison.panel}
        </>
      )}
    </StepFrame>
  );
}

/** What fetching the list again is for, or what it brought. */
function rotationNote(choices: readonly SignerChoice[], isFetched: boolean): string {
  if (!isFetched) return WORDS.signIn.fetchAgainHelp;
  return choices.some((one) => one.confirmedAt === null) ? WORDS.signIn.newPublished : WORDS.signIn.nothingNew;
}

function standing({ confirmedAt, isPublished }: SignerChoice): string {
  if (confirmedAt === null) return WORDS.signIn.notConfirmedYet;
  const date = utcDate(confirmedAt);
  return isPublished === false ? WORDS.signIn.confirmedGone(date) : WORDS.signIn.confirmedOn(date);
}
