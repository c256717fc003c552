import type { CheckResult } from '../ledger/index.ts';
import { sha256, canonicalJson } from '../values/index.ts';
import type { EvidenceCheck, EvidenceFact } from './evidence.ts';
import type { FactValue } from './facts.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, fact, open, settle, stopped, waits } from './judgement.ts';
import { checksum, wordsOf, worstOf } from './steps-secret.ts';

/** More keys or items than this are shown as a count and a digest of their list. */
const NAMED = 8;

/** Whether this machine could reach a network, by what was seen of it, and what the policy makes of that. */
export function judgeNetworkStep({ state }: JudgeContext): StepJudgement {
  const { network } = state.facts;
  if (network === undefined) return waits();
  const seen = network.reasons.length === 0 ? 'no interface is up, no route leads out' : network.reasons.join(', ');
  const checks = [
    check(
      'network-gate',
      network.gate === 'clear' ? 'passed' : network.gate === 'warn' ? 'amber' : 'failed',
      'this machine is off every network',
      seen,
    ),
    check(
      'network-policy',
      'passed',
      'what a live network means on this station',
      network.policy === 'stop' ? 'it stops the ceremony' : 'it is shown',
    ),
  ];
  const facts = [fact('network', seen)];
  if (network.gate !== 'stop') return open(checks, facts);
  const { override } = network;
  if (override === null) return stopped('network-live', checks, facts);
  return open([...checks, check('network-override', 'amber', 'two people go on all the same', override.initials.join(' and '))], facts);
}

/** Whom a cold station believes: its own anchors, compared with CoinCover's card. */
export function judgeSigner({ state, queries }: JudgeContext): StepJudgement {
  const { environment, signer } = state.facts;
  const typed = environment?.name === state.row.environment;
  const active = queries.anchors(state.row.environment).filter((one) => one.state === 'active');
  const confirmed = signer !== undefined && active.some((one) => one.fingerprint === signer.fingerprint);
  const checks = [
    check('environment-typed', typed ? 'passed' : 'waits', 'the environment’s name was typed', state.row.environment),
    check(
      'signer-compared',
      confirmed ? 'passed' : 'waits',
      'the enclave’s signing key was compared word by word',
      confirmed ? (signer.basis === 'earlier' ? 'confirmed earlier on this station' : 'against CoinCover’s card') : 'two words to enter',
    ),
  ];
  return typed && confirmed
    ? open(checks, [fact('environment', state.row.environment), fact('signer', signer.fingerprint, 'hex')])
    : waits(checks);
}

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

/** Sealed items that were brought, of keys that this station had assigned. */
export function judgeItems({ state, queries, attestations }: JudgeContext): StepJudgement {
  const { brought } = state.facts;
  if (brought === undefined || brought.subjects.length === 0) return waits();
  const { checks, problem } = broughtChecks(brought, 'sealed items');
  if (problem !== null) return stopped(problem, checks);
  const items = brought.subjects.map((id) => queries.item(id)).filter((item) => item !== null);
  const judged = [...new Set(items.map((item) => item.key_id))].map((id) => attestations.get(id));
  const bad = judged.map((one) => one?.problem ?? null).find((one) => one !== null);
  const all = judged.length > 0 && items.length === brought.subjects.length && !judged.includes(undefined);
  const facts = listed(
    items.map((item) => ({ name: 'sealed-item', value: `${item.name}, ${item.size_bytes.toString()} bytes, ${item.mode}` })),
    'files',
  );
  const shown = [
    ...checks,
    check(
      'keys-still-trusted',
      bad !== undefined ? 'failed' : all ? 'passed' : 'waits',
      'the keys they were sealed for are trusted now',
      bad ?? (all ? 'judged again' : 'not every one was judged'),
    ),
  ];
  if (bad !== undefined) return stopped(bad, shown, facts);
  return all ? open(shown, facts) : waits(shown, facts);
}

/** Receipts that were brought home: what CoinCover holds is what was sealed here. */
export function judgeReceipts({ state, queries }: JudgeContext): StepJudgement {
  const { brought } = state.facts;
  if (brought === undefined || brought.subjects.length === 0) return waits();
  const { checks, problem } = broughtChecks(brought, 'receipts');
  if (problem !== null) return stopped(problem, checks);
  const items = brought.subjects.map((id) => queries.item(id)).filter((item) => item !== null);
  const backups = items.map((item) => queries.backupOfItem(item.item_id));
  const home = items.length === brought.subjects.length && !backups.includes(null);
  const checksums = items.map((item) => checksum(queries, item));
  const wrong = checksums.filter((one) => one === 'differs').length;
  const compared = checksums.filter((one) => one === 'matches').length;
  const key = worstOf([...new Set(items.map((item) => item.key_id))].map((id) => queries.lastVerification('key', id)?.result ?? 'unknown'));
  const backup = worstOf(backups.map((one) => queries.lastVerification('backup', one?.backup_id ?? '')?.result ?? 'unknown'));
  const all = [
    ...checks,
    check(
      'receipt-key',
      home ? 'passed' : 'waits',
      'key and ciphertext are those that were sealed here',
      home ? `${items.length.toString()} receipts` : 'not every receipt is kept here',
    ),
    check(
      'receipt-checksum',
      wrong > 0 ? 'failed' : home && compared === items.length ? 'passed' : 'amber',
      'the checksums are those of what was sealed here',
      wrong > 0
        ? `${wrong.toString()} differ`
        : `${compared.toString()} of ${items.length.toString()} compared; envelopes come back without one`,
    ),
    sizeCheck(items.map((item, index) => isSizeOf(item, backups[index]?.data_size ?? null))),
    check('key-valid', receiptResult(key), 'CoinCover held the keys when it was asked', wordsOf(key)),
    check('backup-valid', receiptResult(backup), 'CoinCover held every backup when it was asked', wordsOf(backup)),
  ];
  const facts = listed(
    backups.map((one) => ({ name: 'backup-id', value: one?.backup_id ?? '', kind: 'id' as const })),
    'backups',
  );
  if (wrong > 0) return stopped('checksum-differs', all, facts);
  if (key === 'invalid') return stopped('key-invalid', all, facts);
  if (backup === 'invalid') return stopped('backup-invalid', all, facts);
  return home ? open(all, facts) : waits(all, facts);
}

/** A cold station cannot ask again: what nobody knows is named in amber, and only a plain yes passes. */
function receiptResult(result: CheckResult): EvidenceCheck['result'] {
  return result === 'valid' ? 'passed' : result === 'invalid' ? 'failed' : 'amber';
}

/** One RSA-4096 block. */
const BLOCK_BYTES = 512;
/** What an envelope adds to its content is less. */
const ENVELOPE_BYTES = 2048;

/** Whether what the service counted can be this item: its content, or what was sent; null where it counted nothing. */
function isSizeOf(item: { mode: string; size_bytes: number }, dataSize: number | null): boolean | null {
  if (dataSize === null) return null;
  if (dataSize === item.size_bytes) return true;
  if (!item.mode.startsWith('envelope')) return dataSize === BLOCK_BYTES;
  return dataSize > item.size_bytes && dataSize <= item.size_bytes + ENVELOPE_BYTES;
}

/** A size that does not fit, and one that nobody said, are told in amber. */
function sizeCheck(sizes: readonly (boolean | null)[]): EvidenceCheck {
  const what = 'the sizes are those of what was sealed here';
  const odd = sizes.filter((one) => one === false).length;
  if (odd > 0) return check('receipt-size', 'amber', what, `${odd.toString()} differ; the service does not say which bytes it counts`);
  const said = sizes.filter((one) => one !== null).length;
  if (said > 0 && said === sizes.length) return check('receipt-size', 'passed', what, 'none differs');
  return check(
    'receipt-size',
    'amber',
    what,
    `${said.toString()} of ${sizes.length.toString()} compared; the service gave no size of the rest`,
  );
}

/** What went onto the stick or over the screen, with the digest of its list to read aloud. */
export function judgeCarry({ state }: JudgeContext): StepJudgement {
  const { carried } = state.facts;
  if (carried === undefined) return waits();
  const medium = carried.via === 'medium';
  return open(
    [
      check(
        'carried',
        medium ? 'passed' : 'amber',
        'the documents for the other station were handed over',
        medium
          ? `${carried.documents.toString()} documents, written, flushed and read back`
          : `${carried.documents.toString()} documents, shown as codes`,
      ),
    ],
    [
      fact('documents', carried.documents.toString()),
      ...(carried.list_sha256 === null ? [] : [fact('carry-list', carried.list_sha256, 'hex' as const)]),
    ],
  );
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

function broughtChecks(brought: FactValue<'brought'>, what: string): { checks: EvidenceCheck[]; problem: string | null } {
  const missing = brought.lists.reduce((sum, one) => sum + one.missing, 0);
  const extra = brought.lists.length === 0 ? 0 : brought.unlisted;
  const checks = [
    check(
      'brought',
      brought.refused === 0 ? 'passed' : 'failed',
      `${what} of a paired station, unchanged and new`,
      `${brought.subjects.length.toString()} taken in, ${brought.refused.toString()} refused`,
    ),
    brought.lists.length === 0
      ? check('carry-list', 'amber', 'nothing missing, nothing added on the way', 'no carry list came with them')
      : check(
          'carry-list',
          missing + extra === 0 ? 'passed' : 'failed',
          'nothing missing, nothing added on the way',
          `${missing.toString()} missing, ${extra.toString()} extra`,
        ),
  ];
  const problem = brought.refused > 0 ? 'brought-refused' : missing > 0 ? 'carry-missing' : extra > 0 ? 'carry-extra' : null;
  return { checks, problem };
}

/** A few are named; many are a count and the digest of their list. */
function listed(lines: readonly { name: string; value: string; kind?: EvidenceFact['kind'] }[], what: string): EvidenceFact[] {
  if (lines.length <= NAMED) return lines.map(({ name, value, kind }) => fact(name, value, kind));
  return [fact(what, lines.length.toString()), fact(`${what}-list`, sha256(canonicalJson(lines.map((one) => one.value))), 'hex')];
}
