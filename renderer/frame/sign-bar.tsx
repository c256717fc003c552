import { useId, useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import type { Act } from '../ceremony/use-ceremony.ts';
import { Button } from '../parts/button.tsx';
import { looks } from '../parts/looks.ts';
import { WORDS } from '../words/catalogue.ts';
import { visible } from '../words/visible.ts';
import styles from './frame.module.css';

type Props = { readonly view: CeremonyView; readonly act: Act; readonly isBusy: boolean };

/**
 * The initials that the step takes, a box for each person, with the time they were typed; they commit to the digest of what the step
 * shows. Where every witness signs, each box says whose it is, and the bar says why.
 */
export function SignBar({ view, act, isBusy }: Props) {
  const [typed, setTyped] = useState<Readonly<Record<string, { text: string; at: string }>>>({});
  const { now } = view;
  const step = view.steps.find((one) => one.id === now?.step);
  if (now === null || step === undefined) return null;
  const boxes = now.signers.map((signer, index) => ({ ...signer, key: `${index.toString()} ${signer.initials ?? signer.role}` }));
  const complete = boxes.every(({ key }) => (typed[key]?.text ?? '').trim() !== '');
  const many = boxes.length > 2;
  const sign = (): void => {
    if (!complete) return;
    void act('ceremony.sign-off', {
      ceremony: view.ceremony_id,
      step: now.step,
      evidence_sha256: now.evidence_sha256,
      initials: boxes.map(({ role, key }) => ({ role, initials: (typed[key]?.text ?? '').trim() })),
    });
  };
  return (
    <div className={many ? looks(styles.sign, styles.signMany) : styles.sign}>
      {many ? <p className={styles.signWhy}>{WORDS.sign.everyWitness}</p> : null}
      {boxes.map(({ role, name, key }) => (
        <SignField
          key={key}
          label={name === null ? WORDS.sign[role] : WORDS.sign.person(WORDS.sign[role], visible(name))}
          text={typed[key]?.text ?? ''}
          at={typed[key]?.at ?? ''}
          onType={(text) => {
            setTyped({ ...typed, [key]: { text, at: text === '' ? '' : new Date().toISOString().slice(11, 19) } });
          }}
          onEnter={sign}
        />
      ))}
      <Button isDisabled={!complete || isBusy} onPress={sign}>
        {WORDS.sign.button(step.number)}
      </Button>
    </div>
  );
}

type FieldProps = {
  readonly label: string;
  readonly text: string;
  readonly at: string;
  readonly onType: (text: string) => void;
  readonly onEnter: () => void;
};

function SignField({ label, text, at, onType, onEnter }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.signField}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.signBox}>
        <input
          id={id}
          value={text}
          placeholder={WORDS.sign.initials}
          maxLength={5}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            onType(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.repeat) onEnter();
          }}
        />
        <time>{at}</time>
      </div>
    </div>
  );
}
