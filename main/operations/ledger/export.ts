import { statSync } from 'node:fs';
import { z } from 'zod';
import { checkNewFile, writeNewFileBy, writeNewTextFile } from '../../files/index.ts';
import type { Ledger, LedgerQueries } from '../../ledger/index.ts';
import { inputError, quote } from '../../values/index.ts';
import { csvRow, eventLine, eventsCsv } from './event-export.ts';
import { outputPath } from '../fields.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading } from '../station/station.ts';

const COLUMNS = ['item_id', 'backup_id', 'key_id', 'environment', 'state', 'name', 'stored_at', 'last_check', 'last_checked_at'] as const;

/** docs/exports.md says what each of them holds. */
const formats = z.enum(['json', 'csv', 'events-csv', 'jsonl', 'copy']);

/**
 * The ledger for others: backups and events as JSON, either as CSV, the events as lines of JSON for a machine that watches, or the
 * whole database as one consistent file. All but the last leave out the checksums of sealed items, which would help to guess a weak
 * secret, and are written as they are read: a ledger need not fit in memory.
 */
export const ledgerExport = defineOperation({
  name: 'ledger.export',
  summary: 'export the ledger as JSON, CSV or lines of JSON, or copy it whole',
  roles: EVERY_ROLE,
  input: z.strictObject({ format: formats.default('json'), out: outputPath }),
  output: z.object({ file: z.string(), format: formats }),
  run: (context, input) =>
    withLedgerForReading(context, async ({ ledger, queries }) => {
      await checkNewFile(input.out);
      const { format } = input;
      if (format === 'copy') await copyDatabase(ledger, input.out);
      else await ledger.snapshot(() => writeNewTextFile(input.out, PIECES[format](ledger, queries)));
      return done({ file: input.out, format: input.format });
    }),
});

const PIECES: Readonly<Record<Exclude<z.output<typeof formats>, 'copy'>, (ledger: Ledger, queries: LedgerQueries) => Iterable<string>>> = {
  json: asJson,
  csv: (_ledger, queries) => asCsv(queries),
  'events-csv': (ledger, queries) => eventsCsv(ledger.events(), queries.station().name),
  jsonl: function* (ledger, queries) {
    const station = queries.station();
    for (const event of ledger.events()) yield eventLine(event, station);
  },
};

/** One object, as if it had been written in one piece with two spaces to each level. */
function* asJson(ledger: Ledger, queries: LedgerQueries): Generator<string> {
  const { seq, head, ledgerId } = ledger.head();
  yield `{\n  "ledger": ${indented({ ledger_id: ledgerId, seq, head }, '  ')},\n  "station": ${indented(queries.station(), '  ')},\n  "backups": `;
  yield* jsonList(queries.eachBackupLine());
  yield ',\n  "events": ';
  yield* jsonList(eventsOf(ledger));
  yield '\n}\n';
}

function* jsonList(values: Iterable<object>): Generator<string> {
  let isFirst = true;
  for (const value of values) {
    yield `${isFirst ? '[' : ','}\n    ${indented(value, '    ')}`;
    isFirst = false;
  }
  yield isFirst ? '[]' : '\n  ]';
}

function indented(value: object, by: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${by}`);
}

function* eventsOf(ledger: Ledger): Generator<object> {
  for (const { seq, at, type, data } of ledger.events()) yield { seq, at, type, data: withoutSensitive(data) };
}

/** Members that never leave the ledger in an export: checksums of secrets, where they lie, raw answers and requests. */
const LEFT_OUT = new Set(['checksum', 'returned_checksum', 'path', 'body_base64', 'request', 'jwks']);

function withoutSensitive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSensitive);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // Whole documents stay, too; the text of an exception is what an auditor looks for.
      .filter(([member]) => !LEFT_OUT.has(member) && !(member === 'text' && 'document_id' in value))
      .map(([member, inner]) => [member, withoutSensitive(inner)]),
  );
}

function* asCsv(queries: LedgerQueries): Generator<string> {
  yield csvRow(COLUMNS);
  for (const line of queries.eachBackupLine()) yield csvRow(COLUMNS.map((column) => line[column] ?? ''));
}

/** VACUUM INTO reads one consistent state while others may write, and flushes nothing; the copy takes its name when it is whole and flushed. */
async function copyDatabase(ledger: Ledger, out: string): Promise<void> {
  await writeNewFileBy(out, (temporary) => {
    ledger.copyTo(temporary);
    if (statSync(temporary).size === 0)
      throw inputError('output-unwritable', `${quote(out)} cannot be written`, { hint: 'check free space' });
  });
}
