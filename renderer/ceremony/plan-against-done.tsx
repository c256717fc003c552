import type { CeremonyView } from '../../main/operations/index.ts';
import { State } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { PLANNED } from '../words/planned.ts';
import { groupedHex } from '../words/time.ts';
import { visible } from '../words/visible.ts';
import { departureTitle, type Departure } from './departures.tsx';

type Plan = NonNullable<CeremonyView['plan']>;
type Line = {
  readonly key: string;
  readonly planned: string;
  /** Whose it is and what it is, in smaller letters. */
  readonly of: string | null;
  readonly mark: string;
  readonly done: string;
};

/** Enough of a digest to recognise it by; all of it is in the evidence and in the report. */
const SHOWN_HEX = 16;

/** What a ceremony that has ended did of its plan: line by line, what departed and why it went on. */
export function PlanAgainstDone({ view }: { readonly view: CeremonyView }) {
  const { plan } = view;
  if (plan === null) return <p className={parts.note}>{PLANNED.ended.none}</p>;
  const { departures } = plan;
  const lines = linesOf(view, plan);
  return (
    <section className={parts.card} aria-label={PLANNED.ended.title}>
      <h2>{PLANNED.ended.title}</h2>
      <p className={parts.note}>
        {PLANNED.ended.say(visible(plan.title), groupedHex(plan.plan_sha256.slice(0, SHOWN_HEX)))}{' '}
        {departures.length === 0 ? PLANNED.ended.all : PLANNED.ended.some(departures.length)}
      </p>
      {lines.length === 0 ? null : (
        <Table
          caption={PLANNED.ended.title}
          rows={lines}
          rowKey={({ key }) => key}
          columns={[
            { heading: PLANNED.ended.item, kind: 'name', cell: (line) => <PlannedCell {...line} /> },
            { heading: PLANNED.ended.outcome, kind: 'name', cell: ({ mark, done }) => <State mark={mark} word={visible(done)} /> },
          ]}
        />
      )}
    </section>
  );
}

function PlannedCell({ planned, of }: Line) {
  if (of === null) return visible(planned);
  return (
    <>
      <b>{visible(planned)}</b>
      <br />
      <small>{visible(of)}</small>
    </>
  );
}

/** Every secret of the wallets that this ceremony was for, then whatever departs beside them. */
function linesOf(view: CeremonyView, plan: Plan): Line[] {
  const told = new Set<string>();
  // A script without files, such as a recovery, seals none of them.
  const wallets = view.files.length === 0 ? [] : plan.wallets;
  const lines = wallets.flatMap((wallet) =>
    wallet.items.map((item): Line => {
      const place = `wallets[${wallet.at.toString()}].items[${item.at.toString()}]`;
      const file = view.files.find((one) => one.place === place);
      const own = plan.departures.filter((one) => one.place === place || one.place.startsWith(`${place}.`));
      for (const { id } of own) told.add(id);
      const planned = {
        planned: item.name,
        of: `${wallet.user_identifier}, ${PLANNED.secret.within(PLANNED.secret.kinds[item.kind] ?? item.kind)}`,
      };
      const [first] = own;
      if (first !== undefined) return { key: place, ...planned, ...outcomeOf(first) };
      if (file === undefined || file.state === 'chosen') return { key: place, ...planned, mark: 'waits', done: PLANNED.ended.notDone };
      // At a station that did not look into it, what is compared is all that shows of it.
      const isUnchecked = file.made_up || (file.inspection !== null && file.inspection.identifier === null);
      return {
        key: place,
        ...planned,
        mark: isUnchecked ? 'amber' : 'passed',
        done: isUnchecked ? PLANNED.ended.unchecked : PLANNED.ended.asPlanned,
      };
    }),
  );
  const beside = plan.departures.filter(({ id }) => !told.has(id));
  return [
    ...lines,
    ...beside.map((one) => ({ key: one.id, planned: one.planned ?? PLANNED.departures.nothing, of: null, ...outcomeOf(one) })),
  ];
}

function outcomeOf(departure: Departure): Pick<Line, 'mark' | 'done'> {
  const title = departureTitle(departure);
  if (departure.exception === null) return { mark: 'failed', done: PLANNED.ended.departs(title) };
  return { mark: 'amber', done: `${PLANNED.ended.exception(title)} (${departure.exception.reason})` };
}
