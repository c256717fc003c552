import {
  asksForPins,
  CHECKLIST,
  itemsOfCeremony,
  MOST_WRONG_PINS,
  pinHolder,
  readCeremony,
  rulesOf,
  signersOf,
  type Attestation,
  type CeremonyState,
  type Person,
  type StepView,
} from '../../ceremony/index.ts';
import type { LedgerQueries } from '../../ledger/index.ts';
import { chooseMode, checkModeHolds, SEALED_BYTES_LIMIT, type Mode } from '../../sealing/index.ts';
import type { CheckLine } from '../../self-check/index.ts';
import { ColdroomError, fingerprintWords, isSha256, type Fingerprint } from '../../values/index.ts';
import { accountSeen } from '../service/account-seen.ts';
import { judgeNow } from './judge.ts';
import type { PlannedCeremony } from './plan.ts';
import { plannedFilePart, planPart } from './plan-view.ts';
import { recoveryPart } from './recovery-view.ts';
import type { CeremonyView } from './shape.ts';
import { crossesAsCode, documentsToCarry, keyIdsOf } from './subjects.ts';
import type { OperationContext } from '../context.ts';
import { environmentName } from '../fields.ts';
import { policyView } from '../station/policy.ts';
import type { Station } from '../station/station.ts';

const MODES: readonly Mode[] = ['direct', 'passphrase', 'envelope', 'envelope+passphrase'];

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
    plan: judged.planned === null ? null : planPart(judged.planned, reachedSteps(judged.steps)),
    gathered: [...judged.gathered],
    exceptions: state.exceptions.map(({ step, text, initials, at }) => ({ step, text, initials, at })),
    people: [...(facts.people?.people ?? [])],
    pins: asksForPins(state) ? (facts.people?.people ?? []).map((person) => pinLine(state, person)) : null,
    place: facts.people?.place ?? null,
    people_signed: state.signOffs.some((one) => one.step === 'people'),
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
    ...itemPart(queries, state, environment?.limit_bytes ?? SEALED_BYTES_LIMIT, judged.planned),
    wallets: walletPart(queries, state),
    keys: keyPart(station, state, judged.attestations),
    to_do: facts['self-test']?.machine?.lines.flatMap(toDoOf) ?? null,
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
    recovery: recoveryPart(queries, state, judged.view?.step ?? null),
    head: { seq, head },
  };
}

function toDoOf({ id, result, to_do: toDo }: CheckLine): NonNullable<CeremonyView['to_do']> {
  return result === 'ok' || toDo === null ? [] : [{ id, result, to_do: toDo }];
}

function pinLine(state: CeremonyState, person: Person): NonNullable<CeremonyView['pins']>[number] {
  const holder = pinHolder(state, person);
  return { initials: person.initials, chosen: holder !== null, tries_left: Math.max(0, MOST_WRONG_PINS - (holder?.wrong ?? 0)) };
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

/** Of an ended ceremony every step that came to initials counts as reached. */
function reachedSteps(
  steps: readonly { readonly id: string; readonly status: string; readonly signed: readonly unknown[] }[],
): Set<string> {
  return new Set(steps.filter(({ status, signed }) => status !== 'locked' || signed.length > 0).map(({ id }) => id));
}

function itemPart(
  queries: LedgerQueries,
  state: CeremonyState,
  limitBytes: number,
  planned: PlannedCeremony | null,
): Pick<CeremonyView, 'files' | 'modes' | 'limit_bytes'> {
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
        with_passphrase: chooseMode(file.size_bytes, true),
        state: item === null ? ('chosen' as const) : item.state === 'sending' ? ('unknown' as const) : item.state,
        mode: item?.mode ?? null,
        reason: item?.reason ?? null,
        backup_id: backup?.backup_id ?? null,
        backup_check: backup === null ? null : (queries.lastVerification('backup', backup.backup_id)?.result ?? null),
        key_id: file.key_id,
        ...plannedFilePart(planned, file.item_id),
      };
    }),
    modes: MODES.filter((mode) => chosen.every((file) => holds(mode, file.size_bytes, limitBytes))),
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
      customer_id: wallet.customer_id,
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
