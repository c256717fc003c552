import { WORDS } from '../words/catalogue.ts';
import styles from './parts.module.css';
import { looks } from './looks.ts';

const MARKS: Readonly<Record<string, { readonly sign: string; readonly look: string | undefined }>> = {
  passed: { sign: '✓', look: '' },
  amber: { sign: '!', look: styles.amber },
  failed: { sign: '✕', look: styles.failed },
  waits: { sign: '…', look: styles.waits },
  unknown: { sign: '?', look: styles.amber },
};

/** The state that each result of a check by CoinCover is shown as. */
export const CHECK_STATES = { valid: 'passed', invalid: 'failed', 'not-checkable': 'amber', unknown: 'unknown' } as const;

/** A state as sign, shape and word: colour alone says nothing. */
export function Mark({ state, word = true }: { readonly state: string; readonly word?: boolean }) {
  const mark = MARKS[state] ?? { sign: '?', look: styles.amber };
  return (
    <span className={looks(styles.tick, mark.look)}>
      <span aria-hidden="true">{mark.sign}</span>
      {word ? <span className={styles.hidden}>{`${WORDS.checks.states[state] ?? state}: `}</span> : null}
    </span>
  );
}

/** A state in a table: its mark, and its own word beside it. */
export function State({ mark, word }: { readonly mark: string; readonly word: string }) {
  return (
    <span className={styles.state}>
      <Mark state={mark} word={false} />
      {word}
    </span>
  );
}
