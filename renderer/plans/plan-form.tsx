import { useEffect, useRef, useState } from 'react';
import { call, type Output } from '../bridge.ts';
import parts from '../parts/parts.module.css';
import { PLANS } from '../words/plans.ts';
import { walletOf } from './draft.ts';
import { changeDraft, type Drafting } from './draft-store.ts';
import { Findings } from './findings.tsx';
import { PlanSelect, PlanText } from './plan-field.tsx';
import { PlanJudgement } from './plan-judgement.tsx';
import { PlanPeople } from './plan-people.tsx';
import { PlanPolicy } from './plan-policy.tsx';
import { PlanWallets } from './plan-wallets.tsx';

/** Every member of the plan, in the order in which people talk about them; what Coldroom finds stands at its member and below. */
export function PlanForm({ drafting, nativeDialogs }: { readonly drafting: Drafting; readonly nativeDialogs: boolean }) {
  const { draft, judgement } = drafting;
  const [kinds, setKinds] = useState<Output<'plan.kinds'>['kinds']>([]);
  const [open, setOpen] = useState(0);
  const form = useRef<HTMLDivElement>(null);
  const sought = useRef<string | null>(null);
  useEffect(() => {
    void call('plan.kinds', {}).then((answer) => {
      if (answer.ok) setKinds(answer.output.kinds);
    });
  }, []);
  // Its wallet has to be open before a member can be shown.
  useEffect(() => {
    if (sought.current === null || form.current === null) return;
    const place = sought.current;
    sought.current = null;
    show(form.current, place);
  });
  const goTo = (place: string): void => {
    const wallet = walletOf(place);
    if (wallet === null || wallet === open) {
      if (form.current !== null) show(form.current, place);
      return;
    }
    sought.current = place;
    setOpen(wallet);
  };
  return (
    <Findings judgement={judgement}>
      <div ref={form} className={parts.stack} role="group" aria-label={PLANS.formLabel}>
        <section className={parts.card} aria-label={PLANS.what}>
          <h2>{PLANS.what}</h2>
          <PlanText
            place="title"
            label={PLANS.name}
            help={PLANS.nameHelp}
            value={draft.title}
            maxLength={200}
            onChange={(title) => {
              changeDraft({ title });
            }}
          />
          <div className={parts.two}>
            <PlanSelect
              place="environment"
              label={PLANS.environment}
              help={PLANS.environmentHelp}
              value={draft.environment}
              options={PLANS.environments}
              onChange={(environment) => {
                changeDraft({ environment });
              }}
            />
            <PlanSelect
              place="account"
              label={PLANS.account}
              value={draft.account}
              options={PLANS.accounts}
              onChange={(account) => {
                changeDraft({ account });
              }}
            />
          </div>
        </section>
        <PlanPeople draft={draft} />
        <PlanPolicy draft={draft} judgement={judgement} nativeDialogs={nativeDialogs} />
        <PlanWallets
          draft={draft}
          findings={judgement?.findings ?? []}
          kinds={kinds}
          open={open}
          onOpen={setOpen}
          nativeDialogs={nativeDialogs}
        />
        <PlanJudgement draft={draft} judgement={judgement} onGoTo={goTo} />
      </div>
    </Findings>
  );
}

/** Brings a member into sight and into focus: the closest that the form has of it. */
function show(form: HTMLElement, place: string): void {
  for (let at = place; at !== ''; at = at.replace(/(?:\.?[a-z0-9_]+|\[\d+\])$/, '')) {
    const member = form.querySelector<HTMLElement>(`[data-place="${at}"]`);
    if (member === null) continue;
    for (const closed of ancestors(member)) closed.open = true;
    const field = member.matches('[tabindex]') ? member : (member.querySelector<HTMLElement>('input, select, button') ?? member);
    field.focus({ preventScroll: true });
    member.scrollIntoView({ block: 'center' });
    return;
  }
}

function ancestors(member: HTMLElement): HTMLDetailsElement[] {
  const around = member.closest('details');
  return around === null ? [] : [around, ...(around.parentElement === null ? [] : ancestors(around.parentElement))];
}
