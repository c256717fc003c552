import { Choices, type Choice } from '../parts/choices.tsx';
import { Field } from '../parts/field.tsx';
import parts from '../parts/parts.module.css';
import { Select } from '../parts/select.tsx';
import { PLANS } from '../words/plans.ts';
import { visible } from '../words/visible.ts';
import { typed } from './draft.ts';
import { helpFor, useTold } from './findings.tsx';

type TextProps = {
  readonly place: string;
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly help?: string;
  readonly mono?: boolean;
  readonly maxLength?: number;
};

/** One line of text of a plan, with what main finds there. */
export function PlanText({ place, label, value, onChange, help, mono, maxLength }: TextProps) {
  const { error, isBlank } = useTold(place);
  const shown = helpFor(isBlank, help);
  return (
    <div data-place={place}>
      <Field
        label={label}
        value={value ?? ''}
        onChange={(text) => {
          onChange(typed(text));
        }}
        error={error}
        mono={mono === true}
        maxLength={maxLength ?? 256}
        {...(shown === undefined ? {} : { help: shown })}
      />
    </div>
  );
}

type ChoiceProps = {
  readonly place: string;
  readonly label: string;
  readonly value: string | null;
  /** What may stand there, with its words. */
  readonly options: Readonly<Record<string, string>>;
  readonly onChange: (value: string) => void;
  readonly help?: string;
};

/** One of a few values of a plan, from a menu. A value that is none of them, as a list may have it, is shown as what it is. */
export function PlanSelect({ place, label, value, options, onChange, help }: ChoiceProps) {
  const { error, isBlank } = useTold(place);
  const shown = helpFor(isBlank, help);
  const isOther = value !== null && !Object.hasOwn(options, value);
  return (
    <div data-place={place}>
      <Select
        label={label}
        none={PLANS.choose}
        value={value ?? ''}
        onChange={onChange}
        error={error}
        options={[
          ...(isOther ? [{ value, label: PLANS.other(visible(value)) }] : []),
          ...Object.entries(options).map(([name, words]) => ({ value: name, label: words })),
        ]}
        {...(shown === undefined ? {} : { help: shown })}
      />
    </div>
  );
}

type RadioProps = {
  readonly place: string;
  readonly label: string;
  readonly value: string | null;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly inline?: boolean;
};

/** One of two or three values of a plan, all in sight. */
export function PlanRadio({ place, label, value, choices, onChange, inline }: RadioProps) {
  const { error, isBlank } = useTold(place);
  const isKnown = choices.some((choice) => choice.value === value);
  return (
    <div data-place={place} className={parts.field}>
      <Choices
        label={label}
        inRow={inline !== true}
        inline={inline === true}
        value={isKnown ? value : null}
        onChange={onChange}
        choices={choices}
      />
      {isBlank ? <span className={parts.help}>{helpFor(true, undefined)}</span> : null}
      {error === null ? null : <span className={parts.error}>{error}</span>}
    </div>
  );
}
