import { z } from 'zod';
import { inputError } from '../values/index.ts';
import { planLine, reportBodySchema, type ReportBody } from './report.ts';
import { shownRecords, type ChainRow, type RowRecord } from './rows.ts';
import { stepTitle } from './titles.ts';

/** The parts of the ledger's events that a report tells, as this room reads them; it trusts no other reading of the same rows. */
const { keys, items, software } = reportBodySchema.shape;
const everybody = z.array(
  z.strictObject({ name: z.string(), initials: z.string(), role: z.enum(['administrator', 'operator', 'witness', 'auditor']) }),
);
const pin = z.literal(true).exactOptional();
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
const signed = z.object({ step: z.string(), role: z.string(), initials: z.string(), evidence_sha256: z.string(), pin });
const exception = z.object({ step: z.string(), text: z.string(), initials: z.string().nullable(), pin });
const ended = z.object({
  state: z.enum(['closed', 'escalated', 'aborted']),
  reason: z.string().nullable(),
  summary: z.object({
    software,
    host: z.string().nullable(),
    keys,
    items,
    /** Of a ceremony that ran by a plan. */
    plan: z.object({ lines: z.array(planLine) }).optional(),
  }),
});
const checkpoint = z.object({ seq: z.number(), head: z.string(), signature: z.string() });

/** The facts that a report tells; the others of its rows it shows and does not tell. */
const FACTS = {
  people: z.object({ people: everybody, place: z.string() }),
  pins: z.object({ people: z.array(z.object({ name: z.string(), initials: z.string() })) }),
  clock: z.object({ offset_seconds: z.number() }),
  signer: z.object({ fingerprint: z.string() }),
  policy: z.object({ sha256: z.string(), rules: z.record(z.string(), z.json()) }),
  plan: z.object({
    sha256: z.string(),
    plan: z.object({ title: z.string() }),
    approvals: z.array(
      z.object({
        name: z.string(),
        role: z.enum(['administrator', 'operator', 'witness', 'auditor']),
        initials: z.string(),
        at: z.string(),
      }),
    ),
  }),
} as const;
type Person = z.output<typeof everybody>[number];
type Facts = { -readonly [Name in keyof typeof FACTS]?: z.output<(typeof FACTS)[Name]> };

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
  if (first === undefined || last?.data['summary'] === undefined || head?.type !== 'checkpoint') throw noSummary();
  const start = read(begun, first);
  const { state, reason, summary } = read(ended, last);
  const facts = records.reduce(withFact, {});
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
      state,
      reason,
      begun_at: first.at,
      ended_at: last.at,
      place: facts.people?.place ?? null,
      clock_offset_seconds: facts.clock?.offset_seconds ?? null,
    },
    plan:
      facts.plan === undefined
        ? null
        : { sha256: facts.plan.sha256, title: facts.plan.plan.title, approvals: facts.plan.approvals, lines: summary.plan?.lines ?? [] },
    policy: facts.policy ?? null,
    people: everybodyOf(records, facts.people?.people ?? []).map((one) => withPin(one, facts.pins)),
    steps: stepsOf(records),
    exceptions: records.filter((one) => one.type === 'ceremony-exception').map((one) => ({ at: one.at, ...read(exception, one) })),
    keys: summary.keys,
    signers: facts.signer === undefined ? [] : [facts.signer.fingerprint],
    items: summary.items,
    ledger: { ledger_id: ledgerId, rows: [...rows], head: { seq, head: headDigest, signature } },
  };
}

/** Whoever chose a PIN is known by name and initials; a PIN stays theirs. */
function withPin(person: Person, pins: Facts['pins']): ReportBody['people'][number] {
  const has = pins?.people.some((one) => one.name === person.name && one.initials === person.initials) === true;
  return has ? { ...person, pin: true } : person;
}

/** Those who were there at the end, then those who had left by then, under whose initials something stands in the record. */
function everybodyOf(records: readonly RowRecord[], atTheEnd: readonly Person[]): Person[] {
  const found = [...atTheEnd];
  let facts: Facts = {};
  for (const record of records) {
    facts = withFact(facts, record);
    if (record.type !== 'ceremony-signed' && record.type !== 'ceremony-exception') continue;
    const left = facts.people?.people.find((one) => one.initials === record.data['initials']);
    if (left !== undefined && !found.some((one) => isSamePerson(one, left))) found.push(left);
  }
  return found;
}

function isSamePerson(one: Person, other: Person): boolean {
  return one.name === other.name && one.initials === other.initials && one.role === other.role;
}

/**
 * Each step as it was signed last, or as it stood when the ceremony was stopped at it, in the order in which people came to them.
 * What was signed before and voided stays in the rows.
 */
function stepsOf(records: readonly RowRecord[]): ReportBody['steps'] {
  const steps = new Map<string, ReportBody['steps'][number]>();
  let facts: Facts = {};
  for (const record of records) {
    facts = withFact(facts, record);
    if (record.type === 'ceremony-evidence') {
      const { step, evidence_sha256: digest, kinds, shown } = read(evidence, record);
      const before = steps.get(step);
      if (before?.evidence_sha256 === digest) continue;
      steps.set(step, {
        number: before?.number ?? steps.size + 1,
        id: step,
        title: stepTitle(step),
        checks: shown.checks,
        facts: shown.facts.map(({ name, value }, index) => ({ name, value, kind: kinds[index] ?? 'text' })),
        evidence_sha256: digest,
        signed: [],
      });
    }
    if (record.type === 'ceremony-signed') {
      const { step, role, initials, evidence_sha256: digest, ...rest } = read(signed, record);
      const line = steps.get(step);
      const whose = facts.people?.people.find((one) => one.role === role && one.initials === initials);
      if (line?.evidence_sha256 === digest) line.signed.push({ role, initials, name: whose?.name ?? '', at: record.at, ...rest });
    }
  }
  return [...steps.values()];
}

/** The facts that stand after one more record; null takes one back. */
function withFact(facts: Facts, record: RowRecord): Facts {
  if (record.type !== 'ceremony-fact') return facts;
  const { name, value } = read(fact, record);
  if (!isTold(name)) return facts;
  return { ...facts, [name]: value === null ? undefined : read(FACTS[name], { seq: record.seq, data: value }) };
}

function isTold(name: string): name is keyof typeof FACTS {
  return Object.hasOwn(FACTS, name);
}

function read<Shape extends z.ZodType>(schema: Shape, record: Pick<RowRecord, 'seq'> & { readonly data: unknown }): z.output<Shape> {
  const parsed = schema.safeParse(record.data);
  if (parsed.success) return parsed.data;
  throw inputError('report-rows', `event ${record.seq.toString()} is not what its type says`, { hint: 'run `coldroom ledger check`' });
}

function noSummary(): Error {
  return inputError('report-no-summary', 'this ceremony has not ended, or ended under a version that kept too little for a report', {
    hint: 'end the ceremony first; of an older one, export the ledger instead',
  });
}
