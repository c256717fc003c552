import type { CeremonyState } from '../../ceremony/index.ts';
import type { CeremonyEnd, LedgerEvent } from '../../ledger/index.ts';
import { isColdroomError, type ColdroomError } from '../../values/index.ts';
import type { PlannedCeremony } from './plan.ts';
import { planLines } from './plan-lines.ts';
import { keyIdsOf, sealedItems } from './subjects.ts';
import type { OperationContext } from '../context.ts';
import type { Station } from '../station/station.ts';
import { checkpointProblem } from '../station/checkpoint.ts';

/** The event that ends a ceremony. What a report tells of its keys and items is put into it, for they change afterwards and this does not. */
export function endOf(
  context: OperationContext,
  station: Station,
  state: CeremonyState,
  how: CeremonyEnd,
  reason: string | null,
  planned: PlannedCeremony | null,
): LedgerEvent & { type: 'ceremony-ended' } {
  const { queries } = station;
  const environment = queries.environment(state.row.environment);
  const assigned = queries.assignment(state.facts.assignment?.assignment_id ?? '')?.key_id ?? null;
  const items = sealedItems(station, state);
  const keyIds = new Set([...(assigned === null ? [] : [assigned]), ...keyIdsOf(station, state), ...items.map((item) => item.key_id)]);
  const keys = [...keyIds].map((id) => queries.assignedKey(id)).filter((key) => key !== null);
  const { version, sha256 } = context.software?.() ?? { version: 'unknown', sha256: null };
  const summary = {
    software: { version, sha256 },
    host: environment === null ? null : new URL(environment.api).host,
    ...(planned === null
      ? {}
      : {
          plan: {
            lines: planLines(planned).map((line) => ({
              ...line,
              exceptions: line.exceptions.map((one) => ({ ...one, initials: [...one.initials] })),
            })),
          },
        }),
    keys: keys.map((key) => ({
      key_id: key.key_id,
      user_identifier: key.user_identifier,
      key_environment: key.key_environment,
      fingerprint: key.fingerprint,
    })),
    items: items.map((item) => {
      const backup = queries.backupOfItem(item.item_id)?.backup_id ?? null;
      return {
        item_id: item.item_id,
        name: item.name,
        key_id: item.key_id,
        mode: item.mode,
        size_bytes: item.size_bytes,
        ciphertext_sha256: item.ciphertext_sha256,
        state: item.state,
        backup_id: backup,
        last_check: backup === null ? null : (queries.lastVerification('backup', backup)?.result ?? null),
      };
    }),
  };
  return { type: 'ceremony-ended', data: { ceremony_id: state.row.ceremony_id, state: how, reason, summary } };
}

/**
 * A ceremony's end is a checkpoint; after the last open rehearsal its stand-in goes, and with it whatever it could open. The
 * ceremony has ended by now, so what fails here is a problem beside that, not in its place.
 */
export async function afterEnd(context: OperationContext, station: Station, state: CeremonyState): Promise<readonly ColdroomError[]> {
  const problems = [...(await checkpointProblem(station))];
  const isWanted = station.queries.ceremonies().some((one) => one.environment === 'rehearsal' && one.state === 'open');
  // A recovery may be rehearsed after the backup that it is of was closed.
  const isRehearsal = state.row.script === 'rehearsal' || (state.row.script === 'recovery' && state.row.environment === 'rehearsal');
  if (!isRehearsal || isWanted) return problems;
  try {
    await context.rehearsal?.end(station);
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    problems.push(error);
  }
  return problems;
}
