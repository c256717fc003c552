import type { EventRecord, EventType, LedgerEvent } from '../../ledger/index.ts';

/** What an event was about, by the names that leave this station. docs/exports.md documents them; they stay as they are. */
const SUBJECTS = [
  'coldroom.environment',
  'coldroom.ceremony.id',
  'coldroom.ceremony.step',
  'coldroom.ceremony.role',
  'coldroom.item.id',
  'coldroom.key.id',
  'coldroom.key.environment',
  'coldroom.backup.id',
  'coldroom.assignment.id',
  'coldroom.account.id',
  'coldroom.document.id',
  'coldroom.document.kind',
  'coldroom.station.id',
  'coldroom.fingerprint',
  'coldroom.result',
  'coldroom.code',
  'coldroom.digest',
  'http.response.status_code',
] as const;
type Subject = (typeof SUBJECTS)[number];

type Outcome = 'success' | 'failure' | 'unknown';
/** Of one event, what may leave: nothing else of it does. */
type Exported = {
  readonly outcome: Outcome;
  readonly summary: string;
  readonly subjects: Readonly<Partial<Record<Subject, string | number | null>>>;
};

/** Some members of the union stand for two types at once. */
type DataOf<Type extends EventType, Event = LedgerEvent> = Event extends { type: infer Types; data: infer Data }
  ? Type extends Types
    ? Data
    : never
  : never;

const say = (summary: string, subjects: Exported['subjects'] = {}, outcome: Outcome = 'success'): Exported => ({
  outcome,
  summary,
  subjects,
});
const ofEnvironment = (summary: string) => (data: { environment: string }) => say(summary, { 'coldroom.environment': data.environment });
const ofAnchor = (summary: string) => (data: { environment: string; fingerprint: string }) =>
  say(summary, { 'coldroom.environment': data.environment, 'coldroom.fingerprint': data.fingerprint });
const ofAssignment = (summary: string) => (data: { assignment_id: string }) =>
  say(summary, { 'coldroom.assignment.id': data.assignment_id });
const ofDocument = (summary: string) => (data: { document: { document_id: string; kind: string } }) =>
  say(summary, { 'coldroom.document.id': data.document.document_id, 'coldroom.document.kind': data.document.kind });
const ofKeyPack = (summary: string) => (data: DataOf<'key-pack-written'>) =>
  say(summary, {
    ...ofDocument('')(data).subjects,
    'coldroom.environment': data.key.environment,
    'coldroom.assignment.id': data.assignment_id,
    'coldroom.key.id': data.key.key_id,
    'coldroom.key.environment': data.key.key_environment,
    'coldroom.fingerprint': data.key.fingerprint,
  });
const ofItem = (summary: string) => (data: DataOf<'item-sealed'>) =>
  say(summary, {
    ...ofDocument('')(data).subjects,
    'coldroom.environment': data.item.environment,
    'coldroom.item.id': data.item.item_id,
    'coldroom.key.id': data.item.key_id,
    'coldroom.result': data.state,
  });
const ofReceipt = (summary: string) => (data: DataOf<'receipt-written'>) =>
  say(summary, { ...ofDocument('')(data).subjects, 'coldroom.item.id': data.item_id });
/** Refused is a failure; what never left may be tried again, and what nobody knows is unknown. */
const outcomeOf = (state: string): Outcome => (state === 'unknown' ? 'unknown' : 'failure');

/**
 * SECURITY(REQ-ALLOWLIST): what may leave of each type of event, member by member. A new type does not compile until it stands here, and a new
 * member stays until somebody names it. No secret, no checksum of one, no path, no name of a file, no answer's body, no document's text.
 */
const EXPORTED: { readonly [Type in EventType]: (data: DataOf<Type>) => Exported } = {
  'station-made': (data) => say('the station was made', { 'coldroom.station.id': data.station_id }),
  'environment-set': (data) => say('an environment was set up', { 'coldroom.environment': data.name }),
  'station-paired': (data) =>
    say('a station was paired', { 'coldroom.station.id': data.station_id, 'coldroom.document.id': data.document.document_id }),
  'station-unpaired': (data) => say('a station is paired no more', { 'coldroom.station.id': data.station_id }),
  'document-written': ofDocument('a document was written'),
  'document-imported': ofDocument('a document was taken in'),
  'policy-set': (data) => say('a ceremony policy was set', { 'coldroom.digest': data.sha256 }),
  'plan-approved': (data) => say('a ceremony plan was approved', { 'coldroom.digest': data.sha256 }),
  'network-policy-set': (data) => say('what a live network means was set', { 'coldroom.result': data.policy }),
  'token-set': ofEnvironment('an API key was kept'),
  'token-removed': ofEnvironment('an API key was removed'),
  'anchor-confirmed': ofAnchor('a signing key was confirmed'),
  'anchor-retired': ofAnchor('a signing key was retired'),
  'anchor-revoked': ofAnchor('a signing key was revoked'),
  'account-confirmed': (data) =>
    say('an account was confirmed', { 'coldroom.environment': data.environment, 'coldroom.account.id': data.account_id }),
  'assignment-begun': (data) =>
    say('a key was asked for', {
      'coldroom.environment': data.environment,
      'coldroom.assignment.id': data.assignment_id,
      'coldroom.key.environment': data.key_environment,
    }),
  'assignment-answered': (data) =>
    say('the answer to an assignment was kept', { 'coldroom.assignment.id': data.assignment_id, 'http.response.status_code': data.status }),
  'assignment-jwks-refetched': ofAssignment('the signing keys were fetched again for an assignment'),
  'assignment-ended': (data) =>
    say(
      'an assignment ended without a key',
      { 'coldroom.assignment.id': data.assignment_id, 'coldroom.result': data.state, 'coldroom.code': data.reason },
      outcomeOf(data.state),
    ),
  'key-pack-written': ofKeyPack('a key was assigned, and its key pack written'),
  'key-pack-imported': ofKeyPack('a key pack was taken in'),
  'item-sealed': ofItem('a file was sealed'),
  'item-imported': ofItem('a sealed item was taken in'),
  'store-begun': (data) => say('the storing of an item began', { 'coldroom.item.id': data.item_id }),
  'store-answered': (data) =>
    say('the answer to a store was kept', { 'coldroom.item.id': data.item_id, 'http.response.status_code': data.status }),
  'store-ended': (data) =>
    say(
      'an item was not stored',
      { 'coldroom.item.id': data.item_id, 'coldroom.result': data.state, 'coldroom.code': data.reason },
      outcomeOf(data.state),
    ),
  'item-stored': (data) =>
    say('an item is stored', { 'coldroom.item.id': data.item_id, 'coldroom.backup.id': data.backup_id, 'coldroom.result': data.basis }),
  verified: (data) =>
    say(
      `CoinCover was asked about a ${data.kind}`,
      {
        [data.kind === 'key' ? 'coldroom.key.id' : 'coldroom.backup.id']: data.id,
        'coldroom.result': data.check,
        'http.response.status_code': data.status,
      },
      data.check === 'valid' ? 'success' : data.check === 'invalid' ? 'failure' : 'unknown',
    ),
  'receipt-written': ofReceipt('a receipt was written'),
  'receipt-imported': ofReceipt('a receipt was taken in'),
  'ceremony-begun': (data) =>
    say(`ceremony ${data.number.toString()} began: ${data.script}`, {
      'coldroom.ceremony.id': data.ceremony_id,
      'coldroom.environment': data.environment,
    }),
  'ceremony-fact': (data) =>
    say(`a step came to know: ${data.name}`, { 'coldroom.ceremony.id': data.ceremony_id, 'coldroom.ceremony.step': data.step }),
  'ceremony-evidence': (data) =>
    say('what stood on screen was kept for initials', {
      'coldroom.ceremony.id': data.ceremony_id,
      'coldroom.ceremony.step': data.step,
      'coldroom.digest': data.evidence_sha256,
    }),
  'ceremony-signed': (data) =>
    say(`initials ${data.initials} were put to a step`, {
      'coldroom.ceremony.id': data.ceremony_id,
      'coldroom.ceremony.step': data.step,
      'coldroom.ceremony.role': data.role,
    }),
  // What people wrote stays: it may say anything. The report and the export as JSON have it.
  'ceremony-exception': (data) =>
    say(
      data.initials === null ? 'an exception was noted by Coldroom' : `an exception was noted by ${data.initials}`,
      { 'coldroom.ceremony.id': data.ceremony_id, 'coldroom.ceremony.step': data.step },
      'failure',
    ),
  'ceremony-ended': (data) =>
    say(
      data.state === 'closed' ? 'a ceremony was closed' : 'a ceremony was stopped',
      { 'coldroom.ceremony.id': data.ceremony_id, 'coldroom.result': data.state },
      data.state === 'closed' ? 'success' : 'failure',
    ),
  refusal: (data) => say(`${data.operation} was refused by a check`, { 'coldroom.code': data.code }, 'failure'),
  checkpoint: () => say('the station signed the ledger’s head'),
  rebuilt: (data) => say(`the ledger was made again from ${data.documents.toString()} documents`),
};

/** Every type that an export knows. */
export const EXPORTED_TYPES: readonly string[] = Object.keys(EXPORTED);

function exportedOf(event: EventRecord): Exported {
  const known = EXPORTED as unknown as Readonly<Record<string, ((data: LedgerEvent['data']) => Exported) | undefined>>;
  // Of a type that this version does not know, its name and place leave, and nothing that it holds.
  return known[event.type]?.(event.data) ?? say('an event of a type that this version does not know', {}, 'unknown');
}

/** One event as one line of JSON: flat, with names after the Elastic Common Schema, always in the same order. */
export function eventLine(event: EventRecord, station: { station_id: string; name: string }): string {
  const { outcome, summary, subjects } = exportedOf(event);
  const line = {
    '@timestamp': event.at,
    'event.kind': 'event',
    'event.module': 'coldroom',
    'event.sequence': event.seq,
    'event.action': event.type,
    'event.outcome': outcome,
    message: summary,
    'observer.id': station.station_id,
    'observer.name': station.name,
    'coldroom.ledger.id': event.ledger_id,
    ...membersOf(subjects),
  };
  return `${JSON.stringify(line)}\n`;
}

/** When something happened, what, how it went and what it was about, under the names of {@link eventLine}; nothing in words. */
export function eventFacts(event: EventRecord): Record<string, string | number> {
  const { outcome, subjects } = exportedOf(event);
  return {
    '@timestamp': event.at,
    'event.sequence': event.seq,
    'event.action': event.type,
    'event.outcome': outcome,
    ...membersOf(subjects),
  };
}

/** Those that the event has, in the order of the list. */
function membersOf(subjects: Exported['subjects']): Record<string, string | number> {
  const members: Record<string, string | number> = {};
  for (const name of SUBJECTS) {
    const value = subjects[name];
    if (typeof value === 'string' || typeof value === 'number') members[name] = value;
  }
  return members;
}

const COLUMNS = ['seq', 'at', 'type', 'ceremony', 'subject', 'station', 'summary'] as const;
/** What an event is most about comes first. */
const SUBJECT_ORDER: readonly Subject[] = [
  'coldroom.backup.id',
  'coldroom.item.id',
  'coldroom.key.id',
  'coldroom.assignment.id',
  'coldroom.document.id',
  'coldroom.station.id',
  'coldroom.fingerprint',
  'coldroom.account.id',
  'coldroom.ceremony.step',
  'coldroom.environment',
];

/** The events for an auditor's spreadsheet, oldest first. @param station this station's name. */
export function* eventsCsv(events: Iterable<EventRecord>, station: string): Generator<string> {
  yield csvRow(COLUMNS);
  for (const event of events) {
    const { subjects, summary } = exportedOf(event);
    const subject = SUBJECT_ORDER.map((name) => subjects[name]).find((value) => typeof value === 'string') ?? '';
    const told = [summary, subjects['coldroom.result'], subjects['coldroom.code']].filter((text) => typeof text === 'string').join('; ');
    yield csvRow([event.seq.toString(), event.at, event.type, String(subjects['coldroom.ceremony.id'] ?? ''), subject, station, told]);
  }
}

/** RFC 4180, with a line feed after CR. A cell that a spreadsheet would run as a formula is made text by an apostrophe. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * Some spreadsheets drop white space first, and take full-width signs for the plain ones; where semicolons separate, a cell begins after
 * each, and after a tab or a new line, whatever quotes stand around.
 */
function csvCell(value: string): string {
  const harmless = value
    .replace(/^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u, "'$&")
    .replace(/([;\t\r\n][\s\p{Cc}"]*)([=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/gu, "$1'$2");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
