import { z } from 'zod';

const id = z.string().max(1000);
const text = z.string().max(1000);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime({ precision: 3 });
/** What stands for the error that an assignment or a store ended with, and the status that the service answered with. */
const outcome = { state: text, code: text.nullable(), http_status: z.number().int().nullable() };

/**
 * What CoinCover's support needs to find everything of a ceremony: ids, codes, times, and fingerprints, which are public. Strict, so
 * that nothing else gets in: no secret, no checksum, no path, no name of a file or a person, nothing that people typed as text.
 */
export const escalationSchema = z.strictObject({
  coldroom: z.literal('escalation/1'),
  written_at: time,
  software: z.strictObject({ version: text, sha256: hex64.nullable() }),
  station: z.strictObject({ id: hex64, role: z.enum(['single', 'cold', 'online']) }),
  ceremony: z.strictObject({
    id,
    number: z.number().int().positive(),
    script: text,
    state: z.enum(['open', 'closed', 'escalated', 'aborted']),
    begun_at: time,
    ended_at: time.nullable(),
  }),
  /** The step at which it was stopped, and those of its checks that had not passed. */
  stopped_at: z
    .strictObject({ step: text, checks: z.array(z.strictObject({ id: text, result: z.enum(['amber', 'failed', 'waits']) })) })
    .nullable(),
  environment: z.strictObject({ name: text, host: text.nullable(), environment_id: hex64.nullable() }),
  /** Accounts that people confirmed, and those that answers named which were not trusted. */
  accounts: z.array(id),
  /** The enclave's signing key that people compared. */
  signer: hex64.nullable(),
  assignments: z.array(
    z.strictObject({
      assignment_id: id,
      user_identifier: id,
      key_environment: z.enum(['HOT', 'COLD']),
      account: z.enum(['institution', 'partner']),
      customer_id: id.nullable(),
      package_id: id.nullable(),
      key_id: id.nullable(),
      ...outcome,
    }),
  ),
  keys: z.array(
    z.strictObject({
      key_id: id,
      user_identifier: id,
      key_environment: z.enum(['HOT', 'COLD']),
      fingerprint: hex64,
      last_check: text.nullable(),
    }),
  ),
  items: z.array(
    z.strictObject({
      item_id: id,
      key_id: id,
      backup_id: id.nullable(),
      mode: text,
      size_bytes: z.number().int(),
      ciphertext_sha256: hex64,
      last_check: text.nullable(),
      ...outcome,
    }),
  ),
  /** What happened, oldest first, with the members that docs/exports.md lists. */
  events: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  ledger: z.strictObject({ ledger_id: id, seq: z.number().int(), head: hex64 }),
});

export type Escalation = z.output<typeof escalationSchema>;

/** The same as text, to be copied into a message or read out: one thing a line, what does not apply left out. */
export function escalationText(report: Escalation): string {
  const { ceremony, environment, station, software, stopped_at: stopped, ledger } = report;
  return `${[
    line('Coldroom', software.version, software.sha256),
    line('ceremony', ceremony.number.toString(), ceremony.id),
    line('script', ceremony.script),
    line('state', ceremony.state, ceremony.ended_at),
    line('begun', ceremony.begun_at),
    stopped === null ? '' : line('stopped at', stopped.step, ...stopped.checks.map((one) => `${one.id}=${one.result}`)),
    line('environment', environment.name, environment.host, environment.environment_id),
    ...report.accounts.map((account) => line('account', account)),
    line('signing key', report.signer),
    ...report.assignments.flatMap((one) => [
      line('assignment', one.assignment_id, ...outcomeOf(one)),
      line('  user_identifier', one.user_identifier, one.key_environment, one.account),
      line('  customer_id', one.customer_id),
      line('  package_id', one.package_id),
      line('  key_id', one.key_id),
    ]),
    ...report.keys.flatMap((one) => [
      line('key', one.key_id, one.key_environment, checkOf(one)),
      line('  user_identifier', one.user_identifier),
      line('  fingerprint', one.fingerprint),
    ]),
    ...report.items.flatMap((one) => [
      line('item', one.item_id, ...outcomeOf(one), checkOf(one)),
      line('  key_id', one.key_id),
      line('  backup_id', one.backup_id),
      line('  ciphertext', one.mode, `${one.size_bytes.toString()} bytes`, one.ciphertext_sha256),
    ]),
    ...report.events.map((one) => line('at', ...['@timestamp', 'event.action', ...OF_EVENT].map((name) => one[name]?.toString() ?? null))),
    line('station', station.id, station.role),
    line('ledger', ledger.ledger_id, ledger.seq.toString(), ledger.head),
  ]
    .filter((one) => one !== '')
    .join('\n')}\n`;
}

/** What one line says of an event, beside when and what. */
const OF_EVENT = [
  'coldroom.assignment.id',
  'coldroom.key.id',
  'coldroom.item.id',
  'coldroom.backup.id',
  'coldroom.ceremony.step',
  'coldroom.result',
  'coldroom.code',
  'http.response.status_code',
];

function outcomeOf({
  state,
  code,
  http_status: status,
}: {
  state: string;
  code: string | null;
  http_status: number | null;
}): (string | null)[] {
  return [state, code, status === null ? null : `HTTP ${status.toString()}`];
}

function checkOf({ last_check: check }: { last_check: string | null }): string | null {
  return check === null ? null : `last check ${check}`;
}

/** Empty where nothing but the name would stand there. */
function line(name: string, ...values: readonly (string | null)[]): string {
  const said = values.filter((value) => value !== null && value !== '');
  return said.length === 0 ? '' : `${name} ${said.join(' ')}`;
}
