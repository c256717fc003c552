import { useState } from 'react';
import { call, firstProblem } from '../bridge.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { PLANNED } from '../words/planned.ts';
import { PLANS } from '../words/plans.ts';
import { utcTime } from '../words/time.ts';
import { visible } from '../words/visible.ts';
import { tellProblem } from './draft-store.ts';
import { usePlanWords } from './plan-words.tsx';
import styles from './plans.module.css';
import type { Approvals } from './use-approvals.ts';

type Person = { readonly name: string; readonly role: string };
type Props = {
  readonly people: readonly Person[];
  readonly file: string;
  readonly digest: string;
  readonly words: readonly string[];
  readonly approvals: Approvals;
  readonly onApprovals: (approvals: Approvals) => void;
};

/** Whether everybody of the plan has put their initials to it. */
export function isWholly(people: readonly Person[], approvals: Approvals): boolean {
  return people.every(({ name }) => approvals.some((one) => one.name === name));
}

/** The plan's own people put their initials to its digest, once its words were read aloud. */
export function PlanApproval({ people, file, digest, words, approvals, onApprovals }: Props) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const reading = usePlanWords({ fingerprint: digest, words });
  const given = people.flatMap(({ name, role }) => {
    const initials = (typed[name] ?? '').trim();
    return initials === '' ? [] : [{ name, role, initials }];
  });
  const isDone = isWholly(people, approvals);
  const isEnough = ['administrator', 'witness'].every((needed) => given.some(({ role }) => role === needed));
  const approve = async (): Promise<void> => {
    const answer = await call('plan.approve', {
      file,
      plan_sha256: digest,
      people: given.map(({ name, initials }) => ({ name, initials })),
    });
    tellProblem(firstProblem(answer), 'plan.approve');
    if (!answer.ok) return;
    onApprovals(answer.output.approvals);
    setTyped({});
  };
  return (
    <section className={styles.part} aria-label={PLANNED.approve.title}>
      <h3>{PLANNED.approve.title}</h3>
      <div role="status">
        {approvals.length === 0 ? (
          <p className={parts.note}>{PLANNED.approve.none}</p>
        ) : (
          <>
            <p>
              <b>{PLANNED.approve.done}</b>
            </p>
            <ul className={styles.names}>
              {approvals.map(({ name, role, initials, at }) => (
                <li key={name}>{visible(PLANNED.approve.line(name, PLANS.roles[role] ?? role, initials, utcTime(at)))}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      {isDone ? null : (
        <>
          <p className={parts.note}>{PLANNED.approve.say}</p>
          {reading.panel}
        </>
      )}
      {isDone ? null : reading.isCompared ? (
        <>
          <div className={parts.two}>
            {people.map(({ name, role }) => (
              <Field
                key={name}
                label={PLANNED.approve.initials(visible(name))}
                help={PLANS.roles[role] ?? role}
                value={typed[name] ?? ''}
                maxLength={5}
                onChange={(text) => {
                  setTyped({ ...typed, [name]: text.toUpperCase() });
                }}
              />
            ))}
          </div>
          <div>
            <Button isDisabled={!isEnough} onPress={() => void approve()}>
              {approvals.length === 0 ? PLANNED.approve.button : PLANNED.approve.more}
            </Button>
          </div>
        </>
      ) : (
        <div className={parts.row}>
          {reading.primary === null ? null : <Button onPress={reading.primary.onPress}>{reading.primary.label}</Button>}
          {reading.secondary}
        </div>
      )}
    </section>
  );
}
