import type { EvidenceCheck, EvidenceFact } from './evidence.ts';
import type { FactValue } from './facts.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, fact, open, stopped, waits } from './judgement.ts';
import { leastPeopleWords, rolesTooFew } from './policy.ts';
import { asksForPins, pinHolder } from './pins.ts';
import { rulesOf } from './state.ts';

/** The witness reads minutes off a wrist: beyond this a clock is named as off, never as wrong. */
const CLOCK_READING_SECONDS = 90;

/** Who is here, and what time it is. */
export function judgePeople({ state }: JudgeContext): StepJudgement {
  const { people, clock, policy } = state.facts;
  const rules = rulesOf(state);
  // Where a ceremony has no policy of its own, its people step says what it said when it was signed.
  const policyChecks =
    policy === undefined ? [] : [check('policy', 'passed', 'the policy that this ceremony runs under', policyWords(policy))];
  const policyFacts = policy === undefined ? [] : [fact('policy', policy.sha256, 'hex')];
  if (people === undefined || clock === undefined) return waits(policyChecks, policyFacts);
  const offset = clock.offset_seconds;
  const size = Math.abs(offset);
  const near = size <= CLOCK_READING_SECONDS;
  const isEnough = rolesTooFew(rules, people.people).length === 0;
  const withPin = people.people.filter((person) => pinHolder(state, person) !== null).length;
  const pins = asksForPins(state)
    ? [
        check(
          'pins',
          withPin === people.people.length ? 'passed' : 'waits',
          'everybody has chosen a PIN, which initials take from here on',
          `${withPin.toString()} of ${people.people.length.toString()} people`,
        ),
      ]
    : [];
  const there = `${people.people.length.toString()} people`;
  return (isEnough && pins.every(({ result }) => result === 'passed') ? open : waits)(
    [
      ...policyChecks,
      check(
        'people',
        isEnough ? 'passed' : 'waits',
        'an administrator and a witness, two different people',
        policy === undefined ? there : `${there}; the policy asks for ${leastPeopleWords(rules)}`,
      ),
      check(
        'clock',
        near ? 'passed' : 'amber',
        'this machine’s clock against the witness’s',
        near ? `within ${CLOCK_READING_SECONDS.toString()} seconds` : `${size.toString()} seconds ${offset < 0 ? 'ahead' : 'behind'}`,
      ),
      ...pins,
    ],
    [
      ...policyFacts,
      ...people.people.map((person) => fact(person.role, `${person.name} (${person.initials})`)),
      fact('place', people.place),
      fact('witness-clock', `${clock.witness_read} UTC`),
    ],
  );
}

function policyWords(policy: FactValue<'policy'>): string {
  return policy.administrator === null ? 'nobody set one: Coldroom’s own' : `set by ${policy.administrator}`;
}

/** Can this machine, in this process, do the cryptography; does its ledger hold; is its keychain there. */
export function judgeSelfTest({ state }: JudgeContext): StepJudgement {
  const report = state.facts['self-test'];
  if (report === undefined) return waits();
  const checks = [
    ...report.checks.map((one) => check(one.id, one.result === 'passed' ? 'passed' : 'failed', one.what, one.detail ?? 'in this process')),
    check(
      'ledger-holds',
      report.ledger_ok ? 'passed' : 'failed',
      'the ledger’s chain is whole',
      `${report.ledger_events.toString()} events`,
    ),
    check(
      'keychain-there',
      'passed',
      'the keychain gives this station’s keys',
      report.keychain === 'os' ? 'of the operating system' : 'a file',
    ),
    ...machineChecks(report),
  ];
  const facts = [
    fact(
      'self-test',
      `${report.checks.filter((one) => one.result === 'passed').length.toString()} of ${report.count.toString()} checks passed`,
    ),
    ...(report.machine === null ? [] : programFacts(report.machine)),
  ];
  if (!report.ledger_ok) return stopped('ledger-chain-broken', checks, facts);
  if (report.checks.some((one) => one.result !== 'passed')) return stopped('self-test-failed', checks, facts);
  if (report.machine?.lines.some((one) => one.result === 'failed') === true) return stopped('self-check-failed', checks, facts);
  return report.ok ? open(checks, facts) : stopped('self-test-failed', checks, facts);
}

/** What could not be looked at is amber: neither a pass nor a failure. */
const RESULTS = { ok: 'passed', warn: 'amber', failed: 'failed', 'not-checkable': 'amber' } as const;

function machineChecks({ machine }: FactValue<'self-test'>): EvidenceCheck[] {
  return (machine?.lines ?? []).map((one) => check(one.id, RESULTS[one.result], one.what, one.rests_on));
}

function programFacts({ version, build }: NonNullable<FactValue<'self-test'>['machine']>): EvidenceFact[] {
  return [fact('version', version), ...(build === null ? [] : [fact('build', build, 'hex' as const)])];
}

/** Where we are, whether an API key is kept for it, and whom we believe there. */
export function judgeSignIn({ state, queries, hasToken }: JudgeContext): StepJudgement {
  const row = queries.environment(state.row.environment);
  const { environment, signer } = state.facts;
  if (row === null) return waits();
  const typed = environment?.environment_id === row.environment_id;
  const active = queries.anchors(row.name).filter((one) => one.state === 'active');
  const confirmed = signer !== undefined && active.some((one) => one.fingerprint === signer.fingerprint);
  const accounts = queries.accounts(row.name);
  const host = new URL(row.api).host;
  const checks = [
    check('environment-typed', typed ? 'passed' : 'waits', 'the environment’s name was typed', host),
    check(
      'api-key',
      hasToken ? 'passed' : 'waits',
      'an API key for these hosts is in the keychain',
      hasToken ? 'never shown again' : 'not set',
    ),
    check(
      'signer-compared',
      confirmed ? 'passed' : 'waits',
      'the enclave’s signing key was compared word by word',
      confirmed ? basisWords(signer.basis) : 'two words to enter',
    ),
    accounts.length > 0
      ? check('account-confirmed', 'passed', 'your account with CoinCover is confirmed', accounts.map((one) => one.account_id).join(', '))
      : check('account-confirmed', 'amber', 'your account with CoinCover is not confirmed yet', 'the first key will name it'),
  ];
  const facts = [
    fact('environment', row.name),
    fact('host', host),
    ...(confirmed ? [fact('signer', signer.fingerprint, 'hex' as const)] : []),
  ];
  return typed && hasToken && confirmed ? open(checks, facts) : waits(checks, facts);
}

function basisWords(basis: 'card' | 'practice' | 'earlier'): string {
  if (basis === 'card') return 'against CoinCover’s card';
  return basis === 'practice' ? 'against the practice card' : 'confirmed earlier on this station';
}

/** Whose key, and HOT or COLD: asked, never defaulted, typed. */
export function judgeWallet({ state }: JudgeContext): StepJudgement {
  const { wallet } = state.facts;
  if (wallet === undefined) return waits();
  const organisation = [wallet.customer_name ?? wallet.customer_id, wallet.package_name ?? wallet.package_id].filter((one) => one !== null);
  return open(
    [check('kept-typed', 'passed', `${wallet.key_environment} was chosen and typed`, 'held against the paper order')],
    [
      fact('wallet', wallet.user_identifier),
      fact('kept', `${wallet.key_environment}, as asked for`),
      ...(organisation.length === 0 ? [] : [fact('organisation', organisation.join(', '))]),
    ],
  );
}
