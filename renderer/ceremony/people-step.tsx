import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { PolicyRules } from '../parts/policy-rules.tsx';
import { usePlanWords } from '../plans/plan-words.tsx';
import { WORDS } from '../words/catalogue.ts';
import { leastPeople, POLICY } from '../words/policy.ts';
import { PLANNED } from '../words/planned.ts';
import { STEPS } from '../words/steps.ts';
import { groupedHex } from '../words/time.ts';
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
      <StepFrame {...props}>
        {plan === null ? null : <PlanCard view={view} plan={plan} />}
        <Policy view={view} />
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
    <StepFrame {...props} primary={primary}>
      {plan === null ? null : reading.panel}
      <Policy view={view} />
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
        <div className={parts.row}>
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

/** Enough of a digest to recognise it by; all of it is in the evidence, and here once this is opened. */
const SHOWN_HEX = 16;

/** The rules that the ceremony runs under: one line that opens, so that the people's form below it is in sight. */
function Policy({ view }: { readonly view: CeremonyView }) {
  const { policy } = view;
  return (
    <details className={parts.card}>
      <summary>
        <b>{POLICY.runsUnder}</b>
        <span className={parts.note}>{POLICY.least(leastPeople(policy.rules))}</span>
        <code>{`${groupedHex(policy.policy_sha256.slice(0, SHOWN_HEX))} …`}</code>
      </summary>
      <p className={parts.note}>{policy.own ? POLICY.fixed : POLICY.earlier}</p>
      <PolicyRules policy={policy} />
    </details>
  );
}
