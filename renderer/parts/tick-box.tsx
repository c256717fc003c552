import { CheckboxButton, CheckboxField } from 'react-aria-components';
import styles from './parts.module.css';
import { looks } from './looks.ts';

type Props = { readonly label: string; readonly help: string; readonly isSelected: boolean; readonly onChange: (on: boolean) => void };

/** One thing that is on or off. Nothing important is confirmed with it. */
export function TickBox({ label, help, isSelected, onChange }: Props) {
  return (
    <CheckboxField isSelected={isSelected} onChange={onChange}>
      <CheckboxButton className={looks(styles.box)}>
        <span>{label}</span>
        <small>{help}</small>
      </CheckboxButton>
    </CheckboxField>
  );
}
