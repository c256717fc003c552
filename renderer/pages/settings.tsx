import { useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { Working } from '../parts/progress.tsx';
import { chosenTheme, chooseTheme, type Theme } from '../theme.ts';
import { WORDS } from '../words/catalogue.ts';
import { PolicyCard } from './policy-card.tsx';
import { SelfCheckCard } from './self-check-card.tsx';

/** There is no "never": a window that shows a ceremony is not left open. */
const LOCK_MINUTES = [2, 5, 10, 15, 30, 60] as const;

type Props = { readonly state: Output<'window.state'> };

export function Settings({ state }: Props) {
  const [minutes, setMinutes] = useState(state.lock_minutes);
  // Of the window as it is now: what was chosen here before is not in the state that the page began with.
  useEffect(() => {
    void call('window.state', {}).then((answer) => {
      if (answer.ok) setMinutes(answer.output.lock_minutes);
    });
  }, []);
  const [theme, setTheme] = useState(chosenTheme());
  const [report, setReport] = useState<Output<'ledger.check'> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const check = async (): Promise<void> => {
    setBusy(true);
    setReport(null);
    const answer = await call('ledger.check', {});
    setBusy(false);
    setProblem(firstProblem(answer));
    if (answer.ok && answer.output.ok) setReport(answer.output);
  };
  const lock = (): void => void call('window.lock', {});
  const lockAfter = async (chosen: number): Promise<void> => {
    setMinutes(chosen);
    await call('window.set-lock', { minutes: chosen });
  };
  return (
    <>
      <h1>{WORDS.settings.title}</h1>
      <Choices
        label={WORDS.settings.theme}
        inRow
        value={theme}
        onChange={(value) => {
          setTheme(value as Theme);
          chooseTheme(value as Theme);
        }}
        choices={[
          { value: 'system', label: WORDS.settings.system },
          { value: 'light', label: WORDS.settings.light },
          { value: 'dark', label: WORDS.settings.dark },
        ]}
      />
      <Choices
        label={WORDS.settings.lockAfter}
        inRow
        value={minutes.toString()}
        onChange={(value) => void lockAfter(Number(value))}
        choices={LOCK_MINUTES.map((one) => ({ value: one.toString(), label: WORDS.settings.minutes(one) }))}
      />
      <PolicyCard nativeDialogs={state.native_dialogs} />
      <SelfCheckCard />
      <section className={parts.card}>
        <h2>{WORDS.settings.ledger}</h2>
        {problem === null ? null : <FailurePanel problem={problem} operation="ledger.check" />}
        {busy ? <Working operation="ledger.check" /> : null}
        {report === null ? null : (
          <p role="status">
            {WORDS.settings.holds(report.events)} {report.macs === 'valid' ? '' : WORDS.settings.macs}
          </p>
        )}
        <div>
          <Button isDisabled={busy} onPress={() => void check()}>
            {WORDS.settings.checkLedger}
          </Button>
        </div>
      </section>
      <section className={parts.card}>
        <h2>{WORDS.settings.about}</h2>
        <dl className={parts.facts}>
          <div>
            <dt>{WORDS.settings.version}</dt>
            <dd>{state.version}</dd>
          </div>
          <div>
            <dt>{WORDS.settings.shell}</dt>
            <dd>{WORDS.settings.shells[state.shell]}</dd>
          </div>
          <div>
            <dt>{WORDS.settings.keychain}</dt>
            <dd>{state.station === null ? '' : WORDS.settings.keychains[state.station.keychain]}</dd>
          </div>
        </dl>
        <div>
          <Button kind="link" onPress={lock}>
            {WORDS.settings.lock}
          </Button>
        </div>
      </section>
    </>
  );
}
