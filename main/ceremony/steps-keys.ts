import type { EvidenceCheck } from './evidence.ts';
import type { FactValue } from './facts.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, listed, open, settle, stopped, waits } from './judgement.ts';
import { broughtChecks } from './steps-brought.ts';

/** Several wallets, each HOT or COLD as typed. */
export function judgeWallets({ state }: JudgeContext): StepJudgement {
  const wallets = state.facts.wallets?.wallets ?? [];
  if (wallets.length === 0) return waits();
  return open(
    [check('kept-typed', 'passed', 'HOT or COLD was chosen and typed for every wallet', `${wallets.length.toString()} wallets`)],
    listed(
      wallets.map((one) => ({ name: 'wallet', value: walletWords(one) })),
      'wallets',
    ),
  );
}

/** All that the request for a key will say, so that initials stand for that and nothing else. */
function walletWords(wallet: FactValue<'wallets'>['wallets'][number]): string {
  const organisation = [wallet.customer_id, wallet.customer_name, wallet.package_id, wallet.package_name].filter((one) => one !== null);
  return [wallet.user_identifier, `${wallet.key_environment} as asked for`, wallet.account, ...organisation].join(', ');
}

/** A key for every wallet, judged now, its fingerprint read aloud. */
export function judgeKeys({ state, queries, attestations }: JudgeContext): StepJudgement {
  const wallets = state.facts.wallets?.wallets ?? [];
  if (wallets.length === 0) return waits();
  const rows = wallets.map((one) => (one.assignment_id === null ? null : queries.assignment(one.assignment_id)));
  const assigned = rows.filter((row) => row?.state === 'assigned');
  const line = check(
    'assigned',
    assigned.length === wallets.length ? 'passed' : 'waits',
    'CoinCover assigned a key for every wallet',
    `${assigned.length.toString()} of ${wallets.length.toString()}`,
  );
  const unknown = rows.find((row) => row?.state === 'unknown' || row?.state === 'sending');
  if (unknown !== undefined) return settle('assignment-unknown-outcome', [line]);
  const quarantined = rows.find((row) => row?.state === 'quarantined');
  if (quarantined !== undefined && quarantined !== null) return stopped(quarantined.reason ?? 'signature-invalid', [line]);
  const refused = rows.find((row) => row?.state === 'refused' || row?.state === 'not-sent');
  if (refused !== undefined && refused !== null) return settle(refused.reason ?? 'service-refused', [line]);
  if (assigned.length < wallets.length) return waits([line]);
  const keyIds = assigned.map((row) => row?.key_id ?? '');
  return judgeRead({ state, queries, attestations }, keyIds, [line], false);
}

/** Key packs that were brought: judged from this station's own trust, their words read, HOT or COLD held against the paper order. */
export function judgePacks({ state, queries, attestations }: JudgeContext): StepJudgement {
  const { brought } = state.facts;
  if (brought === undefined || brought.subjects.length === 0) return waits();
  const { checks, problem } = broughtChecks(brought, 'key packs');
  if (problem !== null) return stopped(problem, checks);
  return judgeRead({ state, queries, attestations }, brought.subjects, checks, true);
}

type Several = Pick<JudgeContext, 'state' | 'queries' | 'attestations'>;

/** @param kept whether people must have typed HOT or COLD, as the paper order says, and it is what the key was asked for. */
function judgeRead(
  { state, queries, attestations }: Several,
  keyIds: readonly string[],
  before: EvidenceCheck[],
  kept: boolean,
): StepJudgement {
  const read = state.facts['keys-read']?.keys ?? [];
  const keys = keyIds.map((id) => queries.assignedKey(id)).filter((key) => key !== null);
  const judged = keyIds.map((id) => attestations.get(id));
  const problem = judged.map((one) => one?.problem ?? null).find((one) => one !== null) ?? null;
  const done = keys.filter((key) => read.some((one) => one.key_id === key.key_id && one.fingerprint === key.fingerprint));
  const differs = keys.filter((key) =>
    read.some((one) => one.key_id === key.key_id && one.kept !== null && one.kept !== key.key_environment),
  );
  const typed = kept ? done.filter((key) => read.some((one) => one.key_id === key.key_id && one.kept !== null)) : done;
  const isReady = typed.length === keyIds.length && !judged.includes(undefined);
  const checks = [
    ...before,
    ...mergedChecks(judged.map((one) => one?.checks ?? [NOT_JUDGED])),
    check(
      'words',
      done.length === keyIds.length ? 'passed' : 'waits',
      'every fingerprint was read aloud and matched',
      `${done.length.toString()} of ${keyIds.length.toString()}`,
    ),
    ...(kept
      ? [
          check(
            'kept-order',
            differs.length > 0 ? 'failed' : typed.length === keyIds.length ? 'passed' : 'waits',
            'HOT or COLD is what the paper order says; no signature covers it',
            differs.length > 0 ? `${differs.length.toString()} asked for otherwise` : 'typed from the paper order',
          ),
        ]
      : []),
  ];
  const facts = listed(
    keys.map((key) => ({ name: 'key-fingerprint', value: key.fingerprint, kind: 'hex' as const })),
    'keys',
  );
  if (problem !== null) return stopped(problem, checks, facts);
  if (differs.length > 0) return stopped('kept-differs', checks, facts);
  return isReady ? open(checks, facts) : waits(checks, facts);
}

/** A key that nobody judged is not known to be trusted. */
const NOT_JUDGED = check('signature', 'waits', 'Signed by the enclave', 'not judged');

const WORST: readonly EvidenceCheck['result'][] = ['failed', 'waits', 'amber', 'passed'];

/** The checks of several keys by their ids: the worst result of each, and of how many keys it is. */
function mergedChecks(several: readonly (readonly EvidenceCheck[])[]): EvidenceCheck[] {
  const ids = [...new Set(several.flat().map((one) => one.id))];
  return ids.flatMap((id) => {
    const same = several.flat().filter((one) => one.id === id);
    const result = WORST.find((worst) => same.some((one) => one.result === worst));
    const [shown] = same.filter((one) => one.result === result);
    if (shown === undefined) return [];
    if (several.length === 1) return [shown];
    const number = same.filter((one) => one.result === result).length;
    return [check(id, shown.result, shown.what, `${shown.rests_on} (${number.toString()} of ${several.length.toString()} keys)`)];
  });
}
