import type { CeremonyView } from '../../main/operations/index.ts';
import { checkWords } from '../words/checks.ts';
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
          <em>{shortened(check.rests_on)}</em>
        </li>
      ))}
    </ul>
  );
}

/** A whole digest has its place among the evidence; here its start is enough to find it. */
function shortened(restsOn: string): string {
  return /^[0-9a-f]{64}$/.test(restsOn) ? `${restsOn.slice(0, 4)} ${restsOn.slice(4, 8)} ${restsOn.slice(8, 12)} …` : restsOn;
}
