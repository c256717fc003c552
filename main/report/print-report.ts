import { canonicalJson, type Json } from '../values/index.ts';
import { drawCustody } from './report-custody.ts';
import { drawPlanned } from './report-plan.ts';
import { drawSteps } from './report-steps.ts';
import { drawSection, factTable, type Fact } from './fact-table.ts';
import { drawFingerprint, FINGERPRINT_HEIGHT } from './fingerprint.ts';
import { loadFonts } from './fonts.ts';
import { frameOf } from './frame.ts';
import { reportDigest, type PaperSize, type ReportBody } from './report.ts';
import { Sheet } from './sheet.ts';
import { BODY, MONO, OK, QUIET, STOP, STRONG, SUBTITLE, coloured } from './style.ts';
import { drawTable, heightOf, type Table } from './table.ts';
import { WORDS } from './words.ts';

const SAY = WORDS.report;
const SIGNATURE_HEIGHT = 40;

/** The report on paper. See `renderReport` in `index.ts`. */
export async function printReport(body: ReportBody, paper: PaperSize): Promise<Buffer> {
  const { ceremony } = body;
  const digest = reportDigest(body);
  const sheet = new Sheet(
    loadFonts(),
    { paper, title: SAY.documentTitle(ceremony.number), digest, createdAt: new Date(ceremony.ended_at) },
    frameOf({ environment: ceremony.environment, name: SAY.title(ceremony.number), digestLabel: SAY.digest, digest }),
  );
  drawTitle(sheet, body);
  drawSection(sheet, SAY.people, peopleTable(body));
  drawSection(sheet, SAY.policy, policyTable(body));
  if (body.plan !== null) drawPlanned(sheet, body.plan);
  drawSteps(sheet, body);
  drawSection(sheet, SAY.exceptions, exceptionTable(body));
  drawCustody(sheet, body);
  drawSection(sheet, SAY.record, recordTable(body));
  drawSignatures(sheet, body, digest);
  return await sheet.finish();
}

function drawTitle(sheet: Sheet, { ceremony, station, steps, exceptions, keys, items }: ReportBody): void {
  const { text, mark } = SAY.states[ceremony.state];
  sheet.heading(1, SAY.title(ceremony.number), 0);
  sheet.paragraph(SAY.subtitle(ceremony.script, ceremony.environment, station.name), SUBTITLE);
  sheet.gap(10);
  sheet.paragraph(text, coloured(STRONG, ceremony.state === 'closed' ? OK : STOP), mark);
  if (ceremony.reason !== null) sheet.paragraph(SAY.reason(ceremony.reason), BODY);
  sheet.gap(10);
  const say = SAY.facts;
  const facts: Fact[] = [
    [say.ceremony, ceremony.id, MONO],
    [say.script, ceremony.script],
    [say.environment, ceremony.environment],
    [say.host, ceremony.host ?? say.noHost],
    [say.station, say.stationOf(station.name, station.role)],
    [say.place, ceremony.place ?? WORDS.notRecorded],
    [say.begun, WORDS.time(ceremony.begun_at)],
    [say.ended, WORDS.time(ceremony.ended_at)],
    [say.clock, SAY.clock(ceremony.clock_offset_seconds)],
    [
      say.extent,
      [
        say.signed(steps.filter(({ signed }) => signed.length > 0).length, steps.length),
        WORDS.count(exceptions.length, 'exception'),
        WORDS.count(keys.length, 'key'),
        WORDS.count(items.length, 'sealed item'),
      ].join(' · '),
    ],
  ];
  drawTable(sheet, factTable(facts));
}

function peopleTable({ people }: ReportBody): Table {
  const [name, role, initials] = SAY.peopleColumns;
  return {
    columns: [{ title: name }, { title: role, width: 120 }, { title: initials, width: 100 }],
    heads: 'columns',
    rows: people.map((one) => [
      [{ text: one.name, style: STRONG }],
      [{ text: WORDS.role(one.role), style: BODY }],
      [{ text: one.pin === true ? SAY.withPin(one.initials) : one.initials, style: BODY }],
    ]),
  };
}

function policyTable({ policy, plan }: ReportBody): Table {
  return factTable([
    policy === null ? [SAY.policyDigest, SAY.noPolicy] : [SAY.policyDigest, policy.sha256, MONO],
    ...Object.entries(policy?.rules ?? {}).map(([name, value]): Fact => [WORDS.name(name), ruleText(value)]),
    plan === null ? [SAY.plan, SAY.noPlan] : [SAY.plan, plan.sha256, MONO],
  ]);
}

/** A rule in words as far as one level goes; below that as it stands in the policy file. */
function ruleText(value: Json): string {
  if (Array.isArray(value) && value.length > 0 && value.every(isScalar)) return value.map(scalarText).join(', ');
  if (isScalar(value)) return scalarText(value);
  const entries = Object.entries(value);
  if (Array.isArray(value) || entries.length === 0 || !entries.every(([, one]) => isScalar(one))) return canonicalJson(value);
  return entries.map(([name, one]) => `${name.replaceAll('_', ' ')}: ${scalarText(one as Scalar)}`).join(', ');
}

type Scalar = string | number | boolean | null;

function isScalar(value: Json): value is Scalar {
  return value === null || typeof value !== 'object';
}

function scalarText(value: Scalar): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value.toString();
}

function exceptionTable({ exceptions }: ReportBody): Table {
  const [time, step, what, initials] = SAY.exceptionColumns;
  return {
    columns: [{ title: time, width: 132 }, { title: step, width: 70 }, { title: what }, { title: initials, width: 52 }],
    heads: 'columns',
    rows: exceptions.map((one) => [
      [{ text: WORDS.time(one.at), style: BODY }],
      [{ text: one.step, style: BODY }],
      [{ text: one.text, style: BODY }],
      [{ text: one.initials ?? '', style: STRONG }, ...(one.pin === true ? [{ text: SAY.pin, style: QUIET }] : [])],
    ]),
  };
}

function recordTable({ software, station, ledger }: ReportBody): Table {
  const say = SAY.recordFacts;
  const seqs = ledger.rows.map(({ seq }) => seq);
  const bare = ledger.rows.filter(({ bytes }) => bytes === null).length;
  return factTable([
    [say.software, say.version(software.version)],
    software.sha256 === null ? [say.bundle, say.fromSources] : [say.bundle, software.sha256, MONO],
    [say.station, station.id, MONO],
    [say.key, station.public_key, MONO],
    [say.ledger, ledger.ledger_id, MONO],
    [say.rows, say.rowsOf(seqs[0] ?? 0, seqs.at(-1) ?? 0, seqs.length, bare)],
    [say.headSeq, ledger.head.seq.toString()],
    [say.head, ledger.head.head, MONO],
    [say.signature, ledger.head.signature, MONO],
  ]);
}

function drawSignatures(sheet: Sheet, { people }: ReportBody, digest: string): void {
  const [name, role, signature, date] = SAY.signatureColumns;
  const table: Table = {
    columns: [{ title: name, width: 150 }, { title: role, width: 84 }, { title: signature }, { title: date, width: 90 }],
    heads: 'columns',
    boxesOf: SIGNATURE_HEIGHT,
    rows: people.map((one) => [[{ text: one.name, style: STRONG }], [{ text: WORDS.role(one.role), style: BODY }], [], []]),
  };
  // What is signed and the signatures stand on one page, where they fit on one.
  const above = FINGERPRINT_HEIGHT + 60;
  const whole = above + heightOf(sheet, table);
  sheet.heading(2, SAY.sign, whole < sheet.pageRoom - 60 ? whole : above + heightOf(sheet, table, 1));
  sheet.paragraph(SAY.digestSays, QUIET);
  sheet.gap(8);
  drawFingerprint(sheet, digest, SAY.theDigest);
  sheet.gap(4);
  sheet.paragraph(SAY.signSays, QUIET);
  sheet.gap(4);
  if (people.length > 0) drawTable(sheet, table);
}
