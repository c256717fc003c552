import { z } from 'zod';
import { inputError } from '../values/index.ts';
import type { ReportBody } from './report.ts';
import { shownRecords, type ChainRow, type RowRecord } from './rows.ts';
import { stepTitle } from './titles.ts';

/** The parts of the ledger's events that a report tells, as this room reads them; it trusts no other reading of the same rows. */
const begun = z.object({ ceremony_id: z.string(), number: z.number(), script: z.string(), environment: z.string() });
const fact = z.object({ name: z.string(), value: z.json() });
const evidence = z.object({
  step: z.string(),
  evidence_sha256: z.string(),
  kinds: z.array(z.enum(['text', 'id', 'hex', 'time'])),
  shown: z.object({
    checks: z.array(
      z.object({ id: z.string(), result: z.enum(['passed', 'amber', 'failed', 'waits']), what: z.string(), rests_on: z.string() }),
    ),
    facts: z.array(z.object({ name: z.string(), value: z.string() })),
  }),
});
const signed = z.object({ step: z.string(), role: z.string(), initials: z.string(), evidence_sha256: z.string() });
const exception = z.object({ step: z.string(), text: z.string(), initials: z.string().nullable() });
const ended = z.object({
  state: z.enum(['closed', 'escalated', 'aborted']),
  reason: z.string().nullable(),
  summary: z.object({
    software: z.strictObject({ version: z.string(), sha256: z.string().nullable() }),
    host: z.string().nullable(),
    keys: z.array(z.json()),
    items: z.array(z.json()),
  }),
});
const checkpoint = z.object({ seq: z.number(), head: z.string(), signature: z.string() });
const people = z.object({
  people: z.array(z.object({ name: z.string(), initials: z.string(), role: z.enum(['administrator', 'operator', 'witness', 'auditor']) })),
  place: z.string(),
});
const clock = z.object({ offset_seconds: z.number() });
const signer = z.object({ fingerprint: z.string() });
const policy = z.object({ sha256: z.string(), rules: z.record(z.string(), z.json()) });

/**
 * Everything that a report says, from the rows it shows and nothing else: the same rows give the same report, at the station
 * and at an auditor's desk.
 * @throws input `report-no-summary` where the ceremony has not ended, or under a version that kept too little to report;
 *   `report-rows` where a row is not what its type says.
 */
export function deriveBody(station: ReportBody['station'], ledgerId: string, rows: readonly ChainRow[]): ReportBody {
  const records = shownRecords(rows);
  const first = records.find((one) => one.type === 'ceremony-begun');
  const last = records.findLast((one) => one.type === 'ceremony-ended');
  const head = records.at(-1);
  if (first === undefined || last === undefined || head?.type !== 'checkpoint') throw noSummary();
  const start = read(begun, first);
  const end = ended.safeParse(last.data);
  if (!end.success) throw noSummary();
  const { summary } = end.data;
  const facts = factsOf(records);
  const room = facts.get('people') === undefined ? null : people.parse(facts.get('people'));
  const offset = clock.safeParse(facts.get('clock'));
  const confirmed = signer.safeParse(facts.get('signer'));
  const rules = policy.safeParse(facts.get('policy'));
  const { seq, head: headDigest, signature } = read(checkpoint, head);
  return {
    coldroom: 'report/1',
    station,
    software: summary.software,
    ceremony: {
      id: start.ceremony_id,
      number: start.number,
      script: start.script,
      environment: start.environment,
      host: summary.host,
      state: end.data.state,
      reason: end.data.reason,
      begun_at: first.at,
      ended_at: last.at,
      place: room?.place ?? null,
      clock_offset_seconds: offset.success ? offset.data.offset_seconds : null,
    },
    plan: null,
    policy: rules.success ? rules.data : null,
    people: room?.people ?? [],
    steps: stepsOf(records),
    exceptions: records
      .filter((one) => one.type === 'ceremony-exception')
      .map((one) => ({ at: one.at, ...read(exception, one) }))
      .map(({ at, step, text, initials }) => ({ at, step, text, initials })),
    keys: summary.keys as ReportBody['keys'],
    signers: confirmed.success ? [confirmed.data.fingerprint] : [],
    items: summary.items as ReportBody['items'],
    ledger: { ledger_id: ledgerId, rows: [...rows], head: { seq, head: headDigest, signature } },
  };
}

/** Each step as it was signed last, in the order in which steps were first signed. What was signed before and voided stays in the rows. */
function stepsOf(records: readonly RowRecord[]): ReportBody['steps'] {
  const steps = new Map<string, ReportBody['steps'][number]>();
  for (const record of records) {
    if (record.type === 'ceremony-evidence') {
      const { step, evidence_sha256: digest, kinds, shown } = read(evidence, record);
      const before = steps.get(step);
      if (before?.evidence_sha256 === digest) continue;
      steps.set(step, {
        number: before?.number ?? steps.size + 1,
        id: step,
        title: stepTitle(step),
        checks: shown.checks.map(({ id, result, what, rests_on: restsOn }) => ({ id, result, what, rests_on: restsOn })),
        facts: shown.facts.map(({ name, value }, index) => ({ name, value, kind: kinds[index] ?? 'text' })),
        evidence_sha256: digest,
        signed: [],
      });
    }
    if (record.type === 'ceremony-signed') {
      const { step, role, initials, evidence_sha256: digest } = read(signed, record);
      const line = steps.get(step);
      if (line?.evidence_sha256 === digest) line.signed.push({ role, initials, at: record.at });
    }
  }
  return [...steps.values()];
}

/** The facts that stand at the end, by name; null takes one back. */
function factsOf(records: readonly RowRecord[]): Map<string, unknown> {
  const facts = new Map<string, unknown>();
  for (const record of records) {
    if (record.type !== 'ceremony-fact') continue;
    const { name, value } = read(fact, record);
    if (value === null) facts.delete(name);
    else facts.set(name, value);
  }
  return facts;
}

function read<Shape extends z.ZodType>(schema: Shape, record: RowRecord): z.output<Shape> {
  const parsed = schema.safeParse(record.data);
  if (parsed.success) return parsed.data;
  throw inputError('report-rows', `event ${record.seq.toString()} is not what its type says`, { hint: 'run `coldroom ledger check`' });
}

function noSummary(): Error {
  return inputError('report-no-summary', 'this ceremony has not ended, or ended under a version that kept too little for a report', {
    hint: 'end the ceremony first; of an older one, export the ledger instead',
  });
}
