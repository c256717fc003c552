import { z } from 'zod';
import { inputError } from '../values/index.ts';
import { check, environmentName, uuid } from './fields.ts';
import { defineOperation, done, EVERY_ROLE } from './operation.ts';
import { withLedgerForReading } from './station.ts';
import type { AssignmentRow, LedgerQueries } from '../ledger/index.ts';

const backupLine = z.object({
  item_id: z.string(),
  backup_id: z.string().nullable(),
  key_id: z.string(),
  environment: environmentName,
  state: z.enum(['sealed', 'stored', 'refused', 'not-sent', 'unknown', 'sending']),
  name: z.string(),
  stored_at: z.string().nullable(),
  last_check: check.nullable(),
  last_checked_at: z.string().nullable(),
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
          backups: queries.backupLines(input.all).map((line) => ({ ...line, environment: environmentName.parse(line.environment) })),
          assignments: queries
            .assignments()
            .filter((row) => input.all || row.state !== 'assigned')
            .map(assignmentLineOf),
        }),
      ),
    ),
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
    },
  };
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
