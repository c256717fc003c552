import { FIRST_WIDTH, factTable, type Fact } from './fact-table.ts';
import type { ReportBody } from './report.ts';
import type { Sheet } from './sheet.ts';
import { BODY, INITIALS, MONO, OK, QUIET, STOP, STRONG, WARN, coloured, type Style } from './style.ts';
import { drawTable, heightOf, type Table } from './table.ts';
import { WORDS } from './words.ts';

type Step = ReportBody['steps'][number];

const SAY = WORDS.report;

const RESULT_STYLES: Readonly<Record<Step['checks'][number]['result'], Style>> = {
  passed: coloured(BODY, OK),
  amber: coloured(STRONG, WARN),
  failed: coloured(STRONG, STOP),
  waits: QUIET,
};

const FACT_STYLES: Readonly<Record<Step['facts'][number]['kind'], Style>> = { text: BODY, id: MONO, hex: MONO, time: BODY };

/** Between a step's tables. */
const GAP = 5;

export function drawSteps(sheet: Sheet, { steps }: ReportBody): void {
  const [first] = steps;
  sheet.heading(2, SAY.steps, first ? 31 + neededFor(sheet, partsOf(first)) : 0);
  if (!first) sheet.paragraph(WORDS.none, BODY);
  for (const step of steps) drawStep(sheet, step);
}

function drawStep(sheet: Sheet, step: Step): void {
  const parts = partsOf(step);
  sheet.heading(3, SAY.step(step.number, step.title), neededFor(sheet, parts));
  for (const table of parts) {
    drawTable(sheet, table);
    sheet.gap(GAP);
  }
  if (step.signed.length === 0) sheet.paragraph(SAY.notSigned, coloured(STRONG, WARN), 'waits');
}

/** A step is kept on one page, unless that would leave half of one empty. */
function neededFor(sheet: Sheet, parts: readonly Table[]): number {
  const whole = parts.reduce((sum, table) => sum + heightOf(sheet, table) + GAP, 20);
  const [first] = parts;
  return whole < sheet.pageRoom / 2 ? whole : first ? heightOf(sheet, first, 2) : 20;
}

/** What it checked, what it found, who signed; a table of which there is nothing is left out. */
function partsOf(step: Step): Table[] {
  return [checkTable(step), factTable(factsOf(step)), signTable(step)].filter(({ rows }) => rows.length > 0);
}

function checkTable({ checks }: Step): Table {
  const [result, what, basis] = SAY.checkColumns;
  return {
    columns: [{ title: result, width: FIRST_WIDTH }, { title: what }, { title: basis, width: 152 }],
    heads: 'columns',
    rows: checks.map((one) => [
      [{ text: SAY.results[one.result], style: RESULT_STYLES[one.result], mark: one.result }],
      [{ text: WORDS.sentence(one.what), style: BODY }],
      [{ text: one.rests_on, style: QUIET }],
    ]),
  };
}

function factsOf({ facts, evidence_sha256: evidence }: Step): Fact[] {
  return [
    ...facts.map(({ name, value, kind }): Fact => [WORDS.name(name), kind === 'time' ? WORDS.time(value) : value, FACT_STYLES[kind]]),
    [SAY.evidence, evidence, MONO],
  ];
}

function signTable({ signed }: Step): Table {
  const [initials, name, role, time] = SAY.signColumns;
  return {
    columns: [{ title: initials, width: FIRST_WIDTH }, { title: name }, { title: role, width: 90 }, { title: time, width: 132 }],
    heads: 'columns',
    wash: true,
    rows: signed.map((one) => [
      [{ text: one.initials, style: INITIALS }, ...(one.pin === true ? [{ text: SAY.pin, style: QUIET }] : [])],
      [{ text: one.name, style: BODY }],
      [{ text: WORDS.role(one.role), style: BODY }],
      [{ text: WORDS.time(one.at), style: BODY }],
    ]),
  };
}
