import { z } from 'zod';
import { parseAssignmentResponse } from '../attestation/index.ts';
import { CHECKLIST, judgeSteps, readCeremony, type CeremonyState, type Evidence, type StepView } from '../ceremony/index.ts';
import type { AssignmentRow, LedgerQueries } from '../ledger/index.ts';
import { chooseMode, checkModeHolds, SEALED_BYTES_LIMIT, type Mode } from '../sealing/index.ts';
import { ColdroomError, decodeBase64, fingerprintWords, isSha256, type Fingerprint } from '../values/index.ts';
import type { OperationContext } from './context.ts';
import { check, environmentName, fingerprint, uuid } from './fields.ts';
import { judgeKeptKey } from './key-pack.ts';
import type { Station } from './station.ts';

const MODES: readonly Mode[] = ['direct', 'passphrase', 'envelope', 'envelope+passphrase'];

const evidenceCheck = z.object({
  id: z.string(),
  result: z.enum(['passed', 'amber', 'failed', 'waits']),
  what: z.string(),
  rests_on: z.string(),
});
const evidenceFact = z.object({ name: z.string(), value: z.string(), kind: z.enum(['text', 'id', 'hex', 'time']) });
const signOff = z.object({ role: z.enum(['administrator', 'witness']), initials: z.string(), at: z.string() });
const words = z.object({ fingerprint, words: z.array(z.string()) });

/** One ceremony as a screen shows it: nothing in it is secret, and no path is. */
export const ceremonyView = z.object({
  ceremony_id: uuid,
  number: z.number(),
  script: z.string(),
  environment: environmentName,
  host: z.string().nullable(),
  /** A rehearsal against the stand-in inside this app, not one that runs elsewhere on this machine. */
  built_in: z.boolean(),
  state: z.enum(['open', 'closed', 'escalated']),
  reason: z.string().nullable(),
  begun_at: z.string(),
  ended_at: z.string().nullable(),
  steps: z.array(z.object({ id: z.string(), number: z.number(), status: z.enum(['done', 'now', 'locked']), signed: z.array(signOff) })),
  /** The step that is lit; null once the ceremony has ended. */
  now: z
    .object({
      step: z.string(),
      gate: z.enum(['waits', 'open', 'stopped', 'settle']),
      problem: z.string().nullable(),
      checks: z.array(evidenceCheck),
      facts: z.array(evidenceFact),
      evidence_sha256: z.string(),
    })
    .nullable(),
  gathered: z.array(evidenceFact),
  exceptions: z.array(z.object({ step: z.string(), text: z.string(), initials: z.string().nullable(), at: z.string() })),
  people: z.array(z.object({ name: z.string(), initials: z.string(), role: z.enum(['administrator', 'witness']) })),
  place: z.string().nullable(),
  has_token: z.boolean(),
  environment_typed: z.boolean(),
  anchors: z.array(words.extend({ changed_at: z.string() })),
  accounts: z.array(z.string()),
  wallet: z
    .object({
      user_identifier: z.string(),
      account: z.enum(['institution', 'partner']),
      customer_id: z.string().nullable(),
      customer_name: z.string().nullable(),
      package_id: z.string().nullable(),
      package_name: z.string().nullable(),
      key_environment: z.enum(['HOT', 'COLD']),
    })
    .nullable(),
  assignment: z
    .object({
      assignment_id: uuid,
      state: z.enum(['assigned', 'refused', 'not-sent', 'unknown', 'quarantined']),
      key: words.extend({ key_id: z.string() }).nullable(),
      /** Who the enclave says pulled the key: what people have to confirm when no account is confirmed. */
      account_seen: z.string().nullable(),
    })
    .nullable(),
  files: z.array(
    z.object({
      item_id: uuid,
      name: z.string(),
      size_bytes: z.number(),
      recommended: z.string(),
      state: z.enum(['chosen', 'sealed', 'stored', 'refused', 'not-sent', 'unknown']),
      mode: z.string().nullable(),
      reason: z.string().nullable(),
      backup_id: z.string().nullable(),
      backup_check: check.nullable(),
    }),
  ),
  /** The modes that hold every chosen file. */
  modes: z.array(z.string()),
  limit_bytes: z.number(),
  key_check: check.nullable(),
  checklist: z.array(z.object({ id: z.string(), must: z.boolean(), yes: z.boolean().nullable() })),
  head: z.object({ seq: z.number(), head: z.string() }),
});

export type CeremonyView = z.output<typeof ceremonyView>;

/** Everything a screen shows of one ceremony, from the ledger, with the assigned key judged again. */
export async function viewCeremony(context: OperationContext, station: Station, id: string): Promise<CeremonyView> {
  const state = readCeremony(station.queries, id);
  const judged = await judgeNow(context, station, state);
  const { queries } = station;
  const { row, facts } = state;
  const environment = queries.environment(row.environment);
  const { seq, head } = station.ledger.head();
  return {
    ceremony_id: row.ceremony_id,
    number: row.number,
    script: row.script,
    environment: environmentName.parse(row.environment),
    host: environment === null ? null : new URL(environment.api).host,
    built_in: environment !== null && context.rehearsal?.runsAt(environment.api) === true,
    state: row.state,
    reason: row.reason,
    begun_at: row.begun_at,
    ended_at: row.ended_at,
    steps: judged.steps.map(({ id: step, number, status, signed }) => ({
      id: step,
      number,
      status,
      signed: signed.map(({ role, initials, at }) => ({ role, initials, at })),
    })),
    now: judged.view === null ? null : nowOf(judged.view),
    gathered: [...judged.gathered],
    exceptions: state.exceptions.map(({ step, text, initials, at }) => ({ step, text, initials, at })),
    people: [...(facts.people?.people ?? [])],
    place: facts.people?.place ?? null,
    has_token: judged.hasToken,
    environment_typed: environment !== null && facts.environment?.environment_id === environment.environment_id,
    anchors: queries
      .anchors(row.environment)
      .filter((anchor) => anchor.state === 'active')
      .map((anchor) => ({ ...wordsOf(anchor.fingerprint), changed_at: anchor.changed_at })),
    accounts: queries.accounts(row.environment).map((one) => one.account_id),
    wallet: facts.wallet ?? null,
    ...assignmentPart(queries, state),
    ...itemPart(queries, state, environment?.limit_bytes ?? SEALED_BYTES_LIMIT),
    checklist: CHECKLIST.map(({ id: point, must }) => ({
      id: point,
      must,
      yes: facts.checklist?.answers.find((one) => one.id === point)?.yes ?? null,
    })),
    head: { seq, head },
  };
}

/** The steps judged now: what a sign-off is held against. */
export async function judgeNow(context: OperationContext, station: Station, state: CeremonyState) {
  const { queries } = station;
  const environment = queries.environment(state.row.environment);
  const token = environment === null ? null : await station.token(environment.environment_id);
  const hasToken = token !== null;
  return { hasToken, ...judgeSteps({ state, queries, hasToken, attestation: attestationOf(context, station, state) }) };
}

/** The assigned key judged again: an anchor revoked since, or hosts changed, show at once. */
function attestationOf(
  context: OperationContext,
  station: Station,
  state: CeremonyState,
): { checks: Evidence['checks']; problem: string | null } | null {
  const assignment = station.queries.assignment(state.facts.assignment?.assignment_id ?? '');
  const key = station.queries.assignedKey(assignment?.key_id ?? '');
  if (key === null) return null;
  try {
    const { checks } = judgeKeptKey(context, station, key);
    return { checks: checks.map((one) => ({ id: one.id, result: one.result, what: one.what, rests_on: one.restsOn })), problem: null };
  } catch (error) {
    if (!(error instanceof ColdroomError)) throw error;
    return {
      checks: [{ id: 'signature', result: 'failed', what: 'the key is no longer trusted', rests_on: error.code }],
      problem: error.code,
    };
  }
}

function nowOf(view: StepView): CeremonyView['now'] {
  return {
    step: view.step,
    gate: view.gate,
    problem: view.problem,
    checks: [...view.evidence.checks],
    facts: [...view.evidence.facts],
    evidence_sha256: view.evidenceSha256,
  };
}

function assignmentPart(queries: LedgerQueries, state: CeremonyState): Pick<CeremonyView, 'assignment' | 'key_check'> {
  const row = queries.assignment(state.facts.assignment?.assignment_id ?? '');
  if (row === null) return { assignment: null, key_check: null };
  const key = queries.assignedKey(row.key_id ?? '');
  return {
    assignment: {
      assignment_id: row.assignment_id,
      state: row.state === 'sending' ? 'unknown' : row.state,
      key: key === null ? null : { key_id: key.key_id, ...wordsOf(key.fingerprint) },
      account_seen: accountSeen(row),
    },
    key_check: key === null ? null : (queries.lastVerification('key', key.key_id)?.result ?? null),
  };
}

/** `pulled_by_id` of a quarantined answer, so that people can compare it with what CoinCover says. */
function accountSeen(row: AssignmentRow): string | null {
  if (row.state !== 'quarantined' || row.answer_base64 === null) return null;
  try {
    const bytes = decodeBase64(row.answer_base64);
    const payload: unknown = bytes === null ? null : JSON.parse(parseAssignmentResponse(bytes).signed_payload ?? 'null');
    if (typeof payload !== 'object' || payload === null || !('pulled_by_id' in payload)) return null;
    return typeof payload.pulled_by_id === 'string' ? payload.pulled_by_id : null;
  } catch (error) {
    if (error instanceof ColdroomError || error instanceof SyntaxError) return null; // an answer that cannot be read names nobody
    throw error;
  }
}

function itemPart(queries: LedgerQueries, state: CeremonyState, limitBytes: number): Pick<CeremonyView, 'files' | 'modes' | 'limit_bytes'> {
  const chosen = state.facts.secrets?.files ?? [];
  return {
    files: chosen.map((file) => {
      const item = queries.item(file.item_id);
      const backup = queries.backupOfItem(file.item_id);
      return {
        item_id: file.item_id,
        name: file.name,
        size_bytes: file.size_bytes,
        recommended: chooseMode(file.size_bytes, false),
        state: item === null ? ('chosen' as const) : item.state === 'sending' ? ('unknown' as const) : item.state,
        mode: item?.mode ?? null,
        reason: item?.reason ?? null,
        backup_id: backup?.backup_id ?? null,
        backup_check: backup === null ? null : (queries.lastVerification('backup', backup.backup_id)?.result ?? null),
      };
    }),
    modes: MODES.filter((mode) => chosen.every((file) => holds(mode, file.size_bytes, limitBytes))),
    limit_bytes: limitBytes,
  };
}

function holds(mode: Mode, sizeBytes: number, limitBytes: number): boolean {
  try {
    checkModeHolds(mode, sizeBytes, limitBytes);
    return true;
  } catch (error) {
    if (error instanceof ColdroomError) return false;
    throw error;
  }
}

function wordsOf(hex: string): { fingerprint: Fingerprint; words: string[] } {
  if (!isSha256(hex)) throw new TypeError('the ledger holds a fingerprint that is none');
  return { fingerprint: hex, words: [...fingerprintWords(hex)] };
}
