import { useState } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import frame from '../frame/frame.module.css';
import { Button } from '../parts/button.tsx';
import { PinField } from '../parts/initials-field.tsx';
import { Mark } from '../parts/mark.tsx';
import parts from '../parts/parts.module.css';
import { WORDS } from '../words/catalogue.ts';
import { PINS } from '../words/pins.ts';
import { visible } from '../words/visible.ts';
import type { Primary } from './step-frame.tsx';
import type { Act } from './use-ceremony.ts';

type Pins = NonNullable<CeremonyView['pins']>;

/** Whose turn it is to choose a PIN: whoever was asked to, else the first who has none. Null: everybody has. */
function turnOf(pins: Pins, asked: string | null): string | null {
  const waiting = pins.filter((one) => !one.chosen).map(({ initials }) => initials);
  return waiting.find((initials) => initials === asked) ?? waiting[0] ?? null;
}

/** The PINs of the people who are here, one person after the other: what stands on the screen, and the button that keeps the one typed. */
export function usePeoplePins(view: CeremonyView, act: Act) {
  const [asked, setAsked] = useState<string | null>(null);
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const { pins } = view;
  const turn = pins === null ? null : turnOf(pins, asked);
  if (pins === null || view.people.length === 0) return { panel: null, primary: null, say: null };
  const clear = (): void => {
    setPin('');
    setAgain('');
  };
  const isWhole = pin !== '' && pin === again;
  const keep = (): void => {
    if (turn === null || !isWhole) return;
    // One way: to main, and out of here.
    clear();
    void act('ceremony.pin', { ceremony: view.ceremony_id, initials: turn, pin, again });
  };
  const whose = view.people.find(({ initials }) => initials === turn);
  const panel = (
    <section className={parts.card} aria-label={PINS.title}>
      <h2>{whose === undefined ? PINS.title : PINS.chooses(visible(whose.name), whose.initials)}</h2>
      {turn === null ? null : (
        <div className={parts.two} role="group" aria-label={PINS.who(turn)}>
          <PinField label={PINS.pin} help={PINS.help} value={pin} onChange={setPin} />
          <PinField
            label={PINS.again}
            value={again}
            onChange={setAgain}
            error={again !== '' && again.length >= pin.length && again !== pin ? PINS.differ : null}
            onEnter={keep}
          />
        </div>
      )}
      <ul className={parts.plainList} aria-live="polite">
        {view.people.map(({ name, initials, role }) => {
          const line = pins.find((one) => one.initials === initials);
          return (
            <li key={initials} className={parts.row}>
              <Mark state={line?.chosen !== true ? 'waits' : line.tries_left === 0 ? 'failed' : 'passed'} />
              <b>{`${WORDS.sign[role]}: ${visible(name)} (${initials})`}</b>
              <span className={parts.note}>{initials === turn ? PINS.turn : stateWords(line)}</span>
              {line?.chosen === true || initials === turn ? null : (
                <Button
                  kind="link"
                  aria-label={PINS.first(visible(name))}
                  onPress={() => {
                    clear();
                    setAsked(initials);
                  }}
                >
                  {PINS.choose}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
  const primary: Primary | null = turn === null ? null : { label: PINS.keep(turn), onPress: keep, isDisabled: !isWhole };
  return { panel, primary, say: turn === null ? null : <p className={frame.say}>{PINS.say}</p> };
}

function stateWords(line: Pins[number] | undefined): string {
  if (line?.chosen !== true) return PINS.waits;
  if (line.tries_left === 0) return PINS.locked;
  return line.tries_left === 5 ? PINS.chosen : PINS.wrong(line.tries_left);
}
