import { useState } from 'react';
import { call, firstProblem } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Choices } from '../parts/choices.tsx';
import { Copyable } from '../parts/copy.tsx';
import parts from '../parts/parts.module.css';
import { QrCode } from '../parts/qr-code.tsx';
import { useFiles } from '../use-files.tsx';
import { groupedHex } from '../words/time.ts';
import { PLANNED } from '../words/planned.ts';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';
import { countItems, type Draft } from './draft.ts';
import { tellProblem, type Drafting } from './draft-store.ts';
import { isWholly, PlanApproval } from './plan-approval.tsx';
import styles from './plans.module.css';
import { SheetTable } from './sheet-table.tsx';
import type { Approvals } from './use-approvals.ts';

type Props = {
  readonly drafting: Drafting;
  readonly nativeDialogs: boolean;
  readonly approvals: Approvals;
  readonly onApprovals: (approvals: Approvals) => void;
};

/** The plan on one page, as it is approved: who, what, where, and its digest in words. */
export function PlanSheet({ drafting, nativeDialogs, approvals, onApprovals }: Props) {
  const { draft, judgement, isJudging } = drafting;
  const digest = judgement?.digest ?? null;
  const words = judgement?.words ?? null;
  if (isJudging || digest === null || words === null) {
    return (
      <p className={parts.note} role="status">
        {isJudging ? PLANS.judging : PLANS.notYet}
      </p>
    );
  }
  const file = drafting.isChanged ? null : drafting.file;
  const people = draft.people.flatMap(({ name, role }) => (name === null ? [] : [{ name, role: role ?? '' }]));
  const isAsked = file !== null && !isWholly(people, approvals);
  return (
    <article className={styles.sheet} aria-label={PLANS.sheetOf}>
      <h2>{PLANS.sheetOf}</h2>
      <Facts draft={draft} policyDigest={judgement?.policy_sha256 ?? null} />
      <section className={styles.part} aria-label={PLANS.people}>
        <h3>{PLANS.people}</h3>
        <ul className={styles.names}>
          {draft.people.map(({ name, role }) => (
            <li key={name}>
              <b>{visible(name ?? '')}</b> {PLANS.roles[role ?? ''] ?? role}
            </li>
          ))}
        </ul>
      </section>
      {/* While its words are asked for below, they stand nowhere else. */}
      {isAsked ? null : <Digest digest={digest} words={words} />}
      <section className={styles.part} aria-label={PLANS.wallets}>
        <h3>{PLANS.wallets}</h3>
        <SheetTable wallets={draft.wallets} />
      </section>
      {file === null ? (
        <p className={parts.note}>{PLANNED.approve.saveFirst}</p>
      ) : (
        <PlanApproval
          key={digest}
          people={people}
          file={file.handle}
          digest={digest}
          words={words}
          approvals={approvals}
          onApprovals={onApprovals}
        />
      )}
      <Print drafting={drafting} digest={digest} nativeDialogs={nativeDialogs} />
    </article>
  );
}

function Digest({ digest, words }: { readonly digest: string; readonly words: readonly string[] }) {
  return (
    <section className={styles.part} aria-label={PLANS.digest}>
      <h3>{PLANS.digest}</h3>
      <p className={parts.note}>{PLANS.digestSay}</p>
      <ol className={parts.grid}>
        {words.map((word, index) => (
          <li key={index}>
            <span aria-hidden="true">{index + 1}</span>
            <span>{word}</span>
          </li>
        ))}
      </ol>
      <div className={parts.fingerprint}>
        <QrCode text={digest} label={PLANS.qrAlt} />
        <Copyable value={digest} what={PLANS.digest} hex />
      </div>
    </section>
  );
}

function Facts({ draft, policyDigest }: { readonly draft: Draft; readonly policyDigest: string | null }) {
  const environment = PLANS.environments[draft.environment ?? ''] ?? '';
  return (
    <dl className={parts.facts}>
      <div>
        <dt>{PLANS.facts.where}</dt>
        <dd>
          {draft.environment === 'rehearsal' ? PLANS.rehearsalOnly : PLANS.rehearsed(environment)},{' '}
          {(PLANS.accounts[draft.account ?? ''] ?? '').toLowerCase()}
        </dd>
      </div>
      <div>
        <dt>{PLANS.facts.extent}</dt>
        <dd>{PLANS.extent(draft.people.length, draft.wallets.length, countItems(draft))}</dd>
      </div>
      <div>
        <dt>{PLANS.facts.policy}</dt>
        <dd>{policyDigest === null ? PLANS.policyStation : <code>{groupedHex(policyDigest)}</code>}</dd>
      </div>
    </dl>
  );
}

/** On paper, from the file: what is initialled is what the file says. */
function Print({
  drafting,
  digest,
  nativeDialogs,
}: {
  readonly drafting: Drafting;
  readonly digest: string;
  readonly nativeDialogs: boolean;
}) {
  const files = useFiles(nativeDialogs);
  const [paper, setPaper] = useState<'a4' | 'letter'>('a4');
  const [isPrinted, setPrinted] = useState(false);
  const { file, isChanged } = drafting;
  const print = async (): Promise<void> => {
    if (file === null) return;
    const name = file.name.replace(/(?:\.plan)?\.json$/, '.pdf');
    const [out] = await files.choose({ what: 'save', title: PLANS.printDialog, name });
    if (out === undefined) return;
    setPrinted(false);
    const answer = await call('plan.sheet', { file: file.handle, out: out.handle, paper, digest });
    tellProblem(firstProblem(answer), 'plan.sheet');
    setPrinted(answer.ok);
  };
  const isSaved = file !== null && !isChanged;
  return (
    <div className={styles.print}>
      <Choices
        label={PLANS.paper}
        inline
        value={paper}
        onChange={(value) => {
          setPaper(value === 'letter' ? 'letter' : 'a4');
        }}
        choices={[
          { value: 'a4', label: PLANS.papers.a4 },
          { value: 'letter', label: PLANS.papers.letter },
        ]}
      />
      <Button kind="link" isDisabled={!isSaved} onPress={() => void print()}>
        {PLANS.print}
      </Button>
      <span role="status" className={parts.note}>
        {isPrinted ? PLANS.printed : isSaved ? '' : PLANS.saveFirst}
      </span>
      {files.browser}
    </div>
  );
}
