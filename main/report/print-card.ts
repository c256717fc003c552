import { canonicalJson, sha256 } from '../values/index.ts';
import { loadFonts } from './fonts.ts';
import { frameOf } from './frame.ts';
import type { PaperSize } from './report.ts';
import { Sheet } from './sheet.ts';
import { BODY, EDGE, QUIET, STRONG, SUBTITLE } from './style.ts';
import { drawTable, type Cell, type Column, type Table } from './table.ts';
import { WORDS } from './words.ts';

/** What an empty card depends on. */
export type CardForm = {
  /** How many lines for words it has, 6 to 24. */
  readonly words: number;
  readonly paper: PaperSize;
  readonly version: string;
};

const SAY = WORDS.card;
/** High enough for a pen; the more words, the more columns, so that everything stays on one page. */
const WORD_HEIGHT = 30;
const ROWS = 4;
const MOST_COLUMNS = 4;
/** Of everything else that is written by hand. */
const BOX = 23;
const TICK = 9;
const NO_TIME = new Date(0);

/** The card on paper. See {@link renderCard} in `index.ts`. */
export async function printCard(form: CardForm): Promise<Buffer> {
  const digest = sha256(canonicalJson({ card: 1, words: form.words, version: form.version }));
  const sheet = new Sheet(
    loadFonts(),
    { paper: form.paper, title: SAY.documentTitle, digest, createdAt: NO_TIME },
    frameOf({ environment: '', name: SAY.name, digestLabel: SAY.digest, digest }),
  );
  sheet.heading(1, SAY.title, 0);
  sheet.paragraph(SAY.subtitle(form.words, form.version), SUBTITLE);
  sheet.gap(4);
  sheet.paragraph(SAY.say, BODY);
  sheet.gap(7);
  drawTable(sheet, labelled(SAY.about));
  drawParts(sheet);
  drawWords(sheet, form.words);
  sheet.heading(2, SAY.bag, 0);
  sheet.paragraph(SAY.bagSays, QUIET);
  sheet.gap(3);
  drawTable(sheet, labelled(SAY.bagRows));
  sheet.gap(4);
  const [role, initials, signature] = SAY.signatureColumns;
  drawTable(
    sheet,
    boxes(
      [{ title: role, width: 150 }, { title: initials, width: 80 }, { title: signature }],
      SAY.signatureRows.map((one) => [one]),
      'columns',
    ),
  );
  return await sheet.finish();
}

/** Three boxes to tick, each with what it stands for. */
function drawParts(sheet: Sheet): void {
  sheet.heading(2, SAY.part, 0);
  sheet.paragraph(SAY.partSays, QUIET);
  sheet.gap(4);
  const tag = sheet.tag(null, 'P');
  let x = sheet.left;
  for (const part of SAY.parts) {
    const [at, top] = [x, sheet.y];
    sheet.artifact(() => {
      sheet.pdf
        .lineWidth(0.8)
        .rect(at, top + (STRONG.leading - TICK) / 2, TICK, TICK)
        .stroke(EDGE);
    });
    sheet.content(tag, 'P', () => {
      sheet.line(part, STRONG, at + TICK + 5, top);
    });
    x += TICK + 5 + sheet.breaker.widthOf(part, STRONG) + 26;
  }
  sheet.gap(STRONG.leading);
}

/** Numbered lines in columns, read down the first, then down the next. */
function drawWords(sheet: Sheet, count: number): void {
  const columns = Math.min(MOST_COLUMNS, Math.max(2, Math.ceil(count / ROWS)));
  const rows = Math.ceil(count / columns);
  const [number, word] = SAY.wordColumns;
  sheet.heading(2, SAY.words, 0);
  sheet.paragraph(SAY.wordsSay, QUIET);
  sheet.gap(3);
  const pairs = Array.from({ length: columns }, (_, at) => at);
  drawTable(
    sheet,
    boxes(
      pairs.flatMap((): Column[] => [{ title: number, width: 28 }, { title: word }]),
      Array.from({ length: rows }, (_, row) =>
        pairs.flatMap((pair) => {
          const place = pair * rows + row + 1;
          return [place <= count ? place.toString() : '', ''];
        }),
      ),
      'columns',
      count > ROWS * MOST_COLUMNS ? BOX : WORD_HEIGHT,
    ),
  );
}

function labelled(rows: readonly string[]): Table {
  return boxes(
    [{ title: '', width: 150 }, { title: '' }],
    rows.map((one) => [one]),
    'rows',
  );
}

/** A table to write into: where a text is given it is printed, the other cells are empty. */
function boxes(columns: readonly Column[], rows: readonly (readonly string[])[], heads: Table['heads'], height: number = BOX): Table {
  return {
    columns,
    heads,
    boxesOf: height,
    rows: rows.map((texts) => columns.map((_, at): Cell => (texts[at] ? [{ text: texts[at], style: STRONG }] : []))),
  };
}
