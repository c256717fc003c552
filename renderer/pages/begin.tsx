import { useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { Working } from '../parts/progress.tsx';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { TWO } from '../words/two-stations.ts';
import { usePlanChoice } from './begin-plan.tsx';
import type { Page } from './page.ts';

const ENVIRONMENTS = ['rehearsal', 'sandbox', 'production', 'custom'] as const;
type Environment = (typeof ENVIRONMENTS)[number];
type Role = 'single' | 'cold' | 'online';

/** What a station of each role does, in the order in which it usually comes. */
const SCRIPTS: Readonly<Record<Role, readonly string[]>> = {
  single: ['rehearsal', 'single-station backup', 'online: assign and carry', 'online: store and verify', 'recovery'],
  online: ['online: assign and carry', 'online: store and verify'],
  cold: ['cold: seal', 'cold: receipts home', 'recovery'],
};

/** Scripts that are for one wallet. */
const OF_ONE: ReadonlySet<string> = new Set(['rehearsal', 'single-station backup']);

/** What a new ceremony does, and where. Nothing is chosen beforehand. */
export function Begin({ state, go }: { readonly state: Output<'window.state'>; readonly go: (page: Page) => void }) {
  const role = state.station?.role ?? 'single';
  const [script, setScript] = useState<string | null>(null);
  const [where, setWhere] = useState<Environment | null>(null);
  const [setUp, setSetUp] = useState<ReadonlySet<string> | null>(null);
  const [paired, setPaired] = useState<boolean | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [printed, setPrinted] = useState(false);
  const files = useFiles(state.native_dialogs);
  const byPlan = usePlanChoice({ nativeDialogs: state.native_dialogs, isOfOne: OF_ONE.has(script ?? ''), onProblem: setProblem });
  useEffect(() => {
    void call('environment.list', {}).then((answer) => {
      if (answer.ok) setSetUp(new Set(answer.output.environments.map((one) => one.name)));
      else setProblem(answer.error);
    });
    void call('pair.list', {}).then((answer) => {
      if (answer.ok) setPaired(answer.output.stations.some((one) => one.state === 'paired'));
    });
  }, []);
  const environment = script === 'rehearsal' ? 'rehearsal' : where;
  const cannotYet = script === null || environment === null || byPlan.isChoosing || busy;
  const carries = script?.includes(':') === true;
  const begin = async (): Promise<void> => {
    if (script === null || environment === null) return;
    setBusy(true);
    setProblem(null);
    const answer = await call('ceremony.begin', { script, environment, ...(byPlan.wish ?? {}) });
    setBusy(false);
    if (answer.ok) go({ name: 'ceremony', id: answer.output.ceremony.ceremony_id });
    else setProblem(answer.error);
  };
  const print = async (): Promise<void> => {
    if (script === null || environment === null) return;
    setPrinted(false);
    setProblem(null);
    const name = `script-${script.replaceAll(/[^a-z]+/g, '-')}-${environment}.pdf`;
    const [file] = await files.choose({ what: 'save', title: WORDS.begin.printDialog, name });
    if (file === undefined) return;
    const answer = await call('ceremony.script', {
      script,
      environment,
      out: file.handle,
      paper: 'a4',
      ...(byPlan.wish === null ? {} : { plan: byPlan.wish.plan }),
    });
    setProblem(firstProblem(answer));
    setPrinted(answer.ok);
  };
  return (
    <>
      <h1>{WORDS.begin.title}</h1>
      <p className={frame.say}>{role === 'single' ? WORDS.begin.say : WORDS.begin.sayTwo}</p>
      {problem === null ? null : <FailurePanel problem={problem} operation="ceremony.begin" />}
      <Choices
        label={TWO.begin.script}
        isWide
        value={script}
        onChange={setScript}
        choices={SCRIPTS[role].map((one) => ({
          value: one,
          label: TWO.begin.scripts[one]?.label ?? one,
          why: TWO.begin.scripts[one]?.why ?? '',
        }))}
      />
      {carries && paired === false ? <p className={parts.note}>{TWO.begin.unpaired}</p> : null}
      {script === null || script === 'rehearsal' ? null : (
        <Choices
          label={WORDS.begin.where}
          isWide
          value={where}
          onChange={(value) => {
            setWhere(value as Environment);
          }}
          choices={ENVIRONMENTS.filter((name) => name !== 'rehearsal' || carries || script === 'recovery').map((name) => {
            const withheld = state.withheld.includes(name);
            const missing = role !== 'cold' && name !== 'rehearsal' && setUp?.has(name) === false;
            return {
              value: name,
              label: WORDS.begin[name],
              why: withheld ? WORDS.begin.withheld : missing ? WORDS.begin.notSetUp : WORDS.begin[`${name}Why`],
              isDisabled: withheld || missing,
            };
          })}
        />
      )}
      {environment === null ? null : byPlan.panel}
      {busy ? <Working operation="ceremony.begin" /> : null}
      <div className={parts.row}>
        <Button isDisabled={cannotYet || byPlan.isOpen} onPress={() => void begin()}>
          {WORDS.begin.button}
        </Button>
        <Button kind="ghost" isDisabled={cannotYet} onPress={() => void print()}>
          {WORDS.begin.print}
        </Button>
      </div>
      <p role="status">{printed ? WORDS.begin.printed : ''}</p>
      {files.browser}
    </>
  );
}
