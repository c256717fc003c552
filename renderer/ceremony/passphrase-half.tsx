import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { PASS } from '../words/passphrase.ts';
import { DrawnWords } from './drawn-words.tsx';

type Props = {
  readonly ceremony: string;
  readonly part: 'first' | 'second';
  /** What the person is told before anything is typed. */
  readonly say: string;
  readonly ownAllowed: boolean;
  readonly nativeDialogs: boolean;
  readonly onPrivate: (isPrivate: boolean) => void;
  /** Main keeps this half now, as that person's. */
  readonly onKept: (initials: string) => void;
};

/** One half, from one person: typed twice and masked, or drawn. Nothing of the other half is here. */
export function PassphraseHalf({ ceremony, part, say, ownAllowed, nativeDialogs, onPrivate, onKept }: Props) {
  const [initials, setInitials] = useState('');
  const [isDrawn, setDrawn] = useState(!ownAllowed);
  const [typed, setTyped] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isHidden, setHidden] = useState(false);
  const owner = initials.trim().toUpperCase();
  const title = PASS.half.titles[part];
  const isWhole = owner !== '' && typed !== '' && typed === again && !isBusy;
  const keep = async (): Promise<void> => {
    if (!isWhole) return;
    // One way: to main, and out of here.
    const half = typed;
    setTyped('');
    setAgain('');
    setBusy(true);
    setProblem(null);
    const answer = await call('ceremony.passphrase-half', { ceremony, part, typed: half, initials: owner });
    setBusy(false);
    if (answer.ok) onKept(owner);
    else setProblem(answer.error);
  };
  const hideOthers = (isPrivate: boolean): void => {
    setHidden(isPrivate);
    onPrivate(isPrivate);
  };
  return (
    <section className={parts.card} aria-label={title}>
      <h2 tabIndex={-1} ref={part === 'second' ? focusOn : null}>
        {title}
      </h2>
      {problem === null ? null : <FailurePanel problem={problem} operation={null} />}
      {isHidden ? null : (
        <>
          <p>{say}</p>
          <Field label={PASS.half.initials} value={initials} onChange={setInitials} maxLength={5} />
          {ownAllowed ? (
            <Choices
              label={PASS.half.how}
              value={isDrawn ? 'draw' : 'own'}
              onChange={(value) => {
                setDrawn(value === 'draw');
                setTyped('');
                setAgain('');
              }}
              choices={[
                { value: 'own', label: PASS.half.own },
                { value: 'draw', label: PASS.half.draw },
              ]}
              inline
            />
          ) : null}
        </>
      )}
      {isDrawn ? (
        <DrawnWords
          of={{ ceremony, part, initials: owner }}
          nativeDialogs={nativeDialogs}
          isDisabled={owner === ''}
          onPrivate={hideOthers}
          onKept={() => {
            onKept(owner);
          }}
        />
      ) : (
        <>
          <div className={parts.two}>
            <Field label={PASS.half.field} help={PASS.half.help} value={typed} onChange={setTyped} secret />
            <Field
              label={PASS.half.again}
              value={again}
              onChange={setAgain}
              secret
              error={again !== '' && typed !== again ? PASS.half.differ : null}
              onEnter={() => void keep()}
            />
          </div>
          <div className={parts.row}>
            <Button isDisabled={!isWhole} onPress={() => void keep()}>
              {PASS.half.keep(title)}
            </Button>
          </div>
        </>
      )}
      <p className={parts.note}>{PASS.half.warning}</p>
    </section>
  );
}

/** Another person begins here. */
function focusOn(heading: HTMLHeadingElement | null): void {
  heading?.focus();
}
