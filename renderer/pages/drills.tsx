import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { CHECK_STATES, Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Working } from '../parts/progress.tsx';
import { WORDS } from '../words/catalogue.ts';
import { utcDate } from '../words/time.ts';
import { visible } from '../words/visible.ts';
import styles from './backups.module.css';
import type { BackupCounts, BackupLine } from './use-backups.ts';

/** More than people look through; all that are due are asked about. */
const NAMED_LINES = 500;

type Results = Output<'verify'>['results'];

/** What is due for a drill, and what CoinCover answers. */
export function Drills({ onDrillsDue }: { readonly onDrillsDue: (count: number) => void }) {
  const [lines, setLines] = useState<readonly BackupLine[] | null>(null);
  const [counts, setCounts] = useState<BackupCounts | null>(null);
  const [results, setResults] = useState<Results | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const load = useCallback(async () => {
    const answer = await call('ledger.page', { filter: 'due', limit: NAMED_LINES });
    if (!answer.ok) {
      setProblem(answer.error);
      return;
    }
    setLines((before) => {
      if (before === null) setProblem(null);
      return answer.output.lines;
    });
    setCounts(answer.output.counts);
    onDrillsDue(answer.output.total ?? 0);
  }, [onDrillsDue]);
  useEffect(() => {
    void load();
  }, [load]);
  const run = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const answer = await call('verify', { what: { which: 'due' } });
    setBusy(false);
    setProblem(firstProblem(answer));
    if (answer.ok) setResults(answer.output.results);
    await load();
  };
  const due = lines ?? [];
  const next = counts?.next_due_at ?? null;
  return (
    <>
      <div className={styles.head}>
        <h1>{WORDS.drills.title}</h1>
        <div className={styles.spring} />
        {due.length === 0 ? null : (
          <Button isDisabled={busy} onPress={() => void run()}>
            {WORDS.drills.run(counts?.filters.due ?? due.length)}
          </Button>
        )}
      </div>
      <p className={frame.say}>{WORDS.drills.say}</p>
      {problem === null ? null : <FailurePanel problem={problem} operation="verify" />}
      {busy ? <Working operation="verify" /> : null}
      {results === null ? null : (
        <>
          <h2>{WORDS.drills.results}</h2>
          <ul className={parts.checks} aria-live="polite">
            {results.map((result) => (
              <li key={`${result.kind} ${result.id}`} className={parts.check}>
                <Mark state={CHECK_STATES[result.check]} />
                <div>{`${WORDS.drills[result.kind]}: ${WORDS.backups.checks[result.check] ?? result.check}`}</div>
                <em>
                  <code>{result.id}</code>
                </em>
              </li>
            ))}
          </ul>
        </>
      )}
      {lines === null ? (
        problem === null ? (
          <p role="status">{WORDS.app.loading}</p>
        ) : (
          <div>
            <Button kind="link" onPress={() => void load()}>
              {WORDS.common.again}
            </Button>
          </div>
        )
      ) : due.length === 0 ? (
        <div className={parts.card}>
          <h2>{WORDS.drills.none}</h2>
          <p>{WORDS.drills.noneSay(next === null ? '' : utcDate(next))}</p>
        </div>
      ) : (
        <>
          <Table
            caption={WORDS.drills.title}
            rows={due}
            rowKey={(line) => line.item_id}
            columns={[
              { heading: WORDS.backups.columns.wallet, kind: 'name', cell: (line) => visible(line.wallet) },
              { heading: WORDS.backups.columns.file, kind: 'name', cell: (line) => visible(line.name) },
              { heading: WORDS.detail.backupId, cell: (line) => <code>{line.backup_id}</code> },
              { heading: WORDS.drills.due, cell: (line) => utcDate(line.drill_due_at ?? '') },
            ]}
          />
          {counts !== null && counts.filters.due > due.length ? <p>{WORDS.drills.more(counts.filters.due - due.length)}</p> : null}
        </>
      )}
    </>
  );
}
