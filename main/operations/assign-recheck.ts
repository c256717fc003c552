import { z } from 'zod';
import type { CoinCoverClient } from '../coincover/index.ts';
import { checkNewFile, writeNewFile } from '../files/index.ts';
import { takeLock } from '../ledger/index.ts';
import { inputError, unreachableError, type Uuid } from '../values/index.ts';
import { concludeAssignment, requireAssignment, type AssignmentOutput } from './assignment.ts';
import { clientFor } from './client.ts';
import type { OperationContext } from './context.ts';
import { accountKind, keyEnvironment, outputPath, uuid } from './fields.ts';
import { homePaths } from './home.ts';
import { done, type Outcome } from './operation.ts';
import { withStation, type Station } from './station.ts';
import type { AssignmentRow } from '../ledger/index.ts';

export const recheckInput = z.strictObject({ recheck: uuid, out: outputPath });

/**
 * Judges the kept answer of a quarantined assignment again, for instance after people confirmed a new signing key or their
 * account. Nothing is sent to the service but, where a rotation could explain the failure, one look at its signing keys.
 */
export function assignRecheck(context: OperationContext, input: z.output<typeof recheckInput>): Promise<Outcome<AssignmentOutput>> {
  return withStation(context, 'assign.recheck', async (station) => {
    await checkNewFile(input.out);
    const row = settleDeadAssignment(context, station, requireAssignment(station, input.recheck));
    switch (row.state) {
      case 'quarantined':
        return concludeAssignment(context, station, row, input.out, await clientOf(context, station, row));
      case 'assigned':
        return writeAgain(station, row, input.out);
      case 'unknown':
        throw unreachableError(
          'assignment-unknown-outcome',
          'no trustworthy answer to this assignment ever came, so there is nothing to judge',
          {
            hint: 'ask CoinCover whether it assigned a key, or assign for another user_identifier',
          },
        );
      case 'sending':
        throw unreachableError('assignment-under-way', 'another process is waiting for the answer to this assignment', {
          hint: 'wait for it to end',
        });
      case 'refused':
      case 'not-sent':
        throw inputError('assignment-not-answered', `this assignment ended ${row.state}: there is no key to judge`, {
          hint: 'assign again',
        });
    }
  });
}

/** Null where the environment's hosts are others now: the kept answer is then judged with what is kept alone. */
async function clientOf(context: OperationContext, station: Station, row: AssignmentRow): Promise<CoinCoverClient | null> {
  const environment = station.queries.environment(row.environment);
  if (environment?.environment_id !== row.environment_id) return null;
  return clientFor(context, environment, accountKind.parse(row.account), null);
}

async function writeAgain(station: Station, row: AssignmentRow, out: string): Promise<Outcome<AssignmentOutput>> {
  const key = row.key_id === null ? null : station.queries.assignedKey(row.key_id);
  const text = key === null ? null : station.queries.documentText(key.document_id);
  if (key === null || text === null)
    throw inputError('ledger-damaged', 'the key pack of this assignment is not in the ledger', { hint: 'run `ledger check`' });
  await writeNewFile(out, Buffer.from(text, 'utf8'));
  return done({
    assignment_id: row.assignment_id as Uuid,
    state: 'assigned',
    key_id: key.key_id,
    fingerprint: key.fingerprint,
    key_environment: keyEnvironment.parse(row.key_environment),
    file: out,
    checks: [],
  });
}

/**
 * An assignment still `sending` whose process is gone: it becomes `quarantined` when its answer was kept (the answer can be
 * judged), else `unknown`.
 */
function settleDeadAssignment(context: OperationContext, station: Station, row: AssignmentRow): AssignmentRow {
  if (row.state !== 'sending') return row;
  const release = takeLock(homePaths(context.home).lock(`assign-${row.assignment_id}`), 0);
  if (release === null) return row;
  try {
    const answered = row.answer_outcome === 'answer' && row.answer_status !== null && row.answer_status >= 200 && row.answer_status < 300;
    station.ledger.append({
      type: 'assignment-ended',
      data: { assignment_id: row.assignment_id, state: answered ? 'quarantined' : 'unknown', reason: 'process-died' },
    });
    return requireAssignment(station, row.assignment_id);
  } finally {
    release();
  }
}
