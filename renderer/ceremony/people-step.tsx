import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { Button } from '../parts/button.tsx';
import type { Opens } from '../parts/checks.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { PolicyRules } from '../parts/policy-rules.tsx';
import { usePlanWords } from '../plans/plan-words.tsx';
import { WORDS } from '../words/catalogue.ts';
import { leastPeople, POLICY } from '../words/policy.ts';
import { PINS } from '../words/pins.ts';
import { PLANNED } from '../words/planned.ts';
import { STEPS } from '../words/steps.ts';
import { usePeoplePins } from './people-pins.tsx';
import { PlanCard } from './plan-card.tsx';
import { StepFrame, type StepProps } from './step-frame.tsx';

type Row = CeremonyView['people'][number];

const MORE = ['administrator', 'operator', 'auditor'] as const;

/** Who is here, and what the witness's clock says. */
export function PeopleStep(props: StepProps) {
  const { view, ceremony } = props;
  const [rows, setRows] = useState<readonly Row[]>(view.people.length > 0 ? view.people : rowsFor(view));
  const [place, setPlace] = useState(view.place ?? '');
  const [clock, setClock] = useState('');
  const [changing, setChanging] = useState(view.people.length === 0);
  const { plan } = view;
  const pins = usePeoplePins(view, ceremony.act);
  const reading = usePlanWords(plan === null ? null : { fingerprint: plan.plan_sha256, words: plan.words });
  const set = (index: number, part: Partial<Row>): void => {
    setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  };
  const add = (role: Row['role']) => (): void => {
    setRows([...rows, { name: '', initials: '', role }]);
  };
  const record = async (): Promise<void> => {
    const problem = await ceremony.act('ceremony.people', {
      ceremony: view.ceremony_id,
      people: rows.map((row) => ({ ...row, name: row.name.trim(), initials: row.initials.trim() })),
      place: place.trim(),
      witness_clock: clock.trim(),
    });
    if (problem === null) setChanging(false);
  };
  const complete = place.trim() !== '' && clock.trim() !== '' && rows.every((row) => row.name.trim() !== '' && row.initials.trim() !== '');
  const moment = new Date();
  const help = WORDS.people.clockHelp(
    moment.toISOString().slice(11, 16),
    moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
  );
  if (plan !== null && view.people.length === 0 && !reading.isCompared) {
    return (
      <StepFrame {...props} primary={reading.primary} secondary={reading.secondary} hint={PLANNED.words.hint} isFolded>
        {reading.panel}
        <PlanCard view={view} plan={plan} />
      </StepFrame>
    );
  }
  if (!changing) {
    return (
      <StepFrame
        {...props}
        opens={policyOf(view)}
        say={pins.say ?? props.say}
        primary={pins.primary}
        hint={pins.primary === null ? null : PINS.hint}
        isFolded={pins.primary !== null}
      >
        {pins.panel}
        {plan === null ? null : <PlanCard view={view} plan={plan} />}
        <EarlierPolicy view={view} />
        {view.people_signed ? null : (
          <div>
            <Button
              kind="link"
              onPress={() => {
                setChanging(true);
              }}
            >
              {WORDS.people.change}
            </Button>
          </div>
        )}
      </StepFrame>
    );
  }
  const primary = { label: STEPS.people.action, onPress: () => void record(), isDisabled: !complete };
  return (
    <StepFrame {...props} primary={primary} opens={policyOf(view)} isFolded>
      {plan === null ? null : reading.panel}
      <div className={parts.stack}>
        {rows.map((row, index) => (
          <div key={index} className={parts.person} role="group" aria-label={WORDS.sign[row.role]}>
            <Field
              label={`${WORDS.sign[row.role]}: ${WORDS.people.name}`}
              value={row.name}
              maxLength={100}
              onChange={(name) => {
                set(index, { name });
              }}
            />
            <Field
              label={WORDS.people.initials}
              value={row.initials}
              maxLength={5}
              onChange={(initials) => {
                set(index, { initials: initials.toUpperCase() });
              }}
            />
            {isNeeded(row, rows, view.policy.rules.people) ? null : (
              <Button
                kind="ghost"
                onPress={() => {
                  setRows(rows.filter((_, at) => at !== index));
                }}
              >
                {WORDS.people.remove}
              </Button>
            )}
          </div>
        ))}
        <div className={parts.ways}>
          <Button kind="link" onPress={add('witness')}>
            {WORDS.people.addWitness}
          </Button>
          {MORE.map((role) => (
            <Button key={role} kind="link" onPress={add(role)}>
              {WORDS.people.add[role]}
            </Button>
          ))}
        </div>
        <div className={parts.two}>
          <Field label={WORDS.people.place} value={place} onChange={setPlace} maxLength={200} />
          <Field label={WORDS.people.clock} help={help} value={clock} onChange={setClock} maxLength={5} />
        </div>
      </div>
      <EarlierPolicy view={view} />
      {view.people.length > 0 ? (
        <div className={parts.row}>
          <Button isDisabled={!complete} onPress={() => void record()}>
            {STEPS.people.action}
          </Button>
        </div>
      ) : null}
    </StepFrame>
  );
}

type Least = CeremonyView['policy']['rules']['people'];

/** The people whom the plan names, then as many empty rows of each role as the policy asks for. Initials are everybody's own to type. */
function rowsFor({ plan, policy }: CeremonyView): Row[] {
  const named = (plan?.people ?? []).map(({ name, role }) => ({ name, initials: '', role }));
  const least = policy.rules.people;
  const empty = (['administrator', 'operator', 'witness', 'auditor'] as const).flatMap((role) =>
    Array.from({ length: Math.max(0, least[role] - named.filter((one) => one.role === role).length) }, () => ({
      name: '',
      initials: '',
      role,
    })),
  );
  return [...named, ...empty];
}

/** Without this row there would be too few of its role. */
function isNeeded(row: Row, rows: readonly Row[], least: Least): boolean {
  return rows.filter((one) => one.role === row.role).length <= least[row.role];
}

/** What the policy's own line opens to: the rules that the ceremony runs under. */
function policyOf({ policy }: CeremonyView): Opens {
  return {
    id: 'policy',
    say: POLICY.readIt,
    inside: (
      <>
        <p className={parts.note}>{POLICY.fixed}</p>
        <PolicyRules policy={policy} />
      </>
    ),
  };
}

/** A ceremony of an earlier version has no policy of its own and so no line that opens: a card says which rules apply. */
function EarlierPolicy({ view: { policy } }: { readonly view: CeremonyView }) {
  if (policy.own) return null;
  return (
    <details className={parts.card}>
      <summary>
        <b>{POLICY.runsUnder}</b>
        <span className={parts.note}>{POLICY.least(leastPeople(policy.rules))}</span>
      </summary>
      <p className={parts.note}>{POLICY.earlier}</p>
      <PolicyRules policy={policy} />
    </details>
  );
}
