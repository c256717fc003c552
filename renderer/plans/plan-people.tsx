import { Button } from '../parts/button.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { PLANS } from '../words/plans.ts';
import { withAt, without, type Draft, type DraftPerson } from './draft.ts';
import { changeDraft } from './draft-store.ts';
import { GroupError } from './findings.tsx';
import { PlanSelect, PlanText } from './plan-field.tsx';
import styles from './plans.module.css';

/** Who will be in the room, and in which role. */
export function PlanPeople({ draft }: { readonly draft: Draft }) {
  const { people } = draft;
  const set = (at: number, change: Partial<DraftPerson>): void => {
    changeDraft({ people: withAt(people, at, change) });
  };
  return (
    <section className={parts.card} aria-label={PLANS.people} data-place="people" tabIndex={-1}>
      <h2>{PLANS.people}</h2>
      <p className={parts.note}>{PLANS.peopleSay}</p>
      {people.map((person, at) => (
        <div key={at} role="group" aria-label={PLANS.person(at + 1)} data-place={`people[${at.toString()}]`}>
          <div className={styles.person}>
            <PlanText
              place={`people[${at.toString()}].name`}
              label={PLANS.personName}
              value={person.name}
              maxLength={100}
              onChange={(name) => {
                set(at, { name });
              }}
            />
            <PlanSelect
              place={`people[${at.toString()}].role`}
              label={PLANS.personRole}
              value={person.role}
              options={PLANS.roles}
              onChange={(role) => {
                set(at, { role });
              }}
            />
            <Button
              kind="ghost"
              onPress={() => {
                changeDraft({ people: without(people, at) });
              }}
            >
              {WORDS.people.remove}
            </Button>
          </div>
          <GroupError place={`people[${at.toString()}]`} />
        </div>
      ))}
      <GroupError place="people" />
      <div>
        <Button
          kind="link"
          onPress={() => {
            changeDraft({ people: [...people, { name: null, role: null }] });
          }}
        >
          {PLANS.addPerson}
        </Button>
      </div>
    </section>
  );
}
