import { z } from 'zod';
import { judgeKeyPackAge, parseAssignmentResponse } from '../attestation/index.ts';
import {
  CHECKLIST,
  judgeSteps,
  readCeremony,
  itemsOfCeremony,
  ROLES,
  rulesOf,
  signersOf,
  type Attestation,
  type CeremonyState,
  type StepView,
} from '../ceremony/index.ts';
import type { AssignedKeyRow, AssignmentRow, LedgerQueries } from '../ledger/index.ts';
import { chooseMode, checkModeHolds, SEALED_BYTES_LIMIT, type Mode } from '../sealing/index.ts';
import { ColdroomError, decodeBase64, fingerprintWords, isSha256, type Fingerprint } from '../values/index.ts';
import { crossesAsCode, documentsToCarry, keyIdsOf } from './ceremony-subjects.ts';
import type { OperationContext } from './context.ts';
import { check, environmentName, fingerprint, uuid } from './fields.ts';
import { judgeKeptKey, readKeptKeyPack } from './key-pack.ts';
import { policyView, shownPolicy } from './policy.ts';
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

export const ceremonyState = z.enum(['open', 'closed', 'escalated', 'aborted']);

/** One ceremony as a screen shows it: nothing in it is secret, and no path is. */
export const ceremonyView = z.object({
  ceremony_id: uuid,
  number: z.number(),
  script: z.string(),
  environment: environmentName,
  host: z.string().nullable(),
  /** A rehearsal against the stand-in inside this app, not one that runs elsewhere on this machine. */
  built_in: z.boolean(),
  state: ceremonyState,
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
      /** Whose initials it takes: somebody of the role, or one person by name. */
      signers: z.array(z.object({ role: signOff.shape.role, name: z.string().nullable(), initials: z.string().nullable() })),
    })
    .nullable(),
  /** The rules that it runs under, fixed when it was begun. `own` false: of an earlier version, which had none. */
  policy: shownPolicy.extend({ own: z.boolean() }),
  gathered: z.array(evidenceFact),
  exceptions: z.array(z.object({ step: z.string(), text: z.string(), initials: z.string().nullable(), at: z.string() })),
  people: z.array(z.object({ name: z.string(), initials: z.string(), role: z.enum(ROLES) })),
  place: z.string().nullable(),
  /** Why it rests, and who said so; null while it goes on. */
  paused: z.object({ reason: z.string(), initials: z.string(), at: z.string() }).nullable(),
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
      /** The key that it is for, where the ceremony has several. */
      key_id: z.string().nullable(),
    }),
  ),
  wallets: z.array(
    z.object({
      user_identifier: z.string(),
      key_environment: z.enum(['HOT', 'COLD']),
      state: z.enum(['listed', 'assigned', 'refused', 'not-sent', 'unknown', 'quarantined']),
      reason: z.string().nullable(),
      account_seen: z.string().nullable(),
    }),
  ),
  /** The keys whose words are read, where the ceremony has several. */
  keys: z.array(
    words.extend({
      key_id: z.string(),
      user_identifier: z.string(),
      key_environment: z.string(),
      read: z.boolean(),
      /** What was typed from the paper order at a cold station. */
      kept: z.enum(['HOT', 'COLD']).nullable(),
      problem: z.string().nullable(),
    }),
  ),
  network: z
    .object({ gate: z.enum(['clear', 'warn', 'stop']), policy: z.enum(['warn', 'stop']), reasons: z.array(z.string()), at: z.string() })
    .nullable(),
  /** What this ceremony hands to the other station. */
  carry: z.array(z.object({ document_id: uuid, kind: z.enum(['keypack', 'sealed', 'receipt']), name: z.string(), by_code: z.boolean() })),
  /** The digest of the carry list in words, to be read aloud and noted on the label. */
  carried: z.object({ via: z.enum(['medium', 'code']), documents: z.number(), list_words: z.array(z.string()) }).nullable(),
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
    now: judged.view === null ? null : nowOf(state, judged.view),
    policy: { ...policyView(rulesOf(state)), own: facts.policy !== undefined },
    gathered: [...judged.gathered],
    exceptions: state.exceptions.map(({ step, text, initials, at }) => ({ step, text, initials, at })),
    people: [...(facts.people?.people ?? [])],
    place: facts.people?.place ?? null,
    paused: facts.paused ?? null,
    has_token: judged.hasToken,
    environment_typed:
      facts.environment?.name === row.environment &&
      (station.role === 'cold' || facts.environment.environment_id === environment?.environment_id),
    anchors: queries
      .anchors(row.environment)
      .filter((anchor) => anchor.state === 'active')
      .map((anchor) => ({ ...wordsOf(anchor.fingerprint), changed_at: anchor.changed_at })),
    accounts: queries.accounts(row.environment).map((one) => one.account_id),
    wallet: facts.wallet ?? null,
    ...assignmentPart(queries, state),
    ...itemPart(queries, state, environment?.limit_bytes ?? SEALED_BYTES_LIMIT),
    wallets: walletPart(queries, state),
    keys: keyPart(station, state, judged.attestations),
    network:
      facts.network === undefined
        ? null
        : { gate: facts.network.gate, policy: facts.network.policy, reasons: [...facts.network.reasons], at: facts.network.at },
    carry: carryPart(station, state),
    carried: carriedPart(state),
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
  const attestations = attestationsOf(context, station, state);
  return { hasToken, attestations, ...judgeSteps({ state, queries, hasToken, attestations }) };
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

function nowOf(state: CeremonyState, view: StepView): CeremonyView['now'] {
  return {
    step: view.step,
    gate: view.gate,
    problem: view.problem,
    checks: [...view.evidence.checks],
    facts: [...view.evidence.facts],
    evidence_sha256: view.evidenceSha256,
    signers: signersOf(state, view.step).map(({ role, person }) => ({
      role,
      name: person?.name ?? null,
      initials: person?.initials ?? null,
    })),
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
  const chosen = filesOfCeremony(queries, state);
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
        key_id: file.key_id,
      };
    }),
    modes: MODES.filter((mode) => isAllowed(state, mode) && chosen.every((file) => holds(mode, file.size_bytes, limitBytes))),
    limit_bytes: limitBytes,
  };
}

/** The files that were chosen here, or what the sealed items say of those that were brought. */
function filesOfCeremony(
  queries: LedgerQueries,
  state: CeremonyState,
): readonly { item_id: string; name: string; size_bytes: number; key_id: string | null }[] {
  if (state.facts.secrets !== undefined) return state.facts.secrets.files;
  return (itemsOfCeremony(state) ?? [])
    .map((one) => queries.item(one.item_id))
    .filter((item) => item !== null)
    .map((item) => ({ item_id: item.item_id, name: item.name, size_bytes: item.size_bytes, key_id: item.key_id }));
}

function walletPart(queries: LedgerQueries, state: CeremonyState): CeremonyView['wallets'] {
  return (state.facts.wallets?.wallets ?? []).map((wallet) => {
    const row = queries.assignment(wallet.assignment_id ?? '');
    return {
      user_identifier: wallet.user_identifier,
      key_environment: wallet.key_environment,
      state: row === null ? ('listed' as const) : row.state === 'sending' ? ('unknown' as const) : row.state,
      reason: row?.reason ?? null,
      account_seen: row === null ? null : accountSeen(row),
    };
  });
}

function keyPart(station: Station, state: CeremonyState, attestations: ReadonlyMap<string, Attestation>): CeremonyView['keys'] {
  const read = state.facts['keys-read']?.keys ?? [];
  return keyIdsOf(station, state).flatMap((id) => {
    const key = station.queries.assignedKey(id);
    if (key === null) return [];
    const compared = read.find((one) => one.key_id === id && one.fingerprint === key.fingerprint);
    return [
      {
        key_id: id,
        ...wordsOf(key.fingerprint),
        user_identifier: key.user_identifier,
        key_environment: key.key_environment,
        read: compared !== undefined,
        kept: compared?.kept ?? null,
        problem: attestations.get(id)?.problem ?? null,
      },
    ];
  });
}

function carriedPart({ facts }: CeremonyState): CeremonyView['carried'] {
  const { carried } = facts;
  if (carried === undefined) return null;
  const { via, documents, list_sha256: digest } = carried;
  return { via, documents, list_words: digest === null ? [] : [...wordsOf(digest).words] };
}

function carryPart(station: Station, state: CeremonyState): CeremonyView['carry'] {
  if (!state.script.steps.some((step) => step.id === 'carry')) return [];
  return documentsToCarry(station, state).map((one) => ({
    document_id: one.id,
    kind: one.kind,
    name: station.queries.item(one.subject)?.name ?? station.queries.assignedKey(one.subject)?.user_identifier ?? '',
    by_code: crossesAsCode(station, one),
  }));
}

/** A mode under a passphrase is not offered where the policy allows none that people bring. */
function isAllowed(state: CeremonyState, mode: Mode): boolean {
  return rulesOf(state).passphrase.own_allowed || !mode.includes('passphrase');
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
