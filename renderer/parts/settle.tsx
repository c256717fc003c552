import { useState, type Ref } from 'react';
import { WORDS } from '../words/catalogue.ts';
import { Button } from './button.tsx';
import { Choices } from './choices.tsx';
import { Field } from './field.tsx';
import styles from './parts.module.css';

export type Word = { how: 'resend' } | { how: 'backup-id'; backup_id: string };

type Props = {
  readonly name: string;
  readonly onSettle: (word: Word) => void;
  /** For a button elsewhere that leads here. */
  readonly headingRef?: Ref<HTMLHeadingElement>;
};

const ID_LENGTH = 36;
/** As CoinCover writes its backup IDs, whatever the case they were read out in. */
const BACKUP_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A person's word on an item of which nobody knows whether CoinCover holds it. */
export function Settle({ name, onSettle, headingRef }: Props) {
  const [how, setHow] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const choose = (value: string): void => {
    setHow(value);
    setTyped('');
  };
  const isId = BACKUP_ID.test(typed.trim());
  const ready = how === 'resend' ? typed.trim() === WORDS.store.resendWord : isId;
  return (
    <section className={styles.card} aria-label={WORDS.store.settle(name)}>
      <h2 ref={headingRef ?? null} tabIndex={-1}>
        {WORDS.store.settle(name)}
      </h2>
      <p>{WORDS.store.ask}</p>
      <Choices
        label={WORDS.store.holds}
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
          error={how === 'backup-id' && typed.trim().length >= ID_LENGTH && !isId ? WORDS.store.noId : null}
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
