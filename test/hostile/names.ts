import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvRow } from '../../main/operations/ledger/event-export.ts';
import { isPlainFileName } from '../../main/files/index.ts';
import { visible } from '../../renderer/words/visible.ts';
import { Lane } from '../network/lane.ts';
import { Dice, type Campaign, type Figure } from '../proof/campaign.ts';

/** Names that a file of a careless or hostile colleague may have; every one of them can lie in a folder on Linux. */
export const HOSTILE_NAMES: readonly string[] = [
  '..a',
  '...',
  '-rf',
  '--out',
  'CON',
  'nul.txt',
  'COM1',
  'a.',
  'a ',
  ' a',
  'a\\b',
  '..\\..\\windows',
  'C:evil',
  'a:stream',
  'a\nb',
  'a\u001b[31mred',
  'a\u202egnp.exe',
  'a\u200bb',
  '=cmd|\u0027 -C calc\u0027!A0',
  '+1+1;=2',
  '@SUM(A1)\t=1',
  '<script>alert(1)<﹤',
  '&lt;img src=x&gt;',
  '"quoted"',
  '${HOME}`id`$(id)',
  '__proto__',
  'é'.repeat(60),
];

const TRIGGER = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** How spreadsheets cut a line that they do not know the dialect of: by any of these, whatever quotes stand in its middle. */
const cellsOf = (row: string): string[] =>
  [/[;\t\r\n]/, /[;\t\r\n,]/].flatMap((between) => row.split(between).map((cell, at) => cell.replace(at === 0 ? /^"/ : /^"+/, '')));

/** Rows of an export with names that were made for it: no cell is a formula, wherever a spreadsheet begins one. */
export function formulaCampaign({ seed }: Campaign, rows: number): Figure {
  const losses: string[] = [];
  const pieces = ['=', '+', '-', '@', '＝', ';', '\t', '\r\n', '\n', ',', '"', "'", ' ', '\u00a0', 'a', '1', 'cmd|x!A0', '\u0000'];
  for (let at = 0; at < rows; at += 1) {
    const dice = new Dice(seed + at);
    const cell = Array.from({ length: 1 + dice.below(8) }, () => dice.pick(pieces)).join('');
    const row = csvRow(['x', cell]);
    const within = row.slice(row.indexOf(',') + 1, -2);
    // A comma in a cell stands in quotes, which every reader of commas honours.
    const formula = cellsOf(within.replaceAll(',', '_')).find((one) => TRIGGER.test(one));
    if (formula !== undefined) losses.push(`seed ${(seed + at).toString()}: ${JSON.stringify(cell)} is written ${JSON.stringify(row)}`);
  }
  return { what: 'cells that want to be formulas', runs: 0, faults: 0, inputs: rows, losses, left_out: null };
}

/** Files and wallets of hostile names, through sealing, storing and every export; nothing is written outside, nothing is told as it is. */
export async function namesCampaign(): Promise<Figure> {
  const losses: string[] = [];
  const lane = new Lane('operations');
  let inputs = 0;
  try {
    await lane.open();
    mkdirSync(lane.path('odd'));
    for (const name of HOSTILE_NAMES) writeFileSync(join(lane.path('odd'), name), `secret ${name}`);
    const before = outside(lane);
    const { items } = (await lane.must('seal', { key: lane.path('key.json'), in: lane.path('odd'), out: lane.path('sealed') })) as {
      items: { file: string }[];
    };
    if (items.length !== HOSTILE_NAMES.length)
      losses.push(`${items.length.toString()} of ${HOSTILE_NAMES.length.toString()} files were sealed`);
    await lane.must('store', { files: items.map((one) => one.file), out: lane.path('receipts') });
    const strays = outside(lane).filter((name) => !before.includes(name) && name !== 'sealed' && name !== 'receipts');
    if (strays.length > 0) losses.push(`written outside: ${JSON.stringify(strays)}`);
    for (const name of readdirSync(lane.path('receipts')))
      if (!isPlainFileName(name)) losses.push(`a receipt is called ${JSON.stringify(name)}`);
    inputs += HOSTILE_NAMES.length;
    for (const user of HOSTILE_NAMES.filter((one) => one.trim() === one)) {
      const out = lane.path(`${lane.fresh('pack')}.json`);
      const end = await lane.run('assign', lane.assignInput(user, out));
      inputs += 1;
      const wanted = /\p{Cc}/u.test(user) ? 2 : 0;
      if (end.exit !== wanted)
        losses.push(`assign for ${JSON.stringify(user)}: exit ${end.exit.toString()} (${end.code ?? ''}), not ${wanted.toString()}`);
    }
    losses.push(
      ...(await wrongInExports(lane)),
      ...HOSTILE_NAMES.filter((name) => HIDDEN.test(visible(name))).map((name) => `shown as it is: ${JSON.stringify(name)}`),
    );
    const check = await lane.run('ledger.check', {});
    if (check.exit !== 0) losses.push(`ledger check: ${check.code ?? ''}`);
  } finally {
    await lane.close();
  }
  return { what: 'hostile names of files and wallets, from sealing to export', runs: 0, faults: 0, inputs, losses, left_out: null };
}

const HIDDEN = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const outside = (lane: Lane): string[] => readdirSync(lane.folder);

async function wrongInExports(lane: Lane): Promise<string[]> {
  const losses: string[] = [];
  for (const format of ['csv', 'events-csv']) {
    const out = lane.path(`export-${format}`);
    await lane.must('ledger.export', { format, out });
    const formula = cellsOf(readFileSync(out, 'utf8').replace(/"(?:[^"]|"")*"/g, (quoted) => quoted.replaceAll(',', '_'))).find((cell) =>
      TRIGGER.test(cell),
    );
    if (formula !== undefined) losses.push(`${format}: ${JSON.stringify(formula)}`);
  }
  for (const format of ['json', 'jsonl']) {
    const out = lane.path(`export-${format}`);
    await lane.must('ledger.export', { format, out });
    for (const text of format === 'json' ? [readFileSync(out, 'utf8')] : readFileSync(out, 'utf8').trim().split('\n')) JSON.parse(text);
  }
  return losses;
}
