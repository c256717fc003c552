import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { STEPS } from '../words/steps.ts';
import { StepFrame, type StepProps } from './step-frame.tsx';

type Row = { name: string; initials: string; role: 'administrator' | 'witness' };

/** Who is here, and what the witness's clock says. */
export function PeopleStep(props: StepProps) {
  const { view, ceremony } = props;
  const [rows, setRows] = useState<readonly Row[]>(
    view.people.length > 0
      ? view.people
      : [
          { name: '', initials: '', role: 'administrator' },
          { name: '', initials: '', role: 'witness' },
        ],
  );
  const [place, setPlace] = useState(view.place ?? '');
  const [clock, setClock] = useState('');
  const [changing, setChanging] = useState(view.people.length === 0);
  const set = (index: number, part: Partial<Row>): void => {
    setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
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
  if (!changing) {
    return (
      <StepFrame {...props}>
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
      </StepFrame>
    );
  }
  const primary = { label: STEPS.people.action, onPress: () => void record(), isDisabled: !complete };
  return (
    <StepFrame {...props} primary={primary}>
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
            {index < 2 ? (
              <span />
            ) : (
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
        <div>
          <Button
            kind="link"
            onPress={() => {
              setRows([...rows, { name: '', initials: '', role: 'witness' }]);
            }}
          >
            {WORDS.people.addWitness}
          </Button>
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
