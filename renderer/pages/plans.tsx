import { useEffect, useRef, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import type { Output } from '../bridge.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FailurePanel } from '../parts/failure-panel.tsx';
import { looks } from '../parts/looks.ts';
import parts from '../parts/parts.module.css';
import { ApprovedPlans } from '../plans/approved-plans.tsx';
import { nextFileName } from '../plans/draft.ts';
import { beginDraft, closeDraft, openDraft, saveDraft, useDrafting, type Drafting } from '../plans/draft-store.ts';
import { PlanForm } from '../plans/plan-form.tsx';
import { PlanState } from '../plans/plan-judgement.tsx';
import { PlanSheet } from '../plans/plan-sheet.tsx';
import styles from '../plans/plans.module.css';
import { useApprovals } from '../plans/use-approvals.ts';
import { useFiles } from '../use-files.tsx';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';
import type { Page } from './page.ts';

/** Plans for ceremonies: one is made or opened, filled in, looked at as a sheet, and saved as a file. */
export function Plans({ state, go }: { readonly state: Output<'window.state'>; readonly go: (page: Page) => void }) {
  const drafting = useDrafting();
  return drafting === null ? (
    <NoPlan nativeDialogs={state.native_dialogs} go={go} />
  ) : (
    <OnePlan drafting={drafting} nativeDialogs={state.native_dialogs} />
  );
}

function NoPlan({ nativeDialogs, go }: { readonly nativeDialogs: boolean; readonly go: (page: Page) => void }) {
  const files = useFiles(nativeDialogs);
  const [problem, setProblem] = useState<Problem | null>(null);
  const open = async (): Promise<void> => {
    const [file] = await files.choose({ what: 'file', title: PLANS.openDialog, name: '' });
    if (file !== undefined) setProblem(await openDraft(file));
  };
  return (
    <>
      <h1>{PLANS.title}</h1>
      <p className={frame.say}>{PLANS.say}</p>
      {problem === null ? null : <FailurePanel problem={problem} operation="plan.open" />}
      <div className={parts.row}>
        <Button onPress={beginDraft}>{PLANS.make}</Button>
        <Button kind="ghost" onPress={() => void open()}>
          {PLANS.open}
        </Button>
      </div>
      <ApprovedPlans go={go} />
      <section className={parts.card} aria-label={PLANS.way}>
        <h2>{PLANS.way}</h2>
        <ol className={styles.ways}>
          {PLANS.ways.map((way) => (
            <li key={way}>{way}</li>
          ))}
        </ol>
      </section>
      {files.browser}
    </>
  );
}

function OnePlan({ drafting, nativeDialogs }: { readonly drafting: Drafting; readonly nativeDialogs: boolean }) {
  const { draft, file, isChanged, judgement, lost, problem } = drafting;
  const [isSheet, setSheet] = useState(false);
  const [isClosing, setClosing] = useState(false);
  const approved = useApprovals(drafting);
  const files = useFiles(nativeDialogs);
  const heading = useRef<HTMLHeadingElement>(null);
  // Another view of the plan starts at its heading, for the eye as for a screen reader.
  useEffect(() => {
    heading.current?.focus();
  }, [isSheet]);
  const save = async (): Promise<void> => {
    const [out] = await files.choose({ what: 'save', title: PLANS.saveDialog, name: nextFileName(draft, file?.name ?? null) });
    if (out !== undefined) await saveDraft(out);
  };
  const isSaved = file !== null && !isChanged;
  const state = file === null ? PLANS.notSaved : isChanged ? PLANS.savedChanged(visible(file.name)) : PLANS.saved(visible(file.name));
  return (
    <>
      <div className={styles.headRow}>
        <h1 ref={heading} tabIndex={-1}>
          {draft.title === null ? PLANS.unnamed : visible(draft.title)}
        </h1>
        <span className={styles.spring} />
        <Button
          kind="link"
          onPress={() => {
            if (isChanged) setClosing(true);
            else closeDraft();
          }}
        >
          {PLANS.close}
        </Button>
      </div>
      {problem === null ? null : <FailurePanel problem={problem.problem} operation={problem.operation} />}
      {lost.length === 0 ? null : (
        <p className={parts.note} role="alert">
          {PLANS.lost(visible(lost.join(', ')))}
        </p>
      )}
      {isSheet ? (
        <PlanSheet drafting={drafting} nativeDialogs={nativeDialogs} {...approved} />
      ) : (
        <PlanForm drafting={drafting} nativeDialogs={nativeDialogs} />
      )}
      <div className={styles.foot}>
        <div className={styles.stand}>
          <PlanState judgement={judgement} isApproved={approved.approvals.length > 0} />
          <small role="status">{state}</small>
        </div>
        <Button
          kind="ghost"
          onPress={() => {
            setSheet(!isSheet);
          }}
        >
          {isSheet ? PLANS.form : PLANS.sheet}
        </Button>
        <Button isDisabled={isSaved} onPress={() => void save()}>
          {PLANS.save}
        </Button>
      </div>
      {files.browser}
      {isClosing ? (
        <Dialog
          title={PLANS.close}
          onClose={() => {
            setClosing(false);
          }}
        >
          <p>{PLANS.closeAsk}</p>
          <div className={looks(parts.row, parts.end)}>
            <Button kind="danger" onPress={closeDraft}>
              {PLANS.closeAnyway}
            </Button>
            <Button
              onPress={() => {
                setClosing(false);
              }}
            >
              {PLANS.keep}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
