import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { CeremonyView, Problem } from '../../main/operations/index.ts';
import { call, firstProblem } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import parts from '../parts/parts.module.css';
import { useFiles } from '../use-files.tsx';
import { WORDS } from '../words/catalogue.ts';
import { utcTime } from '../words/time.ts';
import { visible } from '../words/visible.ts';
import { FileTable } from './file-table.tsx';
import { PlanAgainstDone } from './plan-against-done.tsx';
import { Support } from './support.tsx';

type Props = { readonly view: CeremonyView; readonly nativeDialogs: boolean; readonly onLeave: () => void; readonly onBegin: () => void };

/** A ceremony that has ended, in one way or the other. */
export function Ended({ view, nativeDialogs, onLeave, onBegin }: Props) {
  const report = useReport(view, nativeDialogs);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const closed = view.state === 'closed';
  const rehearsal = view.script === 'rehearsal';
  // Of a ceremony that was not practice, the report is what people go away with.
  const isReportNext = !rehearsal && !report.isSaved;
  const leave = (
    <Button key="leave" kind={isReportNext ? 'ghost' : 'primary'} onPress={onLeave}>
      {WORDS.ended.toBackups}
    </Button>
  );
  const save = (
    <Button key="save" kind={isReportNext ? 'primary' : 'ghost'} isDisabled={report.busy} onPress={() => void report.save()}>
      {WORDS.ended.report}
    </Button>
  );
  return (
    <>
      <div className={frame.scroll}>
        {closed ? (
          <>
            <p className={frame.who}>{utcTime(view.ended_at ?? view.begun_at)}</p>
            <h1 ref={heading} tabIndex={-1}>
              {WORDS.ended.closed(view.number)}
            </h1>
            <p className={frame.say}>
              {rehearsal ? WORDS.ended.rehearsalSay : view.recovery === null ? WORDS.ended.closedSay : WORDS.ended.recoverySay}
            </p>
          </>
        ) : (
          <section className={parts.panel} role="alert">
            <h1 ref={heading} tabIndex={-1}>
              {view.state === 'aborted' ? WORDS.ended.aborted(view.number) : WORDS.ended.escalated(view.number)}
            </h1>
            <p>{view.state === 'aborted' ? WORDS.ended.abortedSay : WORDS.ended.escalatedSay}</p>
            <div>
              <h2>{WORDS.ended.reason}</h2>
              <p>{visible(view.reason ?? '')}</p>
            </div>
          </section>
        )}
        {report.panel}
        <PlanAgainstDone view={view} />
        <FileTable view={view} />
        {closed ? null : <Support view={view} nativeDialogs={nativeDialogs} />}
      </div>
      <div className={frame.act}>
        {closed && rehearsal ? (
          <Button kind="ghost" onPress={onBegin}>
            {WORDS.ended.production}
          </Button>
        ) : null}
        {isReportNext ? [leave, save] : [save, leave]}
      </div>
    </>
  );
}

type Report = { readonly panel: ReactNode; readonly busy: boolean; readonly isSaved: boolean; readonly save: () => Promise<void> };

/** The report's words once it is saved, or why it is not. */
function useReport(view: CeremonyView, nativeDialogs: boolean): Report {
  const files = useFiles(nativeDialogs);
  const [busy, setBusy] = useState(false);
  const [words, setWords] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (): Promise<void> => {
    const [folder] = await files.choose({ what: 'folder', title: WORDS.ended.reportDialog, name: '' });
    if (folder === undefined) return;
    setBusy(true);
    const answer = await call('ceremony.report-save', { ceremony: view.ceremony_id, folder: folder.handle, paper: 'a4' });
    setBusy(false);
    setProblem(firstProblem(answer));
    setWords(answer.ok ? answer.output.words : null);
  };
  const panel = (
    <>
      {problem === null ? null : <FailurePanel problem={problem} operation="ceremony.report-save" />}
      {words === null ? null : (
        <section className={parts.card} role="status">
          <p>{WORDS.ended.reportSaved}</p>
          <p>
            <b>{words.join(' ')}</b>
          </p>
        </section>
      )}
      {files.browser}
    </>
  );
  return { panel, busy, isSaved: words !== null, save };
}
