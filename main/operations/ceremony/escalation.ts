import { z } from 'zod';
import { readCeremony, type CeremonyState } from '../../ceremony/index.ts';
import { checkNewFile, writeNewFile } from '../../files/index.ts';
import type { AssignmentRow, EventRecord, EventType, ItemRow, Ledger, LedgerQueries } from '../../ledger/index.ts';
import { escalationSchema, escalationText, type Escalation } from '../../report/index.ts';
import { isoTime } from '../../values/index.ts';
import { accountSeen } from '../service/account-seen.ts';
import { ceremonyName, requireCeremony } from './name.ts';
import { keyIdsOf, sealedItems } from './subjects.ts';
import type { OperationContext } from '../context.ts';
import { eventFacts } from '../ledger/event-export.ts';
import { accountKind, keyEnvironment, outputPath } from '../fields.ts';
import type { StationFile } from '../station/home.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading } from '../station/station.ts';

/** Reads the ledger alone: it is wanted where something has gone wrong, and a keychain may be what has. */
export const ceremonyEscalationReport = defineOperation({
  name: 'ceremony.escalation-report',
  summary: 'what CoinCover’s support needs of a ceremony: every ID, code and time, and no secret',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: ceremonyName, out: outputPath.optional() }),
  output: z.object({ report: escalationSchema, text: z.string(), file: z.string().nullable() }),
  run: (context, input) =>
    withLedgerForReading(context, async ({ file, ledger, queries }) => {
      const out = input.out ?? null;
      if (out !== null) await checkNewFile(out);
      const state = readCeremony(queries, requireCeremony(queries, input.ceremony).ceremony_id);
      const report = escalationOf(context, file, ledger, queries, state);
      if (out !== null) await writeNewFile(out, Buffer.from(`${JSON.stringify(report, null, 2)}\n`, 'utf8'));
      return done({ report, text: escalationText(report), file: out });
    }),
});

function escalationOf(
  context: OperationContext,
  station: StationFile,
  ledger: Ledger,
  queries: LedgerQueries,
  state: CeremonyState,
): Escalation {
  const { row, facts } = state;
  const told = tellEvents(ledger, row.ceremony_id);
  const items = sealedItems({ queries }, state);
  const keyIds = new Set([...keyIdsOf({ queries }, state), ...items.map((item) => item.key_id)]);
  const assignments = queries.assignments().filter((one) => told.assignments.has(one.assignment_id) || keyIds.has(one.key_id ?? ''));
  for (const { key_id: id } of assignments) if (id !== null) keyIds.add(id);
  const keys = [...keyIds].map((id) => queries.assignedKey(id)).filter((key) => key !== null);
  const environment = queries.environment(row.environment);
  const { seq, head, ledgerId } = ledger.head();
  const { version, sha256 } = context.software?.() ?? { version: 'unknown', sha256: null };
  const ids = new Set([
    row.ceremony_id,
    ...keyIds,
    ...assignments.map((one) => one.assignment_id),
    ...items.flatMap((item) => [item.item_id, queries.backupOfItem(item.item_id)?.backup_id ?? '']),
  ]);
  return {
    coldroom: 'escalation/1',
    written_at: isoTime(context.clock.now()),
    software: { version, sha256 },
    station: { id: station.id, role: station.role },
    ceremony: {
      id: row.ceremony_id,
      number: row.number,
      script: row.script,
      state: row.state,
      begun_at: row.begun_at,
      ended_at: row.ended_at,
    },
    stopped_at: told.stoppedAt,
    environment: {
      name: row.environment,
      host: environment === null ? null : new URL(environment.api).host,
      environment_id: environment?.environment_id ?? null,
    },
    accounts: [
      ...new Set([
        ...queries.accounts(row.environment).map((one) => one.account_id),
        ...assignments.map(accountSeen).filter((account) => account !== null),
      ]),
    ],
    signer: facts.signer?.fingerprint ?? null,
    assignments: assignments.map(assignmentLine),
    keys: keys.map((key) => ({
      key_id: key.key_id,
      user_identifier: key.user_identifier,
      key_environment: keyEnvironment.parse(key.key_environment),
      fingerprint: key.fingerprint,
      last_check: queries.lastVerification('key', key.key_id)?.result ?? null,
    })),
    items: items.map((item) => itemLine(queries, item)),
    events: told.events.filter((one) => isAbout(one, ids, row.environment)),
    ledger: { ledger_id: ledgerId, seq, head },
  };
}

/** SECURITY(REQ-ALLOWLIST): the types of events that are told, each as {@link eventFacts} lets it leave. Initials and what was signed stay. */
const TOLD: ReadonlySet<EventType> = new Set<EventType>([
  'environment-set',
  'anchor-confirmed',
  'anchor-retired',
  'anchor-revoked',
  'account-confirmed',
  'assignment-begun',
  'assignment-answered',
  'assignment-jwks-refetched',
  'assignment-ended',
  'key-pack-written',
  'key-pack-imported',
  'item-sealed',
  'item-imported',
  'store-begun',
  'store-answered',
  'store-ended',
  'item-stored',
  'verified',
  'receipt-written',
  'receipt-imported',
  'ceremony-begun',
  'ceremony-exception',
  'ceremony-ended',
  'refusal',
]);

type Told = { events: Escalation['events']; assignments: ReadonlySet<string>; stoppedAt: Escalation['stopped_at'] };

/**
 * One pass over the events since the ceremony began. Assignments are those that it ever noted: one that a wallet was changed after
 * is in none of its facts any more, and CoinCover may hold a key for it.
 */
function tellEvents(ledger: Ledger, ceremonyId: string): Told {
  const events: Escalation['events'] = [];
  const assignments = new Set<string>();
  let stoppedAt: Escalation['stopped_at'] = null;
  let isOver = false;
  for (const event of ledger.eventsFrom(ledger.findEvent('ceremony-begun', 'ceremony_id', ceremonyId) ?? 1)) {
    const isOurs = 'ceremony_id' in event.data && event.data.ceremony_id === ceremonyId;
    // Of what was refused after its end nothing says that it was this ceremony's.
    if (TOLD.has(event.type) && !(isOver && event.type === 'refusal')) events.push(eventFacts(event));
    if (!isOurs) continue;
    if (event.type === 'ceremony-fact') for (const id of assignmentsIn(event.data.value)) assignments.add(id);
    if (event.type === 'ceremony-evidence') stoppedAt = notPassed(event.data);
    if (event.type === 'ceremony-signed') stoppedAt = null;
    if (event.type === 'ceremony-ended') isOver = true;
  }
  return { events, assignments, stoppedAt: isOver ? stoppedAt : null };
}

/** Of the facts `assignment` and `wallets`, whatever else they hold. */
const noted = z.object({ assignment_id: z.string() });
const notedOfWallets = z.object({ wallets: z.array(z.object({ assignment_id: z.string().nullable() })) });

function assignmentsIn(value: unknown): string[] {
  const one = noted.safeParse(value);
  if (one.success) return [one.data.assignment_id];
  const several = notedOfWallets.safeParse(value);
  return several.success ? several.data.wallets.map((wallet) => wallet.assignment_id).filter((id) => id !== null) : [];
}

const shownChecks = z.object({ checks: z.array(z.object({ id: z.string(), result: z.enum(['passed', 'amber', 'failed', 'waits']) })) });

function notPassed({ step, shown }: (EventRecord & { type: 'ceremony-evidence' })['data']): Escalation['stopped_at'] {
  const { checks } = shownChecks.parse(shown);
  return { step, checks: checks.flatMap(({ id, result }) => (result === 'passed' ? [] : [{ id, result }])) };
}

/** Whether an event is of this ceremony's ids, or of its environment, or a refusal in its time. */
function isAbout(event: Escalation['events'][number], ids: ReadonlySet<string>, environment: string): boolean {
  const members = ['coldroom.ceremony.id', 'coldroom.assignment.id', 'coldroom.key.id', 'coldroom.item.id', 'coldroom.backup.id'];
  const named = members.map((name) => event[name]).filter((value) => value !== undefined);
  if (named.length > 0) return named.some((value) => ids.has(String(value)));
  return event['event.action'] === 'refusal' || event['coldroom.environment'] === environment;
}

/** The members of a request that are ids; its other members stay. */
const sent = z.object({
  organisation: z.object({ customer_id: z.string() }).optional(),
  package: z.object({ package_id: z.string() }).optional(),
});

function assignmentLine(row: AssignmentRow): Escalation['assignments'][number] {
  const request = sent.safeParse(JSON.parse(row.request));
  return {
    assignment_id: row.assignment_id,
    user_identifier: row.user_identifier,
    key_environment: keyEnvironment.parse(row.key_environment),
    account: accountKind.parse(row.account),
    customer_id: request.data?.organisation?.customer_id ?? null,
    package_id: request.data?.package?.package_id ?? null,
    key_id: row.key_id,
    state: row.state,
    code: row.reason,
    http_status: row.answer_status,
  };
}

function itemLine(queries: LedgerQueries, item: ItemRow): Escalation['items'][number] {
  const backupId = queries.backupOfItem(item.item_id)?.backup_id ?? null;
  return {
    item_id: item.item_id,
    key_id: item.key_id,
    backup_id: backupId,
    mode: item.mode,
    size_bytes: item.size_bytes,
    ciphertext_sha256: item.ciphertext_sha256,
    last_check: backupId === null ? null : (queries.lastVerification('backup', backupId)?.result ?? null),
    state: item.state,
    code: item.reason,
    http_status: item.answer_status,
  };
}
