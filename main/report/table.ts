import type { Line, Piece } from './lines.ts';
import type { Sheet, Tag } from './sheet.ts';
import { EDGE, HEAD, WASH } from './style.ts';

export type Cell = readonly Piece[];

export type Column = {
  /** Empty in a table without a header row. */
  readonly title: string;
  /** In points; a column without a width shares what the others leave. */
  readonly width?: number;
};

export type Table = {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Columns are told by their titles, repeated on each page; otherwise each row by its first cell. */
  readonly heads: 'columns' | 'rows';
  /** A tint behind the rows. */
  readonly wash?: boolean;
  /** Boxes to write in: every cell has an outline, and rows have at least this height. */
  readonly boxesOf?: number;
};

const GUTTER = 10;
const PAD = 2.8;
/** How far a tint reaches beyond the text on either side. */
const WASH_REACH = 6;
const BOX_PAD = 5;

/** A row's cells, broken into lines. */
type Laid = { readonly cells: readonly (readonly Line[])[]; readonly height: number };

/**
 * Draws a table. A row that fits on a page is never parted; a higher one is, between its lines. Where it goes on to another page,
 * its head does too.
 */
export function drawTable(sheet: Sheet, table: Table): void {
  const places = placesOf(sheet, table);
  const tag = sheet.tag(null, 'Table');
  const rows = table.rows.map((cells) => lay(sheet, table, cells, places));
  const head = layHead(sheet, table, places);
  const headed = table.heads === 'columns';
  const first = rows[0];
  if (first) sheet.need((headed ? head.height : 0) + first.height);
  if (headed) drawHead(sheet, places, head, table, tag);
  for (const [index, row] of rows.entries()) {
    drawRow(sheet, places, row, table, tag, () => {
      if (headed) drawHead(sheet, places, head, table, null);
    });
    if (table.boxesOf === undefined && index < rows.length - 1) sheet.rule(sheet.y);
  }
}

/** How high a table, or its first `rows` rows, will be where it is not parted. */
export function heightOf(sheet: Sheet, table: Table, rows = table.rows.length): number {
  const places = placesOf(sheet, table);
  const head = table.heads === 'columns' ? layHead(sheet, table, places).height : 0;
  return table.rows.slice(0, rows).reduce((sum, cells) => sum + lay(sheet, table, cells, places).height, head);
}

type Place = { readonly x: number; readonly width: number };

function placesOf(sheet: Sheet, { columns, boxesOf }: Table): Place[] {
  const gutter = boxesOf === undefined ? GUTTER : 0;
  const given = columns.reduce((sum, { width = 0 }) => sum + width, 0) + gutter * (columns.length - 1);
  const shared = (sheet.width - given) / columns.filter(({ width }) => width === undefined).length;
  let x = sheet.left;
  return columns.map(({ width = shared }) => {
    const place = { x, width };
    x += width + gutter;
    return place;
  });
}

const padOf = (table: Table): number => (table.boxesOf === undefined ? PAD : BOX_PAD);
/** Text keeps its distance to a box's sides; without boxes the gutter does that. */
const insetOf = (table: Table): number => (table.boxesOf === undefined ? 0 : BOX_PAD);

function lay(sheet: Sheet, table: Table, cells: readonly Cell[], places: readonly Place[], least = table.boxesOf ?? 0): Laid {
  const laid = cells.map((pieces, at) =>
    pieces.flatMap((piece) => sheet.breaker.break(piece, (places[at]?.width ?? 0) - 2 * insetOf(table))),
  );
  return { cells: laid, height: Math.max(least, ...laid.map((lines) => heightOfLines(lines) + 2 * padOf(table))) };
}

function layHead(sheet: Sheet, table: Table, places: readonly Place[]): Laid {
  const titles = table.columns.map(({ title }): Cell => [{ text: title, style: HEAD }]);
  return lay(sheet, table, titles, places, 0);
}

function heightOfLines(lines: readonly Line[]): number {
  return lines.reduce((sum, { style }) => sum + style.leading, 0);
}

/** @param parent null where the head is repeated: to a screen reader it has been said. */
function drawHead(sheet: Sheet, places: readonly Place[], head: Laid, table: Table, parent: Tag | null): void {
  const row = parent === null ? null : sheet.tag(parent, 'TR');
  for (const [at, lines] of head.cells.entries()) {
    const draw = () => {
      sheet.lines(lines, (places[at]?.x ?? 0) + insetOf(table), sheet.y + padOf(table));
    };
    if (row === null) sheet.artifact(draw, { type: 'Pagination' });
    else sheet.content(sheet.tag(row, 'TH', { scope: 'Column' }), 'TH', draw);
  }
  sheet.gap(head.height);
  sheet.rule(sheet.y, EDGE);
}

function drawRow(sheet: Sheet, places: readonly Place[], row: Laid, table: Table, parent: Tag, onNewPage: () => void): void {
  const turn = () => {
    sheet.newPage();
    onNewPage();
  };
  if (row.height > sheet.room && row.height <= sheet.pageRoom - 40) turn();
  const tag = sheet.tag(parent, 'TR');
  const cells = row.cells.map((_, at) => {
    const isHead = table.heads === 'rows' && at === 0;
    return { type: isHead ? 'TH' : 'TD', tag: sheet.tag(tag, isHead ? 'TH' : 'TD', isHead ? { scope: 'Row' } : {}) };
  });
  let left = row.cells.map((lines) => [...lines]);
  for (;;) {
    const room = sheet.room - 2 * padOf(table);
    const now = left.map((lines) => takeWhatFits(lines, room));
    if (now.every((lines) => lines.length === 0) && left.some((lines) => lines.length > 0)) {
      turn();
      continue;
    }
    left = left.map((lines, at) => lines.slice(now[at]?.length));
    const done = left.every((lines) => lines.length === 0);
    const least = done && now.every((lines, at) => lines.length === row.cells[at]?.length) ? row.height : 0;
    drawPart(sheet, places, now, cells, table, least);
    if (done) return;
    turn();
  }
}

function takeWhatFits(lines: readonly Line[], room: number): Line[] {
  let used = 0;
  const count = lines.findIndex(({ style }) => (used += style.leading) > room);
  return count === -1 ? [...lines] : lines.slice(0, count);
}

function drawPart(
  sheet: Sheet,
  places: readonly Place[],
  part: readonly (readonly Line[])[],
  cells: readonly { type: string; tag: Tag }[],
  table: Table,
  least: number,
): void {
  const height = Math.max(least, ...part.map((lines) => heightOfLines(lines) + 2 * padOf(table)));
  const top = sheet.y + padOf(table);
  if (table.wash) {
    sheet.artifact(() => {
      sheet.pdf.rect(sheet.left - WASH_REACH, sheet.y, sheet.width + 2 * WASH_REACH, height).fill(WASH);
    });
  }
  for (const [at, { x, width }] of places.entries()) {
    if (table.boxesOf !== undefined) {
      sheet.artifact(() => {
        sheet.pdf.lineWidth(0.6).rect(x, sheet.y, width, height).stroke(EDGE);
      });
    }
    let y = top;
    for (const line of part[at] ?? []) {
      if (line.mark) sheet.mark(line.mark, x + insetOf(table), y + line.style.leading / 2);
      y += line.style.leading;
    }
  }
  for (const [at, cell] of cells.entries()) {
    sheet.content(cell.tag, cell.type, () => {
      sheet.lines(part[at] ?? [], (places[at]?.x ?? 0) + insetOf(table), top);
    });
  }
  sheet.gap(height);
}
