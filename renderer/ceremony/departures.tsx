import { useState, type ReactNode } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { InitialsField, isGiven, NO_SIGNATURE, pinsOf, withoutPin } from '../parts/initials-field.tsx';
import { looks } from '../parts/looks.ts';
import { Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { failureFor } from '../words/failures.ts';
import { PLANNED } from '../words/planned.ts';
import { PLANS } from '../words/plans.ts';
import { utcTime } from '../words/time.ts';
import { visible } from '../words/visible.ts';
import styles from './planned.module.css';
import type { Act } from './use-ceremony.ts';

export type Departure = NonNullable<CeremonyView['plan']>['departures'][number];

/** More are not settled at once; those that are settled make room. */
const MOST = 20;

/** What departs from the plan at the step that is lit. */
export function departuresNow({ plan, now }: CeremonyView): readonly Departure[] {
  return plan === null || now === null ? [] : plan.departures.filter(({ step }) => step === now.step);
}

/** A value of the plan as people say it: kinds and modes have names, everything else stands for itself, letter by letter. */
function valueWords(code: string, value: string | null): ReactNode {
  if (value === null) return code === 'not-valid' ? PLANNED.departures.notValid : PLANNED.departures.nothing;
  if (code === 'not-valid' || code === 'other-kind') return PLANS.kinds[value] ?? visible(value);
  if (code === 'other-mode') return PLANS.modesShort[value] ?? visible(value);
  return <code>{visible(value)}</code>;
}

function Values({ departure: { code, planned, found } }: { readonly departure: Departure }) {
  return (
    <dl className={styles.values}>
      <dt>{PLANNED.departures.planned}</dt>
      <dd>{valueWords(code, planned)}</dd>
      <dt>{PLANNED.departures.found}</dt>
      <dd>{valueWords(code, found)}</dd>
    </dl>
  );
}

/** A departure in the words of the catalogue. */
export function departureTitle({ code, message }: Departure): string {
  return failureFor({ family: 'check', code, message, hint: null }, null).title;
}

/** Planned and found, side by side, and two people's word where it goes on all the same. */
export function Departures({ view, act }: { readonly view: CeremonyView; readonly act: Act }) {
  const [deciding, setDeciding] = useState<Departure | null>(null);
  const departures = departuresNow(view);
  if (departures.length === 0) return null;
  // What nobody has decided on comes first.
  const sorted = departures.toSorted((a, b) => Number(a.exception !== null) - Number(b.exception !== null));
  const names = new Map(view.files.map((file) => [file.item_id, file.name]));
  const rest = sorted.length - MOST;
  return (
    <section className={parts.card} aria-label={PLANNED.departures.title} aria-live="polite">
      <h2>{PLANNED.departures.title}</h2>
      <ul className={styles.departures}>
        {sorted.slice(0, MOST).map((departure) => {
          const title = departureTitle(departure);
          const about = names.get(departure.subject ?? '') ?? null;
          return (
            <li key={departure.id}>
              <Mark state={departure.exception === null ? 'failed' : 'amber'} />
              <div className={styles.departure}>
                <b>{about === null ? title : `${title}: ${visible(about)}`}</b>
                <Values departure={departure} />
                {departure.exception === null ? (
                  <div>
                    <Button
                      kind="link"
                      aria-label={PLANNED.departures.goOnWith(title)}
                      onPress={() => {
                        setDeciding(departure);
                      }}
                    >
                      {PLANNED.departures.goOn}
                    </Button>
                  </div>
                ) : (
                  <p className={parts.note}>
                    {PLANNED.departures.decided(departure.exception.initials.join(', '), utcTime(departure.exception.at))}{' '}
                    {visible(departure.exception.reason)}
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      {rest > 0 ? <p className={parts.note}>{PLANNED.departures.more(rest)}</p> : null}
      {deciding === null ? null : (
        <GoOnDialog
          view={view}
          act={act}
          departure={deciding}
          onClose={() => {
            setDeciding(null);
          }}
        />
      )}
    </section>
  );
}

type DialogProps = {
  readonly view: CeremonyView;
  readonly act: Act;
  readonly departure: Departure;
  readonly onClose: () => void;
};

/** One exception for one departure: a reason, and the initials of two people. */
function GoOnDialog({ view, act, departure, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const [administrator, setAdministrator] = useState(NO_SIGNATURE);
  const [witness, setWitness] = useState(NO_SIGNATURE);
  const [error, setError] = useState<string | null>(null);
  const isWhole = reason.trim() !== '' && isGiven(view, administrator) && isGiven(view, witness);
  const goOn = async (): Promise<void> => {
    if (!isWhole) return;
    setAdministrator(withoutPin(administrator));
    setWitness(withoutPin(witness));
    const problem = await act('ceremony.go-on', {
      ceremony: view.ceremony_id,
      departure: departure.id,
      reason: reason.trim(),
      initials: [administrator.initials.trim().toUpperCase(), witness.initials.trim().toUpperCase()],
      pins: pinsOf(view, administrator, witness),
    });
    if (problem === null) onClose();
    else setError(problem.message);
  };
  return (
    <Dialog title={PLANNED.departures.dialog} onClose={onClose}>
      <p>
        <b>{departureTitle(departure)}</b>
      </p>
      <Values departure={departure} />
      <p>{PLANNED.departures.say}</p>
      <Field label={PLANNED.departures.reason} value={reason} onChange={setReason} many maxLength={1000} autoFocus />
      <div className={parts.two}>
        <InitialsField view={view} label={PLANNED.departures.administrator} value={administrator} onChange={setAdministrator} />
        <InitialsField view={view} label={PLANNED.departures.witness} value={witness} onChange={setWitness} error={error} />
      </div>
      <div className={looks(parts.row, parts.end)}>
        <Button kind="danger" isDisabled={!isWhole} onPress={() => void goOn()}>
          {PLANNED.departures.button}
        </Button>
        <Button onPress={onClose}>{PLANNED.departures.cancel}</Button>
      </div>
    </Dialog>
  );
}
