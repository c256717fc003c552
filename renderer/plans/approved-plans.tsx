import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../main/operations/index.ts';
import { call, type Output } from '../bridge.ts';
import type { Page } from '../pages/page.ts';
import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Unread } from '../parts/unread.tsx';
import { WORDS } from '../words/catalogue.ts';
import { PLANNED } from '../words/planned.ts';
import { localTime, utcTime } from '../words/time.ts';
import { visible } from '../words/visible.ts';

type Plans = Output<'plan.approved'>['plans'];
type Approved = Plans[number];

/** As many as tell one plan from another at a glance; all of them are compared where the plan's file is open. */
const FIRST_WORDS = 4;

/** The plans that people approved on this station: a plan's file lies where it was saved, and this is how people know it again. */
export function ApprovedPlans({ go }: { readonly go: (page: Page) => void }) {
  const [plans, setPlans] = useState<Plans | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = useCallback(async () => {
    const answer = await call('plan.approved', {});
    setProblem(answer.ok ? null : answer.error);
    if (answer.ok) setPlans(answer.output.plans);
  }, []);
  useEffect(() => {
    void look();
  }, [look]);
  const words = PLANNED.approved;
  return (
    <section className={parts.card} aria-label={words.title}>
      <h2>{words.title}</h2>
      {problem === null ? null : <Unread problem={problem} operation="plan.approved" onAgain={() => void look()} />}
      {plans === null && problem === null ? <p role="status">{WORDS.app.loading}</p> : null}
      {plans?.length === 0 ? <p className={parts.note}>{words.none}</p> : null}
      {plans === null || plans.length === 0 ? null : (
        <>
          <p className={parts.note}>{words.say}</p>
          <Table
            caption={words.title}
            rows={plans}
            rowKey={(plan) => plan.plan_sha256}
            filter={{ label: words.find, text: textOf }}
            columns={[
              { heading: words.plan, kind: 'name', cell: (plan) => visible(plan.title) },
              { heading: words.words, cell: firstWords, hover: (plan) => plan.plan_sha256 },
              // A line ends between people, and not within a name.
              { heading: words.by, kind: 'name', cell: (plan) => visible(peopleOf(plan).replace(/(?<!,) /g, '\u00A0')) },
              { heading: words.when, cell: (plan) => utcTime(lastAt(plan)), hover: (plan) => localTime(lastAt(plan)) },
              {
                heading: words.ceremonies,
                cell: ({ ceremonies }) =>
                  ceremonies.length === 0 ? (
                    words.noCeremony
                  ) : (
                    <div className={parts.row}>
                      {ceremonies.map(({ ceremony_id: id, number, state }) => (
                        <Button
                          key={id}
                          kind="link"
                          onPress={() => {
                            go({ name: 'ceremony', id });
                          }}
                        >
                          {words.ceremony(number, WORDS.ceremonies.states[state] ?? state)}
                        </Button>
                      ))}
                    </div>
                  ),
              },
            ]}
          />
        </>
      )}
    </section>
  );
}

function firstWords({ words }: Approved): string {
  return `${words.slice(0, FIRST_WORDS).join(' ')} …`;
}

function peopleOf({ approvals }: Approved): string {
  return approvals.map(({ name, initials }) => `${name} (${initials})`).join(', ');
}

/** When initials were put to it last. */
function lastAt({ approvals }: Approved): string {
  return approvals.reduce((last, { at }) => (at > last ? at : last), '');
}

/** All that a line says, to be looked through. */
function textOf(plan: Approved): string {
  return [plan.title, plan.words.join(' '), plan.plan_sha256, peopleOf(plan), utcTime(lastAt(plan))].join(' ');
}
