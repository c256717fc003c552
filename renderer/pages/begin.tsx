import { useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, type Output } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { Working } from '../parts/progress.tsx';
import { WORDS } from '../words/catalogue.ts';
import type { Page } from './page.ts';

const ENVIRONMENTS = ['rehearsal', 'sandbox', 'production', 'custom'] as const;
type Environment = (typeof ENVIRONMENTS)[number];

/** Where a new ceremony takes place. Nothing is chosen beforehand. */
export function Begin({ state, go }: { readonly state: Output<'window.state'>; readonly go: (page: Page) => void }) {
  const [chosen, setChosen] = useState<Environment | null>(null);
  const [setUp, setSetUp] = useState<ReadonlyMap<string, string> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    void call('environment.list', {}).then((answer) => {
      setSetUp(new Map(answer.ok ? answer.output.environments.map((one) => [one.name, one.api]) : []));
    });
  }, []);
  const begin = async (): Promise<void> => {
    if (chosen === null) return;
    setBusy(true);
    setProblem(null);
    const script = chosen === 'rehearsal' ? 'rehearsal' : 'single-station backup';
    const answer = await call('ceremony.begin', { script, environment: chosen });
    setBusy(false);
    if (answer.ok) go({ name: 'ceremony', id: answer.output.ceremony.ceremony_id });
    else setProblem(answer.error);
  };
  if (state.station?.role !== 'single') {
    return (
      <>
        <h1>{WORDS.begin.title}</h1>
        <p>{WORDS.begin.notSingle}</p>
      </>
    );
  }
  return (
    <>
      <h1>{WORDS.begin.title}</h1>
      <p className={frame.say}>{WORDS.begin.say}</p>
      {problem === null ? null : <FailurePanel problem={problem} operation="ceremony.begin" />}
      <Choices
        label={WORDS.begin.where}
        value={chosen}
        onChange={(value) => {
          setChosen(value as Environment);
        }}
        choices={ENVIRONMENTS.map((name) => {
          const withheld = state.withheld.includes(name);
          const missing = name !== 'rehearsal' && setUp?.has(name) !== true;
          return {
            value: name,
            label: WORDS.begin[name],
            why: withheld ? WORDS.begin.withheld : missing ? WORDS.begin.notSetUp : WORDS.begin[`${name}Why`],
            isDisabled: withheld || missing,
          };
        })}
      />
      {busy ? <Working operation="ceremony.begin" /> : null}
      <div>
        <Button isDisabled={chosen === null || busy} onPress={() => void begin()}>
          {WORDS.begin.button}
        </Button>
      </div>
    </>
  );
}
