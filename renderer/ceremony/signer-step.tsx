import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { SigningKeyChoices } from '../parts/signing-key-choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { useFingerprintWords } from '../parts/fingerprint-words.tsx';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { utcDate } from '../words/time.ts';
import { TWO } from '../words/two-stations.ts';
import { TypeEnvironment } from './sign-in-step.tsx';
import { signerChoices, type Candidate } from './signer-choices.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

/** Two things, one after the other: the environment's name, and whom a cold station believes there. */
export function SignerStep(props: StepProps) {
  const { view } = props;
  return view.now?.gate === 'open' || view.environment_typed ? <CompareCard {...props} /> : <TypeEnvironment {...props} />;
}

/** The signing key comes as a file, its words from CoinCover's card. */
function CompareCard(props: StepProps) {
  const { view, ceremony, nativeDialogs } = props;
  const files = useFiles(nativeDialogs);
  const [file, setFile] = useState<string | null>(null);
  const [read, setRead] = useState<readonly Candidate[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const choices = signerChoices(view.anchors, read);
  const shown = choices.length === 1 ? choices[0] : choices.find((one) => one.fingerprint === chosen);
  const comparison = useFingerprintWords({
    title: WORDS.signIn.cardTitle,
    subject: shown ?? null,
    onCompare: (words) =>
      void ceremony.act('ceremony.signer', {
        ceremony: view.ceremony_id,
        fingerprint: shown?.fingerprint ?? '',
        words,
        ...(file === null ? {} : { file }),
      }),
  });
  const choose = async (): Promise<void> => {
    const [picked] = await files.choose({ what: 'file', title: TWO.signer.dialog, name: '' });
    if (picked === undefined) return;
    const answer = await call('trust.read', { file: picked.handle });
    setProblem(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    setFile(picked.handle);
    setRead(answer.output.keys);
  };
  if (view.now?.gate === 'open') return <StepFrame {...props} />;
  return (
    <StepFrame
      {...props}
      primary={choices.length === 0 ? { label: TWO.signer.choose, onPress: () => void choose() } : comparison.primary}
      secondary={comparison.secondary}
      isFolded={choices.length > 0}
    >
      {problem === null ? null : <FailurePanel problem={problem} operation="trust.add" />}
      {choices.length === 0 ? <p>{TWO.signer.help}</p> : null}
      {choices.length < 2 ? null : <SigningKeyChoices keys={choices} value={chosen} onChange={setChosen} />}
      {shown === undefined ? null : (
        <>
          <p>{WORDS.signIn.cardSource}</p>
          {shown.confirmedAt === null ? null : <p>{WORDS.signIn.earlier(utcDate(shown.confirmedAt))}</p>}
          {comparison.panel}
        </>
      )}
      {choices.length === 0 ? null : (
        <div>
          <Button kind="link" onPress={() => void choose()}>
            {TWO.signer.other}
          </Button>
        </div>
      )}
      {files.browser}
    </StepFrame>
  );
}
