import type { Sheet } from './sheet.ts';
import { BODY, QUIET, type Style } from './style.ts';
import { drawTable, heightOf, type Cell, type Table } from './table.ts';
import { WORDS } from './words.ts';

/** Names of facts, results of checks and initials share one edge down the page. */
export const FIRST_WIDTH = 112;

export type Fact = readonly [name: string, value: string, style?: Style];

export function factTable(facts: readonly Fact[]): Table {
  return {
    columns: [{ title: '', width: FIRST_WIDTH }, { title: '' }],
    heads: 'rows',
    rows: facts.map(([name, value, style = BODY]): Cell[] => [[{ text: name, style: QUIET }], [{ text: value, style }]]),
  };
}

/** A heading and its table, of which at least the beginning stands on the same page; where the table is empty, it says so. */
export function drawSection(sheet: Sheet, title: string, table: Table): void {
  sheet.heading(2, title, heightOf(sheet, table, 2));
  if (table.rows.length === 0) sheet.paragraph(WORDS.none, BODY);
  else drawTable(sheet, table);
}
