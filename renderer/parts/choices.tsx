import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components';
import styles from './parts.module.css';
import { looks } from './looks.ts';

export type Choice = { readonly value: string; readonly label: string; readonly why?: string; readonly isDisabled?: boolean };

type Props = {
  readonly label: string;
  readonly choices: readonly Choice[];
  /** Null: nothing is chosen yet, and nothing is by default. */
  readonly value: string | null;
  readonly onChange: (value: string) => void;
  readonly inRow?: boolean;
  /** Two beside each other where there is room: for a page of its own. */
  readonly isWide?: boolean;
  /** Small and side by side, for yes and no. */
  readonly inline?: boolean;
};

/** One of several, each with a sentence that says what it means. */
export function Choices({ label, choices, value, onChange, inRow, isWide, inline }: Props) {
  const isShort = choices.every(({ why }) => why === undefined);
  const row = looks(styles.choices, styles.choicesRow, isShort ? styles.choicesShort : undefined);
  const stack = looks(styles.choices, isWide === true ? styles.choicesWide : undefined);
  const look = inline === true ? looks(styles.inline) : inRow === true ? row : stack;
  return (
    <RadioGroup className={looks(styles.field)} value={value} onChange={onChange}>
      <Label className={looks(styles.legend)}>{label}</Label>
      <div className={look}>
        {choices.map((choice) => (
          <RadioField key={choice.value} value={choice.value} isDisabled={choice.isDisabled === true}>
            <RadioButton className={looks(inline === true ? styles.radio : styles.choice)}>
              <b>{choice.label}</b>
              {choice.why === undefined ? null : <small>{choice.why}</small>}
            </RadioButton>
          </RadioField>
        ))}
      </div>
    </RadioGroup>
  );
}
