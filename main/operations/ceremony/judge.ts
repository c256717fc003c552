import { judgeKeyPackAge } from '../../attestation/index.ts';
import { judgeSteps, rulesOf, type Attestation, type CeremonyState } from '../../ceremony/index.ts';
import type { AssignedKeyRow } from '../../ledger/index.ts';
import { ColdroomError } from '../../values/index.ts';
import { plannedOf } from './plan.ts';
import { keyIdsOf } from './subjects.ts';
import type { OperationContext } from '../context.ts';
import { judgeKeptKey, readKeptKeyPack } from '../documents/key-pack.ts';
import type { Station } from '../station/station.ts';

/** The steps judged now: what a sign-off is held against. */
export async function judgeNow(context: OperationContext, station: Station, state: CeremonyState) {
  const { queries } = station;
  const environment = queries.environment(state.row.environment);
  const token = environment === null ? null : await station.token(environment.environment_id);
  const hasToken = token !== null;
  const attestations = attestationsOf(context, station, state);
  const planned = await plannedOf(station, state);
  return { hasToken, attestations, planned, ...judgeSteps({ state, queries, hasToken, attestations, plan: planned?.view ?? null }) };
}

/**
 * The ceremony's keys judged again: an anchor revoked since, or hosts changed, show at once. They are the one that was assigned, those
 * whose words are read, and those that brought items were sealed for.
 */
function attestationsOf(context: OperationContext, station: Station, state: CeremonyState): Map<string, Attestation> {
  const { brought } = state.facts;
  const ofItems = (brought?.subjects ?? []).map((id) => station.queries.item(id)?.key_id ?? null).filter((id) => id !== null);
  const assigned = station.queries.assignment(state.facts.assignment?.assignment_id ?? '')?.key_id ?? '';
  const ids = new Set([assigned, ...keyIdsOf(station, state), ...ofItems]);
  const keys = [...ids].map((id) => station.queries.assignedKey(id)).filter((key) => key !== null);
  return new Map(keys.map((key) => [key.key_id, attest(context, station, state, key)]));
}

function attest(context: OperationContext, station: Station, state: CeremonyState, key: AssignedKeyRow): Attestation {
  try {
    const { checks } = judgeKeptKey(context, station, key);
    const shown = checks.map((one) => ({ id: one.id, result: one.result, what: one.what, rests_on: one.restsOn }));
    return { checks: station.role === 'cold' ? [...shown, ageCheck(context, station, state, key)] : shown, problem: null };
  } catch (error) {
    if (!(error instanceof ColdroomError)) throw error;
    return {
      checks: [{ id: 'signature', result: 'failed', what: 'the key is no longer trusted', rests_on: error.code }],
      problem: error.code,
    };
  }
}

/** A cold station cannot hear of a revocation, so the list's age is judged whenever it is looked at, by the witnessed clock. */
function ageCheck(context: OperationContext, station: Station, state: CeremonyState, key: AssignedKeyRow): Attestation['checks'][number] {
  const offsetMs = (state.facts.clock?.offset_seconds ?? 0) * 1000;
  const { jwks_fetched_at: fetchedAt } = readKeptKeyPack(station, key).document.body;
  const age = judgeKeyPackAge({
    jwksFetchedAtMs: Date.parse(fetchedAt),
    nowMs: context.clock.now() + offsetMs,
    limitDays: rulesOf(state).key_pack_limit_days,
  });
  return {
    id: 'key-pack-age',
    result: age === 'fresh' ? 'passed' : 'amber',
    what: 'the list of signing keys is recent: a revocation since then is not known here',
    rests_on:
      age === 'fresh'
        ? `fetched ${fetchedAt.slice(0, 10)}`
        : `fetched ${fetchedAt.slice(0, 10)}, more than 7 days ago or ahead of this clock`,
  };
}
