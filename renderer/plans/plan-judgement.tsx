import { Button } from '../parts/button.tsx';
import { Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';
import type { Draft, Finding, Judgement } from './draft.ts';
import { counted, isBlankFinding, spokenPlace } from './findings.tsx';
import styles from './plans.module.css';

/** More lines are not read at a meeting. */
const MOST = 12;

type Props = {
  readonly draft: Draft;
  readonly judgement: Judgement | null;
  /** Brings the member that a finding is about into sight. */
  readonly onGoTo: (place: string) => void;
};

/** What Coldroom finds in the plan as it is, contradictions first; each line leads to its member. */
export function PlanJudgement({ draft, judgement, onGoTo }: Props) {
  const findings = judgement?.findings ?? [];
  const sorted = [...findings.filter((one) => !isBlankFinding(one)), ...findings.filter(isBlankFinding)];
  const remarks = judgement?.remarks ?? [];
  if (sorted.length + remarks.length === 0) return null;
  return (
    <section className={parts.card} aria-label={PLANS.judged}>
      <h2>{PLANS.judged}</h2>
      <Lines title={PLANS.toMend} findings={sorted} draft={draft} onGoTo={onGoTo} />
      <Lines title={PLANS.remarks} findings={remarks} draft={draft} onGoTo={onGoTo} isRemark />
    </section>
  );
}

/** How the plan stands, in one sentence that is announced whenever it is another. While it is judged anew the sentence stays. */
export function PlanState({ judgement, isApproved }: { readonly judgement: Judgement | null; readonly isApproved: boolean }) {
  const { blank, wrong } = counted(judgement?.findings ?? []);
  return (
    <p role="status">
      {judgement === null ? (
        PLANS.judging
      ) : (
        <>
          <Mark state={wrong > 0 ? 'failed' : blank > 0 ? 'waits' : 'passed'} word={false} />
          {PLANS.state(blank, wrong, isApproved)}
        </>
      )}
    </p>
  );
}

type LinesProps = {
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly draft: Draft;
  readonly onGoTo: (place: string) => void;
  readonly isRemark?: boolean;
};

function Lines({ title, findings, draft, onGoTo, isRemark = false }: LinesProps) {
  if (findings.length === 0) return null;
  const rest = findings.length - MOST;
  return (
    <div>
      <h3>{title}</h3>
      <ul className={styles.findings}>
        {findings.slice(0, MOST).map((finding) => {
          const place = visible(spokenPlace(finding.place, draft));
          return (
            <li key={`${finding.place} ${finding.code} ${finding.message}`}>
              <Mark state={isRemark ? 'amber' : isBlankFinding(finding) ? 'waits' : 'failed'} />
              <span>
                <b>{PLANS.told(place)}:</b> {isBlankFinding(finding) ? PLANS.blank.toLowerCase() : visible(PLANS.spoken(finding.message))}
              </span>
              <Button
                kind="link"
                aria-label={PLANS.goTo(place)}
                onPress={() => {
                  onGoTo(finding.place);
                }}
              >
                {PLANS.goToShort}
              </Button>
            </li>
          );
        })}
      </ul>
      {rest > 0 ? <p className={parts.note}>{PLANS.moreFindings(rest)}</p> : null}
    </div>
  );
}
