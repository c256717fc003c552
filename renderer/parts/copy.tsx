import { useState } from 'react';
import { call } from '../bridge.ts';
import { WORDS } from '../words/catalogue.ts';
import { groupedHex } from '../words/time.ts';
import styles from './parts.module.css';

/** An id or digest in fixed width, copied with one click. There is none for secrets: no screen has one. */
export function Copyable({ value, what, hex = false }: { readonly value: string; readonly what: string; readonly hex?: boolean }) {
  return (
    <span className={styles.id}>
      <code>{hex ? groupedHex(value) : value}</code>
      <CopyButton value={value} what={what} />
    </span>
  );
}

type ButtonProps = {
  readonly value: string;
  readonly what: string;
  /** What is copied stands on the button itself, where nothing beside it says so. */
  readonly isSpelt?: boolean;
};

export function CopyButton({ value, what, isSpelt = false }: ButtonProps) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className={styles.copy}
      aria-label={WORDS.copy.button(what)}
      onClick={() => {
        void copy(value).then(() => {
          setCopied(true);
        });
      }}
    >
      <span aria-live="polite">{copied ? WORDS.copy.done : isSpelt ? WORDS.copy.button(what) : WORDS.copy.short}</span>
    </button>
  );
}

/** By main where the shell can; an installed browser lets its page do it. */
async function copy(text: string): Promise<void> {
  const answer = await call('window.copy', { text });
  if (!answer.ok || !answer.output.copied) await navigator.clipboard.writeText(text);
}
