import { useEffect, useRef, type Ref } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import { useProtection } from '../protection.ts';
import styles from './parts.module.css';
import { looks } from './looks.ts';

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string;
  readonly error?: string | null;
  readonly secret?: boolean;
  readonly many?: boolean;
  readonly mono?: boolean;
  readonly maxLength?: number;
  readonly isRequired?: boolean;
  readonly autoFocus?: boolean;
  readonly onEnter?: () => void;
  readonly inputRef?: Ref<HTMLInputElement>;
};

/**
 * One labelled line (or some lines) of text, with its help and its error below. Nothing typed is remembered by the browser. As long as a
 * secret may be typed, the window is kept out of screen pictures.
 */
export function Field({
  label,
  value,
  onChange,
  help,
  error,
  secret,
  many,
  mono,
  maxLength,
  isRequired,
  autoFocus,
  onEnter,
  inputRef,
}: Props) {
  useProtection(secret === true);
  const told = useRef<HTMLElement>(null);
  // What is wrong stands below the line, and in a long step below the edge of the screen.
  useEffect(() => {
    if (typeof error === 'string') told.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  const look = looks(styles.input, mono === true ? styles.mono : undefined);
  return (
    <TextField
      className={looks(styles.field)}
      value={value}
      onChange={onChange}
      type={secret === true ? 'password' : 'text'}
      autoComplete={secret === true ? 'new-password' : 'off'}
      spellCheck="false"
      isRequired={isRequired === true}
      isInvalid={typeof error === 'string'}
      validationBehavior="aria"
      autoFocus={autoFocus === true}
      {...(maxLength === undefined ? {} : { maxLength })}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && onEnter !== undefined) {
          event.preventDefault();
          // A key that is held down was pressed once; what it repeats may be meant for what stood here before.
          if (!event.repeat) onEnter();
        } else {
          event.continuePropagation(); // Escape is the dialog's
        }
      }}
    >
      <Label>{label}</Label>
      {many === true ? <TextArea className={look} /> : <Input className={look} ref={inputRef ?? null} />}
      {help === undefined ? null : (
        <Text slot="description" className={looks(styles.help)}>
          {help}
        </Text>
      )}
      <FieldError className={looks(styles.error)} ref={told}>
        {error}
      </FieldError>
    </TextField>
  );
}
