import type { CeremonyView } from '../../main/operations/index.ts';
import { PINS } from '../words/pins.ts';
import { Field } from './field.tsx';
import parts from './parts.module.css';

/** What one person typed: initials, and the PIN that goes with them where the policy asks for it. */
export type Signature = { readonly initials: string; readonly pin: string };

export const NO_SIGNATURE: Signature = { initials: '', pin: '' };

type Asks = Pick<CeremonyView, 'pins'>;

/** Nothing is missing of it. */
export function isGiven({ pins }: Asks, { initials, pin }: Signature): boolean {
  return initials.trim() !== '' && (pins === null || pin !== '');
}

/** The PINs as operations take them, each beside its initials. */
export function pinsOf({ pins }: Asks, ...signatures: readonly Signature[]): { initials: string; pin: string }[] {
  return pins === null ? [] : signatures.filter(({ pin }) => pin !== '').map(({ initials, pin }) => ({ initials, pin }));
}

/** As it stays on screen once it was sent: a PIN goes one way, to main and out of here. */
export function withoutPin({ initials }: Signature): Signature {
  return { initials, pin: '' };
}

/** Somebody can put initials to something: before people are entered nobody can, nor where everybody is locked. */
export function canAnybodySign({ people, pins }: Asks & Pick<CeremonyView, 'people'>): boolean {
  return pins === null ? people.length > 0 : pins.some((one) => one.chosen && one.tries_left > 0);
}

type Props = {
  readonly view: Asks;
  readonly label: string;
  readonly value: Signature;
  readonly onChange: (value: Signature) => void;
  readonly error?: string | null;
};

/** One person's initials, with their PIN beside them where the policy asks for it. */
export function InitialsField({ view, label, value, onChange, error = null }: Props) {
  const initials = {
    label,
    value: value.initials,
    maxLength: 5,
    onChange: (text: string) => {
      onChange({ ...value, initials: text });
    },
  };
  if (view.pins === null) return <Field {...initials} error={error} />;
  return (
    <div className={parts.signature}>
      <Field {...initials} error={error} />
      <PinField
        label={PINS.of(label)}
        value={value.pin}
        onChange={(pin) => {
          onChange({ ...value, pin });
        }}
      />
    </div>
  );
}

type PinProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string;
  readonly error?: string | null;
  readonly onEnter?: () => void;
};

/** What main takes of a PIN at most; a field that takes more would be refused only once it was sent. */
export const MOST_DIGITS = 12;

/** A PIN, masked. */
export function PinField(props: PinProps) {
  return <Field {...props} secret maxLength={MOST_DIGITS} />;
}
