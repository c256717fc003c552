import { factTable } from './fact-table.ts';
import { drawFingerprint, FINGERPRINT_HEIGHT } from './fingerprint.ts';
import type { ReportBody } from './report.ts';
import type { Sheet } from './sheet.ts';
import { BODY, OK, QUIET, SMALL, STOP, STRONG, WARN, coloured, type Style } from './style.ts';
import { drawTable, type Table } from './table.ts';
import { WORDS } from './words.ts';

type Plan = NonNullable<ReportBody['plan']>;
type Line = Plan['lines'][number];
type Result = Line['result'];

const SAY = WORDS.report.byPlan;

/** How each result is marked: in colour, and by a sign and a word beside it. */
const MARKS: Readonly<Record<Result, { readonly style: Style; readonly mark: 'passed' | 'amber' | 'failed' | 'waits' }>> = {
  'as-planned': { style: coloured(BODY, OK), mark: 'passed' },
  rehearsal: { style: coloured(BODY, OK), mark: 'passed' },
  excepted: { style: coloured(STRONG, WARN), mark: 'amber' },
  unchecked: { style: coloured(STRONG, WARN), mark: 'amber' },
  departs: { style: coloured(STRONG, STOP), mark: 'failed' },
  'not-done': { style: QUIET, mark: 'waits' },
  elsewhere: { style: QUIET, mark: 'waits' },
};

/** The plan's digest as it was read aloud, who approved it, and what was planned against what was done. */
export function drawPlanned(sheet: Sheet, plan: Plan): void {
  sheet.heading(2, SAY.title, FINGERPRINT_HEIGHT + 40);
  drawTable(
    sheet,
    factTable([
      [SAY.plan, plan.title],
      [SAY.approved, plan.approvals.length === 0 ? SAY.notApproved : plan.approvals.map(approvalText).join('; ')],
    ]),
  );
  sheet.gap(8);
  drawFingerprint(sheet, plan.sha256, SAY.theDigest);
  drawTable(sheet, lineTable(plan.lines));
}

function approvalText({ name, initials, at }: Plan['approvals'][number]): string {
  return `${name} (${initials}), ${WORDS.time(at)}`;
}

function lineTable(lines: readonly Line[]): Table {
  const [result, planned, done] = SAY.columns;
  return {
    columns: [{ title: result, width: 84 }, { title: planned }, { title: done }],
    heads: 'columns',
    rows: lines.map((line) => [
      [{ text: SAY.results[line.result], style: MARKS[line.result].style, mark: MARKS[line.result].mark }],
      [
        { text: line.planned ?? SAY.nothing, style: line.planned === null ? QUIET : BODY },
        ...(line.place === '' ? [] : [{ text: line.place, style: SMALL }]),
      ],
      [
        { text: line.done ?? SAY.nothing, style: line.done === null ? QUIET : BODY },
        ...line.exceptions.map((one) => ({ text: SAY.exception(one.code, one.initials.join(', '), one.reason), style: SMALL })),
      ],
    ]),
  };
}
