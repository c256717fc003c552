import { z } from 'zod';
import { checkNewFile } from '../../files/index.ts';
import { takeLock } from '../../ledger/index.ts';
import { inputError, unreachableError, type Uuid } from '../../values/index.ts';
import { concludeAssignment, failed, requireAssignment, type AssignmentOutput } from './assignment.ts';
import { clientOfAnswer } from './client.ts';
import type { OperationContext } from '../context.ts';
import { keyEnvironment, outputPath } from '../fields.ts';
import { homePaths } from '../station/home.ts';
import { writeKeyPackAgain } from '../documents/key-pack-again.ts';
import type { Outcome } from '../operation.ts';
import { withStation, type Station } from '../station/station.ts';
import type { AssignmentRow } from '../../ledger/index.ts';

export const recheckInput = z.strictObject({
  /** Of an assignment; or of a key, whose key pack is then written again. */
  recheck: z.string().min(1).max(200),
  out: outputPath,
});

type RecheckInput = { recheck: string; out: string | null };

/**
 * Judges the kept answer of a quarantined assignment again, for instance after people confirmed a new signing key or their
 * account. Nothing is sent to the service but one look at its signing keys, where a rotation or an unreadable list could explain
 * the failure, or where a key pack that is to be written again must be made anew.
 */
export function assignRecheck(context: OperationContext, input: z.output<typeof recheckInput>): Promise<Outcome<AssignmentOutput>> {
  return withStation(context, 'assign.recheck', async (station) => {
    return recheckAt(context, station, input);
  });
}

/** As {@link assignRecheck}, at a station that is open; `out` null leaves the key pack in the ledger alone. */
export async function recheckAt(context: OperationContext, station: Station, input: RecheckInput): Promise<Outcome<AssignmentOutput>> {
  if (input.out !== null) await checkNewFile(input.out);
  const known = station.queries.assignment(input.recheck);
  if (known === null && station.queries.assignedKey(input.recheck) !== null)
    return assignedAlready(context, station, input.recheck, null, input.out);
  requireAssignment(station, input.recheck);
  // Held to the end, so that of two rechecks the second sees what the first came to.
  const release = takeLock(homePaths(context.home).lock(`assign-${input.recheck}`), 0);
  if (release === null) {
    throw unreachableError('assignment-under-way', 'another process is at work on this assignment', { hint: 'wait for it to end' });
  }
  try {
    return await recheckUnderLock(context, station, input);
  } finally {
    release();
  }
}

async function recheckUnderLock(context: OperationContext, station: Station, input: RecheckInput): Promise<Outcome<AssignmentOutput>> {
  const row = settleDeadAssignment(station, requireAssignment(station, input.recheck));
  const id = row.assignment_id as Uuid;
  const asked = keyEnvironment.parse(row.key_environment);
  switch (row.state) {
    case 'quarantined':
      return concludeAssignment(context, station, row, input.out, clientOfAnswer(context, station, row));
    case 'assigned':
      return assignedAlready(context, station, row.key_id, id, input.out);
    case 'unknown':
      return failed(
        id,
        'unknown',
        asked,
        unreachableError('assignment-unknown-outcome', 'no trustworthy answer to this assignment ever came, so there is nothing to judge', {
          hint: 'ask CoinCover whether it assigned a key, or assign for another user_identifier',
        }),
      );
    case 'sending':
    case 'refused':
    case 'not-sent':
      return failed(
        id,
        row.state === 'refused' ? 'refused' : 'not-sent',
        asked,
        inputError('assignment-not-answered', `this assignment ended ${row.state}: there is no key to judge`, { hint: 'assign again' }),
      );
  }
}

/** A key that is assigned, with its key pack written once more where a file is asked for. */
async function assignedAlready(
  context: OperationContext,
  station: Station,
  keyId: string | null,
  id: Uuid | null,
  out: string | null,
): Promise<Outcome<AssignmentOutput>> {
  const key = keyId === null ? null : station.queries.assignedKey(keyId);
  if (key === null) throw inputError('ledger-damaged', 'the key of this assignment is not in the ledger', { hint: 'run `ledger check`' });
  const problem = out === null ? null : await writeKeyPackAgain(context, station, key, out);
  return {
    output: {
      assignment_id: id,
      state: 'assigned',
      key_id: key.key_id,
      fingerprint: key.fingerprint,
      key_environment: keyEnvironment.parse(key.key_environment),
      file: problem === null ? out : null,
      checks: [],
    },
    problems: problem === null ? [] : [problem],
  };
}

/**
 * An assignment still `sending` whose lock is free was left so by a process that died: it becomes `quarantined` when a whole
 * answer was kept (which can be judged), else `unknown`. The caller holds the lock.
 */
function settleDeadAssignment(station: Station, row: AssignmentRow): AssignmentRow {
  if (row.state !== 'sending') return row;
  const answered = row.answer_outcome === 'answer' && row.answer_status !== null && row.answer_status >= 200 && row.answer_status < 300;
  station.ledger.append({
    type: 'assignment-ended',
    data: { assignment_id: row.assignment_id, state: answered ? 'quarantined' : 'unknown', reason: 'process-died' },
  });
  return requireAssignment(station, row.assignment_id);
}
