import { useState } from 'react';
import type { CeremonyView, Problem } from '../../main/operations/index.ts';
import { call } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import { InitialsField, isGiven, NO_SIGNATURE, pinsOf } from '../parts/initials-field.tsx';
import parts from '../parts/parts.module.css';
import { PASS } from '../words/passphrase.ts';
import { DrawnWords } from './drawn-words.tsx';

type Props = {
  readonly view: CeremonyView;
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
export function PassphraseHalf({ view, part, say, ownAllowed, nativeDialogs, onPrivate, onKept }: Props) {
  const [signature, setSignature] = useState(NO_SIGNATURE);
  const [isDrawn, setDrawn] = useState(!ownAllowed);
  const [typed, setTyped] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isHidden, setHidden] = useState(false);
  const { ceremony_id: ceremony } = view;
  const owner = signature.initials.trim().toUpperCase();
  const pins = pinsOf(view, signature);
  const title = PASS.half.titles[part];
  const isWhole = isGiven(view, signature) && typed !== '' && typed === again && !isBusy;
  const keep = async (): Promise<void> => {
    if (!isWhole) return;
    // One way: to main, and out of here.
    const half = typed;
    setTyped('');
    setAgain('');
    setBusy(true);
    setProblem(null);
    const answer = await call('ceremony.passphrase-half', { ceremony, part, typed: half, initials: owner, pins });
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
          <InitialsField view={view} label={PASS.half.initials} value={signature} onChange={setSignature} />
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
          of={{ ceremony, part, initials: owner, pins }}
          nativeDialogs={nativeDialogs}
          isDisabled={!isGiven(view, signature)}
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
