import type { ReactNode } from 'react';
import type { CeremonyView } from '../../main/operations/index.ts';
import { checkWords, restsOnWords } from '../words/checks.ts';
import { WORDS } from '../words/catalogue.ts';
import { looks } from './looks.ts';
import { Mark } from './mark.tsx';
import styles from './parts.module.css';
import { useFolded } from './use-folded.ts';

type Check = NonNullable<CeremonyView['now']>['checks'][number];

/** So few passed checks are no burden: there is nothing to fold. */
const FEW = 2;

type Props = {
  readonly checks: readonly Check[];
  /** What has passed is one line that opens, where it would push something out of sight. */
  readonly isFolded?: boolean;
  /** The one check whose line opens, and what people read there. */
  readonly opens?: Opens;
};

/** `say` stands at the end of the line, as what opens it. */
export type Opens = { readonly id: string; readonly say: string; readonly inside: ReactNode };

/** The checks that Coldroom made by itself, each with its result and what that rests on. Changes are announced. */
export function Checks({ checks, isFolded: isWanted = false, opens }: Props) {
  const { list, isFolded } = useFolded(isWanted, checks.map(({ id, result }) => `${id} ${result}`).join());
  if (checks.length === 0) return null;
  const passed = isFolded ? checks.filter((check) => check.result === 'passed' && check.id !== opens?.id) : [];
  const folded = passed.length > FEW ? passed : [];
  return (
    <ul ref={list} className={styles.checks} aria-label={WORDS.checks.label} aria-live="polite">
      {folded.length === 0 ? null : (
        <li className={styles.folded}>
          <details>
            <summary className={styles.check}>
              <Mark state="passed" />
              <span>{WORDS.checks.passed(folded.length)}</span>
              <em aria-hidden="true">
                <b>{WORDS.checks.each}</b>
              </em>
            </summary>
            <ul className={styles.inner}>
              {folded.map((check) => (
                <Line key={check.id} check={check} />
              ))}
            </ul>
          </details>
        </li>
      )}
      {checks
        .filter((check) => !folded.includes(check))
        .map((check) =>
          check.id === opens?.id ? <OpenLine key={check.id} check={check} opens={opens} /> : <Line key={check.id} check={check} />,
        )}
    </ul>
  );
}

function Line({ check }: { readonly check: Check }) {
  return (
    <li className={styles.check}>
      <Mark state={check.result} />
      <div>{checkWords(check)}</div>
      <em>{restsOnWords(check)}</em>
    </li>
  );
}

/** A line that opens: what the check is about is read below it, without a card of its own. */
function OpenLine({ check, opens }: { readonly check: Check; readonly opens: Opens }) {
  return (
    <li className={styles.folded}>
      <details>
        <summary className={looks(styles.check, styles.opens)}>
          <Mark state={check.result} />
          <span>{checkWords(check)}</span>
          <em>
            {restsOnWords(check)} <b aria-hidden="true">{opens.say}</b>
          </em>
        </summary>
        <div className={styles.read}>{opens.inside}</div>
      </details>
    </li>
  );
}
