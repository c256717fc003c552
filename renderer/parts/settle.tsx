import { useState } from 'react';
import { WORDS } from '../words/catalogue.ts';
import { Button } from './button.tsx';
import { Choices } from './choices.tsx';
import { Field } from './field.tsx';
import styles from './parts.module.css';

export type Word = { how: 'resend' } | { how: 'backup-id'; backup_id: string };

/** A person's word on an item of which nobody knows whether CoinCover holds it. */
export function Settle({ name, onSettle }: { readonly name: string; readonly onSettle: (word: Word) => void }) {
  const [how, setHow] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const choose = (value: string): void => {
    setHow(value);
    setTyped('');
  };
  const ready = how === 'resend' ? typed.trim() === WORDS.store.resendWord : typed.trim().length === 36;
  return (
    <section className={styles.card} aria-label={WORDS.store.settle(name)}>
      <h3>{WORDS.store.settle(name)}</h3>
      <p>{WORDS.store.ask}</p>
      <Choices
        label={WORDS.store.settle(name)}
        value={how}
        onChange={choose}
        choices={[
          { value: 'backup-id', label: WORDS.store.confirmed },
          { value: 'resend', label: WORDS.store.resend },
        ]}
      />
      {how === null ? null : (
        <Field
          label={how === 'resend' ? WORDS.store.typeResend : WORDS.store.confirmedField}
          value={typed}
          onChange={setTyped}
          mono={how !== 'resend'}
          maxLength={40}
        />
      )}
      <div>
        <Button
          isDisabled={how === null || !ready}
          onPress={() => {
            onSettle(how === 'resend' ? { how: 'resend' } : { how: 'backup-id', backup_id: typed.trim().toLowerCase() });
          }}
        >
          {WORDS.store.settleButton}
        </Button>
      </div>
    </section>
  );
}
