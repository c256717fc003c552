/**
 * words: what the window says. This part holds what it says of every failure.
 *
 * A key of {@link FAILURES} is `[step/]code[:variant]`:
 * - `code` is main's stable error code. `key-not-checkable` and `backup-not-checkable` stand for that result of a check, and
 *   `bug` for an error that nobody foresaw.
 * - `step` is the operation's name (`assign`, `seal`, `store`, `verify`, `check`, `recover`, `rehearse`, `trust.add`,
 *   `ledger.export`) where main has one code for several, and what was sent or kept by then differs. `assign.quarantine` is an
 *   assignment that CoinCover answered and whose answer is not trusted.
 * - `variant` is what people have to know beyond the code: `outcome-unknown:status-408`, `output-unwritable:kept`.
 *
 * {@link failureFor} looks for `step/code:variant`, `step/code`, `code:variant`, `code`, and then falls back.
 */
import type { FailureText, FailureTexts } from './failure-text.ts';
import { keysOf, variantOf, type Problem } from './failure-key.ts';
import { ASSIGN_FAILURES } from './failures-assign.ts';
import { CEREMONY_FAILURES } from './failures-ceremony.ts';
import { CONTENT_FAILURES } from './failures-content.ts';
import { CODE_FAILURES } from './failures-codes.ts';
import { DEPARTURE_FAILURES } from './failures-departures.ts';
import { DOCUMENT_FAILURES } from './failures-documents.ts';
import { FILE_FAILURES } from './failures-files.ts';
import { JUDGED_FAILURES } from './failures-judged.ts';
import { KEYCHAIN_FAILURES } from './failures-keychain.ts';
import { LEDGER_FAILURES } from './failures-ledger.ts';
import { OUTCOME_FAILURES } from './failures-outcome.ts';
import { PASSPHRASE_FAILURES } from './failures-passphrase.ts';
import { PLAN_FAILURES } from './failures-plan.ts';
import { PIN_FAILURES } from './failures-pins.ts';
import { POLICY_FAILURES } from './failures-policy.ts';
import { REPORT_FAILURES } from './failures-report.ts';
import { RECOVER_FAILURES } from './failures-recover.ts';
import { RELEASED_FAILURES } from './failures-released.ts';
import { REHEARSAL_FAILURES } from './failures-rehearsal.ts';
import { SECRET_FAILURES } from './failures-secret.ts';
import { STATION_FAILURES } from './failures-station.ts';
import { STORE_FAILURES } from './failures-store.ts';
import { TRUST_FAILURES } from './failures-trust.ts';
import { TWO_STATION_FAILURES } from './failures-two-stations.ts';
import { VERIFY_FAILURES } from './failures-verify.ts';

export type { FailureText } from './failure-text.ts';
export type { Problem } from './failure-key.ts';

/** One theme each; a key stands in one of them. */
export const FAILURES_BY_THEME: readonly FailureTexts[] = [
  ASSIGN_FAILURES,
  STORE_FAILURES,
  OUTCOME_FAILURES,
  VERIFY_FAILURES,
  JUDGED_FAILURES,
  TRUST_FAILURES,
  STATION_FAILURES,
  KEYCHAIN_FAILURES,
  LEDGER_FAILURES,
  SECRET_FAILURES,
  RECOVER_FAILURES,
  RELEASED_FAILURES,
  CEREMONY_FAILURES,
  PASSPHRASE_FAILURES,
  PIN_FAILURES,
  POLICY_FAILURES,
  PLAN_FAILURES,
  DEPARTURE_FAILURES,
  REPORT_FAILURES,
  CONTENT_FAILURES,
  CODE_FAILURES,
  DOCUMENT_FAILURES,
  TWO_STATION_FAILURES,
  FILE_FAILURES,
  REHEARSAL_FAILURES,
];

export const FAILURES: Readonly<Record<string, FailureText>> = Object.assign({}, ...FAILURES_BY_THEME) as FailureTexts;

/**
 * What a screen says of a problem.
 * @param step the operation that it came from, or null. @param variant where the screen knows more than the problem says, such
 *   as `not-yet-valid` of `jwks-no-usable-key`; left out, the problem is asked.
 */
export function failureFor(problem: Problem, step: string | null, variant: string | null = variantOf(problem)): FailureText {
  const key = keysOf(problem, step, variant).find((one) => Object.hasOwn(FAILURES, one));
  return (key === undefined ? undefined : FAILURES[key]) ?? fallbackFailure(problem);
}

type Family = 'bug' | 'input' | 'check' | 'service' | 'unreachable';

const LOOK = 'Look at the Backups page before you repeat the step.';
const KEPT = 'All that the ledger held before. What this step itself has kept, the Backups page shows.';

/** What is true of every failure of a family; what happened is in main's own words. */
const BY_FAMILY: Readonly<Record<Family, Omit<FailureText, 'happened'>>> = {
  bug: {
    tone: 'stop',
    title: 'Coldroom met something that it did not foresee',
    means: 'Nothing was confirmed by this step. Count as backed up only what the Backups page shows as stored.',
    doNow: [LOOK, 'Let Coldroom check the ledger.', 'Report it to whoever maintains Coldroom.'],
    saved: KEPT,
  },
  input: {
    tone: 'mend',
    title: 'This cannot be used as it is',
    means: 'The step did not come to its end. The secret itself is as it was.',
    doNow: ['Correct what is named above, and try again.'],
    saved: KEPT,
  },
  check: {
    tone: 'stop',
    title: 'A check refused to go on',
    means: 'Rely on nothing that this step was to bring. The secret itself is as it was. Do not destroy it.',
    doNow: ['Keep every file as it is: it is evidence.', 'Choose Stop and escalate.'],
    saved: KEPT,
  },
  service: {
    tone: 'settle',
    title: 'CoinCover refused what was asked',
    means: 'By this answer CoinCover did not do it. The secret itself is as it was.',
    doNow: ['Read CoinCover’s own words above.', 'Ask CoinCover what they mean.'],
    saved: KEPT,
  },
  unreachable: {
    tone: 'settle',
    title: 'No certain answer came',
    means: 'What was asked for may or may not have been done: do not count it as done. The secret itself is as it was.',
    doNow: [LOOK, 'Check this machine’s network, and try again later.'],
    saved: KEPT,
  },
};

/** For a code without a text of its own: by family, with main's own message and hint. */
export function fallbackFailure(problem: { family: string; code: string; message: string; hint: string | null }): FailureText {
  const family = Object.hasOwn(BY_FAMILY, problem.family) ? (problem.family as Family) : 'bug';
  const text = BY_FAMILY[family];
  const hint = problem.hint === null || isCommand(problem.hint) ? null : sentence(problem.hint);
  return {
    ...text,
    happened: problem.message === '' ? 'Coldroom gave no further reason.' : sentence(problem.message),
    doNow: hint === null ? text.doNow : [hint, ...text.doNow].slice(0, 4),
  };
}

/** Many of main's hints are for the command line, which nobody has in a window. */
function isCommand(hint: string): boolean {
  return /`|--|\bcoldroom [a-z]/.test(hint);
}

/** Main writes messages and hints as clauses: in lower case, without a full stop. */
function sentence(clause: string): string {
  const [first = '', ...rest] = clause;
  return `${first.toUpperCase()}${rest.join('')}${/[.?!…]$/.test(clause) ? '' : '.'}`;
}
