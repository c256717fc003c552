import { canonicalJson, sha256, type Sha256 } from '../values/index.ts';
import { drawFingerprint, FINGERPRINT_HEIGHT } from './fingerprint.ts';
import { loadFonts } from './fonts.ts';
import { frameOf } from './frame.ts';
import type { PaperSize } from './report.ts';
import { Sheet } from './sheet.ts';
import { BODY, QUIET, STRONG, SUBTITLE } from './style.ts';
import { drawTable, heightOf, type Cell, type Column, type Table } from './table.ts';
import { WORDS } from './words.ts';

/** What a script says on paper. */
export type ScriptForm = {
  /** As the record names it, `cold: seal`. */
  readonly script: string;
  /** As people call it. */
  readonly title: string;
  readonly environment: string;
  readonly paper: PaperSize;
  /** `name` is empty where it is not known beforehand: a line to write on. */
  readonly people: readonly { readonly name: string; readonly role: string }[];
  /** `text` is what is done, one paragraph each; `roles` sign it. */
  readonly steps: readonly {
    readonly number: number;
    readonly id: string;
    readonly title: string;
    readonly text: readonly string[];
    readonly roles: readonly string[];
  }[];
  /** Of the plan that it will run by; null: none is named on paper. */
  readonly planDigest: Sha256 | null;
  readonly version: string;
};

const SAY = WORDS.script;
const EXCEPTION_ROWS = 8;
/** High enough for a pen. */
const BOX = 27;

/** A paper copy holds no time: the properties want one, and this says plainly that it is none. */
const NO_TIME = new Date(0);

/** The script on paper. See {@link renderScript} in `index.ts`. */
export async function printScript(form: ScriptForm): Promise<Buffer> {
  const digest = scriptDigest(form);
  const sheet = new Sheet(
    loadFonts(),
    { paper: form.paper, title: SAY.documentTitle(form.title), digest, createdAt: NO_TIME },
    frameOf({ environment: form.environment, name: SAY.name(form.script), digestLabel: SAY.digest, digest }),
  );
  drawTitle(sheet, form);
  if (form.planDigest !== null) drawPlan(sheet, form.planDigest);
  drawPeople(sheet, form);
  drawSteps(sheet, form);
  drawExceptions(sheet);
  drawSignatures(sheet, form);
  return await sheet.finish();
}

/** SHA-256 of the RFC 8785 form of all that is said, whatever the paper. */
function scriptDigest({ script, title, environment, people, steps, planDigest, version }: ScriptForm): Sha256 {
  // Without a plan the digest is what it was before scripts could name one.
  return sha256(
    canonicalJson({ script, title, environment, people, steps, version, ...(planDigest === null ? {} : { plan: planDigest }) }),
  );
}

/** The plan's own digest, which people compare with the screen before anything is done. */
function drawPlan(sheet: Sheet, digest: Sha256): void {
  sheet.heading(2, SAY.plan, FINGERPRINT_HEIGHT + 20);
  sheet.paragraph(SAY.planSays, QUIET);
  sheet.gap(6);
  drawFingerprint(sheet, digest, SAY.thePlan);
}

function drawTitle(sheet: Sheet, { title, version }: ScriptForm): void {
  sheet.heading(1, SAY.title, 0);
  sheet.paragraph(SAY.subtitle(title, version), SUBTITLE);
  sheet.gap(10);
  sheet.paragraph(SAY.say, BODY);
  sheet.gap(12);
  drawTable(
    sheet,
    boxes(
      [{ title: SAY.fillColumns[0], width: 200 }, { title: '' }],
      SAY.fill.map((name) => [name]),
      'rows',
    ),
  );
}

/** A table to write into: the first cells of each row are printed, the others empty. */
function boxes(columns: readonly Column[], rows: readonly (readonly string[])[], heads: Table['heads'] = 'columns', height = BOX): Table {
  return {
    columns,
    heads,
    boxesOf: height,
    rows: rows.map((texts) => columns.map((_, at): Cell => (texts[at] ? [{ text: texts[at], style: at === 0 ? STRONG : BODY }] : []))),
  };
}

function drawPeople(sheet: Sheet, { people }: ScriptForm): void {
  sheet.heading(2, SAY.people, 100);
  const [name, role, initials] = SAY.peopleColumns;
  drawTable(
    sheet,
    boxes(
      [{ title: name }, { title: role, width: 130 }, { title: initials, width: 90 }],
      people.map((one) => [one.name, WORDS.role(one.role)]),
    ),
  );
}

function drawSteps(sheet: Sheet, { steps }: ScriptForm): void {
  sheet.heading(2, SAY.steps, 170);
  const [role, initials, time, remarks] = SAY.stepColumns;
  for (const step of steps) {
    const table = boxes(
      [{ title: role, width: 92 }, { title: initials, width: 74 }, { title: time, width: 84 }, { title: remarks }],
      step.roles.map((one) => [WORDS.role(one)]),
    );
    const lines = step.text.flatMap((text) => sheet.breaker.break({ text, style: BODY }, sheet.width));
    sheet.heading(
      3,
      WORDS.report.step(step.number, step.title),
      10 + lines.length * BODY.leading + 3 * step.text.length + heightOf(sheet, table),
    );
    for (const text of step.text) {
      sheet.paragraph(text, BODY);
      sheet.gap(3);
    }
    sheet.gap(3);
    drawTable(sheet, table);
  }
}

function drawExceptions(sheet: Sheet): void {
  sheet.heading(2, SAY.exceptions, 260);
  sheet.paragraph(SAY.exceptionsSay, QUIET);
  sheet.gap(4);
  const [number, time, step, what, first, second] = SAY.exceptionColumns;
  drawTable(
    sheet,
    boxes(
      [
        { title: number, width: 34 },
        { title: time, width: 78 },
        { title: step, width: 48 },
        { title: what },
        { title: first, width: 56 },
        { title: second, width: 56 },
      ],
      Array.from({ length: EXCEPTION_ROWS }, (_, index) => [(index + 1).toString()]),
    ),
  );
}

function drawSignatures(sheet: Sheet, { people }: ScriptForm): void {
  const [name, role, signature, date] = SAY.signatureColumns;
  const table = boxes(
    [{ title: name, width: 150 }, { title: role, width: 84 }, { title: signature }, { title: date, width: 90 }],
    people.map((one) => [one.name, WORDS.role(one.role)]),
    'columns',
    40,
  );
  sheet.heading(2, SAY.sign, 120 + heightOf(sheet, table));
  sheet.paragraph(SAY.signSays, QUIET);
  sheet.gap(4);
  drawTable(sheet, boxes([{ title: '', width: 150 }, { title: '' }], [[SAY.digestBox]], 'rows', 44));
  sheet.gap(10);
  drawTable(sheet, table);
}
