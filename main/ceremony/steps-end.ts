import { CHECKLIST, openPoints } from './checklist.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, fact, open, stopped, waits } from './judgement.ts';
import { checksum, itemsOf, itemsOfCeremony } from './steps-secret.ts';

/** Rehearsal only: what the stand-in releases opens to the very files that went in. */
export function judgeRecover({ state, queries }: JudgeContext): StepJudgement {
  const { recovery } = state.facts;
  if (recovery === undefined) return waits();
  if (recovery.items.length === 0) {
    return open([check('recovered', 'amber', 'recovery was not rehearsed', 'this stand-in runs elsewhere and releases nothing')]);
  }
  const same = recovery.items.filter((item) => item.same).length;
  const all = Math.max(recovery.items.length, itemsOf(state.facts.secrets?.files, queries).items.length);
  const result = same === all;
  const differs = same < recovery.items.length;
  const checks = [
    check(
      'recovered',
      result ? 'passed' : differs ? 'failed' : 'waits',
      'what was released opens to the very files that went in',
      `${same.toString()} of ${all.toString()}, compared byte by byte`,
    ),
  ];
  // The rest waits for the passphrase that it was sealed under.
  if (!result && !differs) return waits(checks);
  return result ? open(checks) : stopped('rehearsal-differs', checks);
}

/** CoinCover's own list before production: what a machine can check, checked; what only people know, asked. */
export function judgeChecklist({ state, queries }: JudgeContext): StepJudgement {
  const { wallet, checklist } = state.facts;
  const selfTest = state.facts['self-test'];
  const row = queries.environment(state.row.environment);
  const sent = queries.assignment(state.facts.assignment?.assignment_id ?? '')?.key_environment ?? 'nothing';
  const { items } = itemsOf(itemsOfCeremony(state), queries);
  const passed = (id: string) => selfTest?.checks.some((one) => one.id === id && one.result === 'passed') === true;
  const rehearsed = queries.ceremonies().find((one) => one.script === 'rehearsal' && one.state === 'closed');
  const checksums = items.map((item) => checksum(queries, item));
  const compared = checksums.includes('matches');
  const checks = [
    check('hex-to-pem', passed('key-form') ? 'passed' : 'failed', 'hex to PEM is right to the byte', 'a known key gives a known PEM'),
    check(
      'oaep-hashes',
      passed('oaep-mgf1') ? 'passed' : 'failed',
      'OAEP hash and MGF1 hash are both SHA-256',
      'a mismatched vector is refused',
    ),
    check(
      'checksum-of-plaintext',
      checksums.includes('differs') ? 'failed' : compared ? 'passed' : 'amber',
      'the checksum is over what CoinCover decrypts',
      compared ? 'CoinCover returned the same' : 'nothing to compare: envelopes carry none',
    ),
    check(
      'base-url',
      items.every((item) => item.environment_id === state.facts.environment?.environment_id) ? 'passed' : 'failed',
      'this environment’s own host was used',
      row === null ? '' : new URL(row.api).host,
    ),
    check(
      'kept-sent',
      wallet?.key_environment === sent ? 'passed' : 'failed',
      `${wallet?.key_environment ?? ''} was sent, not left to a default`,
      wallet?.key_environment === sent ? 'typed by people' : `${sent} was sent`,
    ),
    ...(state.script.name === 'rehearsal'
      ? []
      : [
          check(
            'rehearsed',
            rehearsed === undefined ? 'amber' : 'passed',
            'a rehearsal was closed on this station before',
            rehearsed === undefined ? 'none so far' : `ceremony ${rehearsed.number.toString()}`,
          ),
        ]),
  ];
  if (checklist === undefined) return waits(checks);
  const { open: notYet, holds } = openPoints(checklist.answers, state.row.environment);
  const facts = CHECKLIST.map(({ id }) => fact(`point-${id}`, notYet.includes(id) ? 'no: open point' : 'yes'));
  if (checks.some((one) => one.result === 'failed')) return stopped('checklist-failed', checks, facts);
  return holds ? waits(checks, facts, 'checklist-open') : open(checks, facts);
}

/** What there is to close: counted once more, before the last initials. */
export function judgeClose({ state, queries }: JudgeContext): StepJudgement {
  const { items } = itemsOf(itemsOfCeremony(state), queries);
  const stored = items.filter((item) => item.state === 'stored').length;
  const receipts = items.filter((item) => item.receipt_id !== null).length;
  const sent = state.script.steps.some((step) => step.id === 'store' || step.id === 'receipts');
  const { carried } = state.facts;
  return open(
    [
      ...(sent
        ? [
            check(
              'all-stored',
              stored === items.length && receipts === items.length ? 'passed' : 'amber',
              'every item is stored and has its receipt',
              `${stored.toString()} stored and ${receipts.toString()} receipts, of ${items.length.toString()}`,
            ),
          ]
        : []),
      ...(carried === undefined
        ? []
        : [check('carried', 'passed', 'the documents for the other station were written', `${carried.documents.toString()} documents`)]),
      check(
        'exceptions',
        state.exceptions.length === 0 ? 'passed' : 'amber',
        'exceptions in the record',
        state.exceptions.length === 0 ? 'none' : state.exceptions.length.toString(),
      ),
    ],
    sent ? [fact('backups', stored.toString())] : [],
  );
}
