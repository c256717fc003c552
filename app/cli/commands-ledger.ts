import type { OutputOf } from '../../main/operations/index.ts';
import { usage, type OptionValue } from './arguments.ts';
import { given, need, noWords, words, type Command } from './command.ts';
import { lines } from './text.ts';

/** The station's memory. */
export const LEDGER_COMMANDS: readonly Command[] = [
  {
    words: ['ledger', 'list'],
    synopsis: '[--all]',
    summary: 'The backups that CoinCover holds or may hold; with --all everything that was ever sealed.',
    options: { all: 'flag' },
    operation: 'ledger.list',
    input: (parsed) => {
      noWords(parsed);
      return given(parsed, { all: 'all' });
    },
    text: (output) => {
      const { backups, assignments } = output as OutputOf<'ledger.list'>;
      return lines(
        ...backups.map(
          (one) =>
            `${one.environment}\t${one.state}\tbackup ${one.backup_id ?? 'unknown'}\titem ${one.item_id}\t${JSON.stringify(one.name)}\tlast check ${one.last_check ?? 'none'}`,
        ),
        ...assignments.map(
          (one) => `${one.environment}\tassignment ${one.state}\t${one.assignment_id}\tfor ${JSON.stringify(one.user_identifier)}`,
        ),
        backups.length + assignments.length === 0 ? 'nothing yet' : null,
      );
    },
  },
  {
    words: ['ledger', 'show'],
    synopsis: 'ID',
    summary: 'All that the ledger has on an item, a backup, a key, a document or an assignment.',
    options: {},
    operation: 'ledger.show',
    input: (parsed) => ({ id: words(parsed, ['the id'])[0] }),
    text: (output) => {
      const { what, facts } = output as OutputOf<'ledger.show'>;
      return lines(what, ...Object.entries(facts).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`));
    },
  },
  {
    words: ['ledger', 'check'],
    synopsis: '[--seen SEQ:HEX]',
    summary: 'Recomputes the ledger’s chain and compares its events with its state, and with a head that others saw.',
    options: { seen: 'text' },
    operation: 'ledger.check',
    input: (parsed) => {
      noWords(parsed);
      const seen = parsed.options['seen'];
      return seen === undefined ? {} : { seen: headOf(seen) };
    },
    text: (output) => {
      const report = output as OutputOf<'ledger.check'>;
      return lines(
        `${report.events.toString()} events, ${report.ok ? 'all in order' : 'NOT in order'}; MACs ${report.macs}`,
        `head ${report.head}`,
        ...report.problems.map((one) => `  ${one.seq === null ? 'state' : `event ${one.seq.toString()}`}: ${one.message} [${one.code}]`),
      );
    },
  },
  {
    words: ['ledger', 'export'],
    synopsis: '--out FILE [--format json|csv|events-csv|jsonl|copy]',
    summary: 'Backups and events as JSON, either as CSV, events as lines of JSON, or a consistent copy of the whole database.',
    options: { out: 'path', format: 'text' },
    operation: 'ledger.export',
    input: (parsed) => {
      noWords(parsed);
      return { out: need(parsed, 'out'), ...given(parsed, { format: 'format' }) };
    },
    text: (output) => lines(`wrote ${(output as OutputOf<'ledger.export'>).file}`),
  },
  {
    words: ['ledger', 'rebuild'],
    synopsis: '--from DIR',
    summary: 'Makes a lost ledger again from this station’s signed documents.',
    options: { from: 'path' },
    operation: 'ledger.rebuild',
    input: (parsed) => {
      noWords(parsed);
      return { from: need(parsed, 'from') };
    },
    text: (output) => {
      const counts = output as OutputOf<'ledger.rebuild'>;
      return lines(
        `${counts.imported.toString()} documents taken in, ${counts.already_kept.toString()} held already, ${counts.refused.toString()} refused`,
        'set up environments and confirm signing keys and accounts again: documents do not carry trust',
      );
    },
  },
];

/** @throws input `usage`. */
function headOf(text: OptionValue): { seq: number; head: string } {
  const [, seq = '', head = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(String(text)) ?? [];
  if (head === '') throw usage('--seen wants a head as `pair list` and reports give it: the event’s number, a colon, 64 hex digits');
  return { seq: Number(seq), head };
}
