import { z } from 'zod';
import { BACKUP_FILTERS, type DueBefore, type LedgerQueries } from '../../ledger/index.ts';
import { isoTime } from '../../values/index.ts';
import { aheadOf, backupLine, backupLineOf, drillMs } from './read.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading } from '../station/station.ts';

const MAX_LINES = 500;
const count = z.number().int().nonnegative();

/**
 * Some of the backups, as a window shows them: it never holds all of them. Every item is in it, never sent ones too. The counts are
 * of all lines, whatever is searched for; a window that only scrolls on, or searches, asks for none.
 */
export const ledgerPage = defineOperation({
  name: 'ledger.page',
  summary: 'some of the backups that fit a search and a filter, newest first, and how many there are',
  roles: EVERY_ROLE,
  input: z.strictObject({
    /** In wallet, key ID, backup ID and name, however it is spelt. */
    search: z.string().max(200).default(''),
    filter: z.enum(BACKUP_FILTERS).default('all'),
    offset: count.default(0),
    limit: z.number().int().min(1).max(MAX_LINES).default(100),
    /** `found`: how many fit. `all`: the counts of every filter, too. */
    count: z.enum(['nothing', 'found', 'all']).default('all'),
  }),
  output: z.object({
    lines: z.array(backupLine),
    /** How many fit search and filter; null where nothing was to be counted. */
    total: count.nullable(),
    counts: z
      .object({
        filters: z.object({ all: count, settle: count, invalid: count, due: count, cold: count }),
        wallets: count,
        /** When a drill is next due; what was never checked is due already and not meant. Null where nothing is stored. */
        next_due_at: z.string().nullable(),
      })
      .nullable(),
  }),
  run: (context, input) =>
    withLedgerForReading(context, ({ queries }) => {
      const dueBefore = dueBeforeOf(queries, context.clock.now());
      const { lines, total } = queries.backupPage({ ...input, dueBefore, total: input.count !== 'nothing' });
      return Promise.resolve(
        done({
          lines: lines.map((line) => backupLineOf(queries, line, context.clock.now())),
          total,
          counts: input.count === 'all' ? countsOf(queries, dueBefore) : null,
        }),
      );
    }),
});

/** What was checked then or earlier is due now, by each environment's own interval; and what no clock that is right has dated. */
function dueBeforeOf(queries: LedgerQueries, nowMs: number): DueBefore {
  const before = (environment: string): string => isoTime(nowMs - drillMs(queries, environment));
  return { production: before('production'), sandbox: before('sandbox'), custom: before('custom'), ahead: isoTime(aheadOf(nowMs)) };
}

function countsOf(queries: LedgerQueries, dueBefore: DueBefore) {
  const { filters, wallets, oldest } = queries.backupCounts(dueBefore);
  const [next = null] = oldest
    .filter(({ environment }) => environment !== 'rehearsal')
    .map(({ environment, checked_at: at }) => isoTime(Date.parse(at) + drillMs(queries, environment)))
    .toSorted();
  return { filters, wallets, next_due_at: next };
}
