import { z } from 'zod';
import { inputError, isoTime } from '../../values/index.ts';
import { DEFAULT_DRILL_DAYS } from '../station/environment.ts';
import { check, environmentName, uuid } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading } from '../station/station.ts';
import type { AssignmentRow, BackupLine, ItemRow, LedgerQueries } from '../../ledger/index.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export const backupLine = z.object({
  item_id: z.string(),
  backup_id: z.string().nullable(),
  key_id: z.string(),
  environment: environmentName,
  state: z.enum(['sealed', 'stored', 'refused', 'not-sent', 'unknown', 'sending']),
  name: z.string(),
  stored_at: z.string().nullable(),
  last_check: check.nullable(),
  last_checked_at: z.string().nullable(),
  wallet: z.string(),
  key_environment: z.string(),
  /** When the next drill is due; null where nothing is stored, or where nobody could be asked any more. */
  drill_due_at: z.string().nullable(),
  reason: z.string().nullable(),
  changed_at: z.string(),
});

const assignmentLine = z.object({
  assignment_id: z.string(),
  environment: environmentName,
  user_identifier: z.string(),
  key_environment: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  key_id: z.string().nullable(),
  changed_at: z.string(),
});

/** The backups that CoinCover holds or may hold; with `all`, everything that was ever sealed, too. */
export const ledgerList = defineOperation({
  name: 'ledger.list',
  summary: 'the backups, those with an unknown outcome among them',
  roles: EVERY_ROLE,
  input: z.strictObject({ all: z.boolean().default(false) }),
  output: z.object({ backups: z.array(backupLine), assignments: z.array(assignmentLine) }),
  run: (context, input) =>
    withLedgerForReading(context, ({ queries }) =>
      Promise.resolve(
        done({
          backups: queries.backupLines(input.all).map((line) => backupLineOf(queries, line, context.clock.now())),
          assignments: queries
            .assignments()
            .filter((row) => input.all || row.state !== 'assigned')
            .map(assignmentLineOf),
        }),
      ),
    ),
});

/** A line as it is shown, with when its next drill is due. */
export function backupLineOf(
  queries: LedgerQueries,
  { last_conclusive_at: checkedAt, ...line }: BackupLine,
  nowMs: number,
): z.input<typeof backupLine> {
  return { ...line, environment: environmentName.parse(line.environment), drill_due_at: drillDue(queries, line, checkedAt, nowMs) };
}

/** The environment's interval after the last conclusive check, or at once where there was none. A rehearsal's stand-in is gone by then. */
function drillDue(
  queries: LedgerQueries,
  line: { state: string; environment: string; stored_at: string | null },
  checkedAt: string | null,
  nowMs: number,
): string | null {
  if (line.state !== 'stored' || line.environment === 'rehearsal') return null;
  if (checkedAt === null) return line.stored_at;
  if (Date.parse(checkedAt) > aheadOf(nowMs)) return isoTime(nowMs);
  return isoTime(Date.parse(checkedAt) + drillMs(queries, line.environment));
}

/** Clocks drift by minutes, and are corrected. */
const AHEAD_MS = DAY_MS;

/**
 * What is dated later than this was written while the clock was wrong: when, nobody knows, and it puts no drill off.
 * @param nowMs this machine's time.
 */
export const aheadOf = (nowMs: number): number => nowMs + AHEAD_MS;

/** How long after a conclusive check the next drill is due. */
export function drillMs(queries: LedgerQueries, environment: string): number {
  return (queries.environment(environment)?.drill_days ?? DEFAULT_DRILL_DAYS) * DAY_MS;
}

/** Where the chain ends now, for a screen's foot. */
export const ledgerHead = defineOperation({
  name: 'ledger.head',
  summary: 'where the ledger’s chain ends',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: z.object({ seq: z.number(), head: z.string() }),
  run: (context) =>
    withLedgerForReading(context, ({ ledger }) => {
      const { seq, head } = ledger.head();
      return Promise.resolve(done({ seq, head }));
    }),
});

/** Of a process that is still waiting nobody else can say more than "unknown". */
function assignmentLineOf(row: AssignmentRow): z.output<typeof assignmentLine> {
  return {
    assignment_id: row.assignment_id,
    environment: environmentName.parse(row.environment),
    user_identifier: row.user_identifier,
    key_environment: row.key_environment,
    state: row.state === 'sending' ? 'unknown' : row.state,
    reason: row.reason,
    key_id: row.key_id,
    changed_at: row.changed_at,
  };
}

/**
 * All that the ledger has on one id: an item, a backup, a key, a document or an assignment, with its history. The checksum
 * of a `direct` item would help to guess a weak secret, so only whether CoinCover's matched is shown.
 */
export const ledgerShow = defineOperation({
  name: 'ledger.show',
  summary: 'all that the ledger has on one id',
  roles: EVERY_ROLE,
  input: z.strictObject({ id: uuid }),
  output: z.object({ what: z.enum(['item', 'key', 'document', 'assignment']), facts: z.record(z.string(), z.unknown()) }),
  run: (context, input) =>
    withLedgerForReading(context, ({ queries }) => {
      const found =
        showItem(queries, input.id) ?? showKey(queries, input.id) ?? showDocument(queries, input.id) ?? showAssignment(queries, input.id);
      if (found === null)
        throw inputError('id-unknown', 'this ledger knows nothing by that id', { hint: 'see `coldroom ledger list --all`' });
      return Promise.resolve(done(found));
    }),
});

type Shown = { what: 'item' | 'key' | 'document' | 'assignment'; facts: Record<string, unknown> };

function showItem(queries: LedgerQueries, id: string): Shown | null {
  const item = queries.item(id) ?? queries.item(queries.backup(id)?.item_id ?? '');
  if (item === null) return null;
  const backup = queries.backupOfItem(item.item_id);
  const returned = backup?.returned_checksum?.toLowerCase() ?? null;
  return {
    what: 'item',
    facts: {
      ...without(item, 'checksum', 'answer_base64'),
      state: item.state === 'sending' ? 'unknown' : item.state,
      checksum: item.checksum === null || returned === null ? null : returned === item.checksum ? 'matches' : 'differs',
      backup: backup === null ? null : without(backup, 'returned_checksum'),
      checks: backup === null ? [] : queries.verifications('backup', backup.backup_id),
      key: keyFacts(queries, item.key_id),
      history: historyOf(queries, item),
    },
  };
}

function keyFacts(queries: LedgerQueries, keyId: string): Record<string, unknown> | null {
  const key = queries.assignedKey(keyId);
  return key === null ? null : { ...without(key, 'public_key'), checks: queries.verifications('key', keyId) };
}

/** What became of an item, oldest first, each with the event that says so. */
function historyOf(queries: LedgerQueries, item: ItemRow): { at: string; what: string; detail: string; event: number }[] {
  return queries.itemHistory(item).map(({ event_seq: event, ...line }) => ({ ...line, event }));
}

function without(facts: object, ...members: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([member]) => !members.includes(member)));
}

function showKey(queries: LedgerQueries, id: string): Shown | null {
  const key = queries.assignedKey(id);
  return key === null ? null : { what: 'key', facts: { ...key, checks: queries.verifications('key', id) } };
}

function showDocument(queries: LedgerQueries, id: string): Shown | null {
  const row = queries.document(id);
  return row === null ? null : { what: 'document', facts: { ...row } };
}

function showAssignment(queries: LedgerQueries, id: string): Shown | null {
  const row = queries.assignment(id);
  if (row === null) return null;
  return { what: 'assignment', facts: { ...assignmentLineOf(row), answer_status: row.answer_status, account: row.account } };
}
