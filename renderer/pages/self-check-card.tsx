import { useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Checks } from '../parts/checks.tsx';
import { Copyable } from '../parts/copy.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { Working } from '../parts/progress.tsx';
import { ToDo } from '../parts/to-do.tsx';
import { WORDS } from '../words/catalogue.ts';
import { utcTime } from '../words/time.ts';

type Report = Output<'self-check'>;

/** Shapes and colours of the step that looks at the same before every ceremony. */
const MARKS = { ok: 'passed', warn: 'amber', 'not-checkable': 'amber', failed: 'failed' } as const;

/** What every ceremony looks at in its second step, looked at now: program, machine and station, line by line. Nothing is changed. */
export function SelfCheckCard() {
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const look = async (): Promise<void> => {
    setBusy(true);
    setReport(null);
    setProblem(null);
    const answer = await call('self-check', {});
    setBusy(false);
    setReport(answer.ok ? answer.output : null);
    setProblem(firstProblem(answer));
  };
  return (
    <section className={parts.card} aria-label={WORDS.selfCheck.title}>
      <h2>{WORDS.selfCheck.title}</h2>
      <p className={parts.note}>{WORDS.selfCheck.say}</p>
      {problem === null ? null : <FailurePanel problem={problem} operation="self-check" />}
      {isBusy ? <Working operation="self-check" /> : null}
      {report === null ? null : <Lines report={report} />}
      <div>
        <Button kind="link" isDisabled={isBusy} onPress={() => void look()}>
          {report === null ? WORDS.selfCheck.look : WORDS.selfCheck.again}
        </Button>
      </div>
    </section>
  );
}

function Lines({ report: { checks, software } }: { readonly report: Report }) {
  const { version, sha256, built_at: builtAt } = software;
  const toDo = checks.flatMap(({ id, result, to_do }) => (result === 'ok' || to_do === null ? [] : [{ id, result, to_do }]));
  return (
    <>
      <p role="status">{WORDS.selfCheck.stands(checks.length, checks.filter(({ result }) => result !== 'ok').length)}</p>
      <Checks checks={checks.map((one) => ({ ...one, result: MARKS[one.result] }))} />
      <ToDo lines={toDo} />
      <dl className={parts.facts}>
        <div>
          <dt>{WORDS.settings.version}</dt>
          <dd>{builtAt === null ? version : WORDS.selfCheck.built(version, utcTime(builtAt))}</dd>
        </div>
        <div>
          <dt>{WORDS.selfCheck.build}</dt>
          <dd>{sha256 === null ? WORDS.selfCheck.sources : <Copyable value={sha256} what={WORDS.selfCheck.build} hex />}</dd>
        </div>
      </dl>
    </>
  );
}
