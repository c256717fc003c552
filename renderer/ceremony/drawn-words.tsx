import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, type Input } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { PASS } from '../words/passphrase.ts';
import { BlankCard } from './blank-card.tsx';

const COUNTS = [6, 8, 12] as const;
const BITS_PER_WORD = Math.log2(7776);

type Props = {
  /** The ceremony, the part, and whose it is. */
  readonly of: Omit<Input<'ceremony.passphrase-make'>, 'words'>;
  readonly nativeDialogs: boolean;
  /** Words that nobody else may see are on the screen, or being typed. */
  readonly onPrivate: (isPrivate: boolean) => void;
  readonly onKept: () => void;
  readonly isDisabled?: boolean;
};

/**
 * Has main draw words, shows them once, hides them, and has them typed back. They are here between two presses of a button, and go
 * with the first chance: nothing brings them back.
 */
export function DrawnWords({ of, nativeDialogs, onPrivate, onKept, isDisabled }: Props) {
  const [stage, setStage] = useState<'draw' | 'shown' | 'back'>('draw');
  const [drawn, setDrawn] = useState<readonly string[]>([]);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAgain, setAgain] = useState(false);
  const [count, setCount] = useState<number>(COUNTS[0]);
  const { ceremony, part } = of;
  const draw = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const answer = await call('ceremony.passphrase-make', { ...of, words: count });
    setBusy(false);
    if (!answer.ok) {
      setProblem(answer.error);
      return;
    }
    setDrawn(answer.output.drawn);
    setStage('shown');
    onPrivate(true);
  };
  const hide = (): void => {
    setDrawn([]);
    setStage('back');
  };
  const compare = async (): Promise<void> => {
    if (typed === '' || isBusy) return;
    setBusy(true);
    setProblem(null);
    const answer = await call('ceremony.passphrase-confirm', { ceremony, part, typed });
    setBusy(false);
    if (!answer.ok) {
      setProblem(answer.error);
      return;
    }
    setTyped('');
    onPrivate(false);
    onKept();
  };
  const anew = (): void => {
    setTyped('');
    setProblem(null);
    setStage('draw');
    setAgain(true);
    onPrivate(false);
  };
  const failure = problem === null ? null : <FailurePanel problem={problem} operation={null} />;
  if (stage === 'draw') {
    return (
      <>
        {failure}
        <Choices
          label={PASS.number}
          value={count.toString()}
          onChange={(value) => {
            setCount(Number(value));
          }}
          choices={COUNTS.map((one) => ({ value: one.toString(), label: PASS.numbers(one, Math.floor(one * BITS_PER_WORD)) }))}
          inline
        />
        <p>{PASS.drawSay}</p>
        <BlankCard words={count} nativeDialogs={nativeDialogs} />
        <div className={parts.row}>
          <Button isDisabled={isBusy || isDisabled === true} autoFocus={isAgain} onPress={() => void draw()}>
            {PASS.draw}
          </Button>
        </div>
      </>
    );
  }
  if (stage === 'shown') {
    return (
      <section className={parts.stack} aria-label={PASS.words}>
        <h2 ref={focusOn} tabIndex={-1}>
          {PASS.shown}
        </h2>
        <p>{PASS.shownSay}</p>
        <ol className={parts.secretWords} onCopy={refuse} onDragStart={refuse}>
          {drawn.map((word, index) => (
            <li key={(index + 1).toString()}>
              <span aria-hidden="true">{index + 1}</span>
              <span data-secret-word={index + 1}>{word}</span>
            </li>
          ))}
        </ol>
        <div className={parts.row}>
          <Button onPress={hide}>{PASS.hide}</Button>
        </div>
      </section>
    );
  }
  return (
    <section className={parts.stack} aria-label={PASS.back}>
      <h2>{PASS.back}</h2>
      <p>{PASS.backSay}</p>
      {failure}
      <Field label={PASS.backField} value={typed} onChange={setTyped} autoFocus onEnter={() => void compare()} />
      <div className={parts.row}>
        <Button isDisabled={typed === '' || isBusy} onPress={() => void compare()}>
          {PASS.compare}
        </Button>
        <Button kind="ghost" isDisabled={isBusy} onPress={anew}>
          {PASS.anew}
        </Button>
      </div>
    </section>
  );
}

/** A secret is not to be copied or dragged off the screen. */
function refuse(event: { preventDefault(): void }): void {
  event.preventDefault();
}

function focusOn(heading: HTMLHeadingElement | null): void {
  heading?.focus();
}
