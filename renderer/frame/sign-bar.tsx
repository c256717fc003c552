import { useId, useState, type KeyboardEvent } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import type { Act } from '../ceremony/use-ceremony.ts';
import { Button } from '../parts/button.tsx';
import { MOST_DIGITS } from '../parts/initials-field.tsx';
import { looks } from '../parts/looks.ts';
import { useProtection } from '../protection.ts';
import { WORDS } from '../words/catalogue.ts';
import { PINS } from '../words/pins.ts';
import { visible } from '../words/visible.ts';
import styles from './frame.module.css';

type Props = { readonly view: CeremonyView; readonly act: Act; readonly isBusy: boolean };

/**
 * The initials that the step takes, a box for each person, with the time they were typed; they commit to the digest of what the step
 * shows. Where every witness signs, each box says whose it is, and the bar says why.
 */
export function SignBar({ view, act, isBusy }: Props) {
  const [typed, setTyped] = useState<Readonly<Record<string, Typed>>>({});
  const { now, pins } = view;
  useProtection(pins !== null);
  const step = view.steps.find((one) => one.id === now?.step);
  if (now === null || step === undefined) return null;
  const boxes = now.signers.map((signer, index) => ({ ...signer, key: `${index.toString()} ${signer.initials ?? signer.role}` }));
  const of = (key: string): Typed => typed[key] ?? NOTHING;
  const complete = boxes.every(({ key }) => of(key).text.trim() !== '' && (pins === null || of(key).pin !== ''));
  const many = boxes.length > 2;
  const sign = (): void => {
    if (!complete) return;
    const given = boxes.map(({ role, key }) => ({ role, initials: of(key).text.trim(), pin: of(key).pin }));
    // A PIN goes one way: to main, and out of here.
    setTyped(Object.fromEntries(Object.entries(typed).map(([key, one]) => [key, { ...one, pin: '' }])));
    void act('ceremony.sign-off', {
      ceremony: view.ceremony_id,
      step: now.step,
      evidence_sha256: now.evidence_sha256,
      initials: given.map(({ role, initials }) => ({ role, initials })),
      pins: pins === null ? [] : given.map(({ initials, pin }) => ({ initials, pin })),
    });
  };
  return (
    <div className={many ? looks(styles.sign, styles.signMany) : styles.sign}>
      {many ? <p className={styles.signWhy}>{WORDS.sign.everyWitness}</p> : null}
      {boxes.map(({ role, name, key }) => (
        <SignField
          key={key}
          label={name === null ? WORDS.sign[role] : WORDS.sign.person(WORDS.sign[role], visible(name))}
          typed={of(key)}
          asksPin={pins !== null}
          onType={(text) => {
            setTyped({ ...typed, [key]: { ...of(key), text, at: text === '' ? '' : new Date().toISOString().slice(11, 19) } });
          }}
          onPin={(pin) => {
            setTyped({ ...typed, [key]: { ...of(key), pin } });
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

/** What stands in a person's box; `at` is when the initials were typed. */
type Typed = { readonly text: string; readonly at: string; readonly pin: string };
const NOTHING: Typed = { text: '', at: '', pin: '' };

type FieldProps = {
  readonly label: string;
  readonly typed: Typed;
  readonly asksPin: boolean;
  readonly onType: (text: string) => void;
  readonly onPin: (pin: string) => void;
  readonly onEnter: () => void;
};

function SignField({ label, typed, asksPin, onType, onPin, onEnter }: FieldProps) {
  const id = useId();
  const { text, at, pin } = typed;
  const enter = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.repeat) onEnter();
  };
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
          onKeyDown={enter}
        />
        <time>{at}</time>
      </div>
      {asksPin ? (
        <div className={looks(styles.signBox, styles.signPin)}>
          <input
            type="password"
            aria-label={PINS.of(label)}
            value={pin}
            placeholder={PINS.placeholder}
            maxLength={MOST_DIGITS}
            autoComplete="new-password"
            spellCheck={false}
            onChange={(event) => {
              onPin(event.target.value);
            }}
            onKeyDown={enter}
          />
        </div>
      ) : null}
    </div>
  );
}
