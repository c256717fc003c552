import { useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, listen, type Output } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Field } from '../parts/field.tsx';
import { PinField } from '../parts/initials-field.tsx';
import parts from '../parts/parts.module.css';
import { Working } from '../parts/progress.tsx';
import { WORDS } from '../words/catalogue.ts';
import { PINS } from '../words/pins.ts';
import { looks } from '../parts/looks.ts';
import { utcTime } from '../words/time.ts';

type Props = { readonly state: Output<'window.state'>; readonly onDone: () => Promise<void> };

/**
 * What covers a window that nobody has opened, or that nobody used for too long. Nothing of what was on screen is on it. What is typed
 * goes to main once, and out of here.
 */
export function Unlock({ state, onDone }: Props) {
  const [typed, setTyped] = useState('');
  const [pin, setPin] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const { unlock: by, locked_since: since } = state;
  const takesInitials = by === 'initials' || by === 'initials-with-pin';
  const isReady = by === 'button' || (typed !== '' && (by !== 'initials-with-pin' || pin !== ''));
  const unlock = async (): Promise<void> => {
    if (!isReady || busy) return;
    const text = typed;
    setTyped('');
    setPin('');
    setBusy(true);
    setProblem(null);
    const answer =
      by === 'passphrase'
        ? await call('window.unlock', { passphrase: text })
        : await call('window.go-on', { initials: takesInitials ? text : null, pin: by === 'initials-with-pin' ? pin : null });
    setBusy(false);
    if (answer.ok) await onDone();
    else setProblem(answer.error);
  };
  const field = { value: typed, onChange: setTyped, autoFocus: true, onEnter: () => void unlock() };
  return (
    <main className={frame.bare}>
      <div className={frame.center}>
        <h1>{since === null ? WORDS.unlock.title : WORDS.lock.title}</h1>
        {since === null ? null : <p className={frame.say}>{WORDS.lock.say(utcTime(since))}</p>}
        {by === 'passphrase' ? <p className={frame.say}>{WORDS.unlock.say(state.station?.name ?? '')}</p> : null}
        {takesInitials ? <p className={frame.say}>{WORDS.lock.sayInitials}</p> : null}
        {since === null ? null : <GoesOn />}
        {problem === null ? null : <FailurePanel problem={problem} operation="unlock" />}
        {by === 'passphrase' ? <Field label={WORDS.unlock.passphrase} secret {...field} /> : null}
        {takesInitials ? <Field label={WORDS.lock.initials} maxLength={5} {...field} /> : null}
        {by === 'initials-with-pin' ? (
          <PinField label={PINS.of(WORDS.lock.initials)} value={pin} onChange={setPin} onEnter={() => void unlock()} />
        ) : null}
        {busy ? <Working operation="window.unlock" /> : null}
        <div className={looks(parts.row, parts.end)}>
          <Button isDisabled={!isReady || busy} onPress={() => void unlock()}>
            {by === 'passphrase' ? WORDS.unlock.button : WORDS.lock.button}
          </Button>
        </div>
      </div>
    </main>
  );
}

/** How far the work is that was under way when the window was locked: a number, and nothing of what it is about. */
function GoesOn() {
  const [share, setShare] = useState<number | null>(null);
  useEffect(
    () =>
      listen((event) => {
        if (event.event === 'progress' && event.total !== null && event.total > 0) setShare(event.done / event.total);
      }),
    [],
  );
  return share === null ? null : (
    <p className={parts.note} role="status">
      {WORDS.lock.goesOn(Math.floor(share * 100))}
    </p>
  );
}
