import type { CeremonyView } from '../../main/operations/index.ts';
import { checkWords, restsOnWords } from '../words/checks.ts';
import { WORDS } from '../words/catalogue.ts';
import { Mark } from './mark.tsx';
import styles from './parts.module.css';

type Check = NonNullable<CeremonyView['now']>['checks'][number];

/** The checks that Coldroom made by itself, each with its result and what that rests on. Changes are announced. */
export function Checks({ checks }: { readonly checks: readonly Check[] }) {
  if (checks.length === 0) return null;
  return (
    <ul className={styles.checks} aria-label={WORDS.checks.label} aria-live="polite">
      {checks.map((check) => (
        <li key={check.id} className={styles.check}>
          <Mark state={check.result} />
          <div>{checkWords(check)}</div>
          <em>{restsOnWords(check)}</em>
        </li>
      ))}
    </ul>
  );
}
