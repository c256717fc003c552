import { useId, useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import type { Act } from '../ceremony/use-ceremony.ts';
import { Button } from '../parts/button.tsx';
import { WORDS } from '../words/catalogue.ts';
import styles from './frame.module.css';

type Props = { readonly view: CeremonyView; readonly act: Act; readonly isBusy: boolean };

const ROLES = ['administrator', 'witness'] as const;

/** Initials of both, each with the time it was typed; they commit to the digest of what the step shows. */
export function SignBar({ view, act, isBusy }: Props) {
  const [typed, setTyped] = useState<Readonly<Record<string, { text: string; at: string }>>>({});
  const { now } = view;
  const step = view.steps.find((one) => one.id === now?.step);
  if (now === null || step === undefined) return null;
  const complete = ROLES.every((role) => (typed[role]?.text ?? '').trim() !== '');
  const sign = (): void => {
    if (!complete) return;
    void act('ceremony.sign-off', {
      ceremony: view.ceremony_id,
      step: now.step,
      evidence_sha256: now.evidence_sha256,
      initials: ROLES.map((role) => ({ role, initials: (typed[role]?.text ?? '').trim() })),
    });
  };
  return (
    <div className={styles.sign}>
      {ROLES.map((role) => (
        <SignField
          key={role}
          label={WORDS.sign[role]}
          text={typed[role]?.text ?? ''}
          at={typed[role]?.at ?? ''}
          onType={(text) => {
            setTyped({ ...typed, [role]: { text, at: text === '' ? '' : new Date().toISOString().slice(11, 19) } });
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
            if (event.key === 'Enter') onEnter();
          }}
        />
        <time>{at}</time>
      </div>
    </div>
  );
}
