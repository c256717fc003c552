import { useState, type ReactNode } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, firstProblem, type Output } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { Working } from '../parts/progress.tsx';
import { Select } from '../parts/select.tsx';
import { useFiles } from '../use-files.tsx';
import { PLANNED } from '../words/planned.ts';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';

type Chosen = { readonly handle: string; readonly read: Output<'plan.read'> };

/** What `ceremony.begin` takes of a plan. */
export type PlanWish = { readonly plan: string; readonly plan_sha256: string; readonly wallets?: number[] };

type Choice = {
  readonly panel: ReactNode;
  /** The plan to begin by; null without one. */
  readonly wish: PlanWish | null;
  /** Something is still to be chosen. */
  readonly isOpen: boolean;
  /** A plan is being chosen or read: a ceremony begun now would be without it. */
  readonly isChoosing: boolean;
};

/** Words enough to recognise a plan by before it is read in full, in the first step. */
const FIRST_WORDS = 4;

type Options = {
  readonly nativeDialogs: boolean;
  /** The script is for one wallet, and a plan may have several. */
  readonly isOfOne: boolean;
  readonly onProblem: (problem: Problem | null) => void;
};

/** By a plan or without one. Which wallets of it a ceremony is for is asked where it can only be for one. */
export function usePlanChoice({ nativeDialogs, isOfOne, onProblem }: Options): Choice {
  const files = useFiles(nativeDialogs);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [wallet, setWallet] = useState<number | null>(null);
  const [isChoosing, setChoosing] = useState(false);
  const choose = async (): Promise<void> => {
    setChoosing(true);
    await chooseAndRead();
    setChoosing(false);
  };
  const chooseAndRead = async (): Promise<void> => {
    const [file] = await files.choose({ what: 'file', title: PLANNED.begin.dialog, name: '' });
    if (file === undefined) return;
    const answer = await call('plan.read', { file: file.handle });
    onProblem(firstProblem(answer));
    setWallet(null);
    setChosen(answer.ok ? { handle: file.handle, read: answer.output } : null);
  };
  const wallets = chosen?.read.plan.wallets ?? [];
  const asksWallet = isOfOne && wallets.length > 1;
  const wish =
    chosen === null
      ? null
      : {
          plan: chosen.handle,
          plan_sha256: chosen.read.plan_sha256,
          ...(asksWallet && wallet !== null ? { wallets: [wallet] } : {}),
        };
  const panel = (
    <section className={parts.card} aria-label={PLANNED.begin.title}>
      <h2>{PLANNED.begin.title}</h2>
      {chosen === null ? <p className={parts.note}>{PLANNED.begin.say}</p> : <ChosenPlan read={chosen.read} />}
      {asksWallet ? (
        <Select
          label={PLANNED.begin.wallet}
          none={PLANS.choose}
          value={wallet === null ? '' : wallet.toString()}
          onChange={(value) => {
            setWallet(Number(value));
          }}
          options={wallets.map((one, at) => ({
            value: at.toString(),
            label: visible([one.user_identifier, one.key_environment, one.customer_name ?? one.customer_id ?? ''].join(' ').trim()),
          }))}
        />
      ) : null}
      {isChoosing && files.browser === null ? <Working operation="plan.read" /> : null}
      <div className={parts.row}>
        <Button kind="link" isDisabled={isChoosing} onPress={() => void choose()}>
          {chosen === null ? PLANNED.begin.choose : PLANNED.begin.other}
        </Button>
        {chosen === null ? null : (
          <Button
            kind="link"
            isDisabled={isChoosing}
            onPress={() => {
              setChosen(null);
            }}
          >
            {PLANNED.begin.without}
          </Button>
        )}
      </div>
      {files.browser}
    </section>
  );
  return { panel, wish, isOpen: asksWallet && wallet === null, isChoosing };
}

function ChosenPlan({ read }: { readonly read: Output<'plan.read'> }) {
  const { plan, approvals, words } = read;
  return (
    <div role="status">
      <p>
        <b>{visible(plan.title)}</b>
      </p>
      <p className={parts.note}>
        {PLANNED.begin.for(PLANS.environments[plan.environment] ?? plan.environment)} {PLANNED.begin.walletsOf(plan.wallets.length)}.{' '}
        {approvals.length === 0
          ? PLANNED.begin.notApproved
          : PLANNED.begin.approved(approvals.map(({ name, initials }) => `${visible(name)} (${initials})`).join(', '))}
      </p>
      <p>{PLANNED.begin.words(words.slice(0, FIRST_WORDS).join(', '))}</p>
    </div>
  );
}
