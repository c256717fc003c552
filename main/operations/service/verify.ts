import { z } from 'zod';
import { inputError, isColdroomError, type ColdroomError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { check, uuid } from '../fields.ts';
import { aheadOf, drillMs } from '../ledger/read.ts';
import { defineOperation, NETWORKED } from '../operation.ts';
import { withStation, type Station } from '../station/station.ts';
import { askAbout, checkProblem, type Subject } from './verify-check.ts';
import type { LedgerQueries } from '../../ledger/index.ts';

/** Asks CoinCover again whether it holds keys and backups: a drill. Every answer goes into the ledger. */
export const verify = defineOperation({
  name: 'verify',
  summary: 'ask CoinCover whether it still holds keys and backups',
  roles: NETWORKED,
  input: z.strictObject({
    what: z.discriminatedUnion('which', [
      z.strictObject({ which: z.literal('key'), id: uuid }),
      z.strictObject({ which: z.literal('backup'), id: uuid }),
      z.strictObject({ which: z.literal('due') }),
      z.strictObject({ which: z.literal('all') }),
    ]),
  }),
  output: z.object({ results: z.array(z.object({ id: z.string(), kind: z.enum(['key', 'backup']), check })) }),
  run: (context, input) =>
    withStation(context, 'verify', async (station) => {
      const results: { id: string; kind: 'key' | 'backup'; check: z.output<typeof check> }[] = [];
      const problems: ColdroomError[] = [];
      for (const subject of choose(context, station, input.what)) {
        const { result, problem } = await askOrSayWhyNot(context, station, subject);
        results.push({ id: subject.id, kind: subject.kind, check: result });
        if (problem !== null) problems.push(problem);
      }
      return { output: { results }, problems };
    }),
});

/** What cannot even be asked is unknown, and the others are asked all the same: one answer must not hide another. */
async function askOrSayWhyNot(
  context: OperationContext,
  station: Station,
  subject: Subject,
): Promise<{ result: z.output<typeof check>; problem: ColdroomError | null }> {
  try {
    const result = await askAbout(context, station, subject);
    return { result, problem: checkProblem(subject.kind, subject.id, result) };
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return { result: 'unknown', problem: error };
  }
}

function choose(
  context: OperationContext,
  station: Station,
  what: { which: 'key' | 'backup'; id: string } | { which: 'due' | 'all' },
): Subject[] {
  const { queries } = station;
  switch (what.which) {
    case 'key': {
      const key = queries.assignedKey(what.id);
      if (key === null) throw unknownId('key');
      return [{ kind: 'key', id: what.id, key }];
    }
    case 'backup': {
      const backup = queries.backup(what.id);
      const item = backup === null ? null : queries.item(backup.item_id);
      const key = item === null ? null : queries.assignedKey(item.key_id);
      if (key === null) throw unknownId('backup');
      return [{ kind: 'backup', id: what.id, key }];
    }
    case 'all':
      return everySubject(queries);
    case 'due':
      return everySubject(queries).filter((subject) => isDue(queries, subject, context.clock.now()));
  }
}

function unknownId(kind: string): ColdroomError {
  return inputError(`${kind}-unknown`, `this ledger knows no ${kind} with that id`, { hint: 'see `coldroom ledger list`' });
}

function everySubject(queries: LedgerQueries): Subject[] {
  const keys = new Map(queries.assignedKeys().map((key) => [key.key_id, key]));
  const subjects: Subject[] = [...keys.values()].map((key) => ({ kind: 'key', id: key.key_id, key }));
  for (const backup of queries.backups()) {
    const key = keys.get(queries.item(backup.item_id)?.key_id ?? '');
    if (key !== undefined) subjects.push({ kind: 'backup', id: backup.backup_id, key });
  }
  return subjects;
}

/**
 * A drill is due when the last conclusive check is as old as the environment's interval, or there never was one; and when its time is still
 * to come: a clock that once was years ahead would otherwise put every drill off for years.
 */
function isDue(queries: LedgerQueries, subject: Subject, nowMs: number): boolean {
  const last = queries.lastVerification(subject.kind, subject.id, true);
  if (last === null) return true;
  const at = Date.parse(last.at);
  return at > aheadOf(nowMs) || nowMs - at >= drillMs(queries, subject.key.environment);
}
