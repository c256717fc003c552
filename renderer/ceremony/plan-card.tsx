import type { CeremonyView } from '../../main/operations/index.ts';
import parts from '../parts/parts.module.css';
import { SheetTable } from '../plans/sheet-table.tsx';
import { PLANNED } from '../words/planned.ts';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';

/** What the plan says of this ceremony: where it is for, who approved it, and on demand every wallet and secret. */
export function PlanCard({ view, plan }: { readonly view: CeremonyView; readonly plan: NonNullable<CeremonyView['plan']> }) {
  const environment = PLANS.environments[plan.environment] ?? plan.environment;
  const approvers = plan.approvals.map(({ name, initials }) => `${visible(name)} (${initials})`);
  return (
    <section className={parts.card} aria-label={PLANNED.card.title}>
      <h2>{PLANNED.card.title}</h2>
      <p>
        <b>{visible(plan.title)}</b>
      </p>
      <p className={parts.note}>
        {view.environment === plan.environment ? PLANNED.card.for(environment) : PLANNED.card.rehearsed(environment)}{' '}
        {approvers.length === 0 ? PLANNED.begin.notApproved : PLANNED.begin.approved(approvers.join(', '))}
      </p>
      <details className={parts.more}>
        <summary>{PLANNED.card.more}</summary>
        <SheetTable wallets={plan.wallets} />
      </details>
    </section>
  );
}
