import { useId } from 'react';
import styles from './parts.module.css';
import { looks } from './looks.ts';

type Props = {
  readonly label: string;
  /** Empty: nothing is chosen, and nothing is by default. */
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** What stands there while nothing is chosen. */
  readonly none: string;
  readonly onChange: (value: string) => void;
  readonly help?: string;
  readonly error?: string | null;
};

/** One of a short list, in the system's own menu: a long form shows one line for it. */
export function Select({ label, value, options, none, onChange, help, error }: Props) {
  const id = useId();
  const isWrong = typeof error === 'string';
  const told = [...(help === undefined ? [] : [`${id}-help`]), ...(isWrong ? [`${id}-error`] : [])].join(' ');
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={looks(styles.input, styles.select)}
        value={value}
        aria-invalid={isWrong}
        aria-describedby={told === '' ? undefined : told}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        <option value="" disabled={value !== ''}>
          {none}
        </option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {help === undefined ? null : (
        <span id={`${id}-help`} className={styles.help}>
          {help}
        </span>
      )}
      {isWrong ? (
        <span id={`${id}-error`} className={styles.error}>
          {error}
        </span>
      ) : null}
    </div>
  );
}
