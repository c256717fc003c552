import type { CheckResult } from '../ledger/index.ts';
import type { EvidenceCheck } from './evidence.ts';
import type { FactValue } from './facts.ts';
import type { JudgeContext, StepJudgement } from './judgement.ts';
import { check, listed, open, stopped, waits } from './judgement.ts';
import { checksum, wordsOf, worstOf } from './steps-secret.ts';

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

/** Of what kind soever: how documents came, against the lists that came with them. */
export function broughtChecks(brought: FactValue<'brought'>, what: string): { checks: EvidenceCheck[]; problem: string | null } {
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
