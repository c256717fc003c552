import { rename, stat, unlink } from 'node:fs/promises';
import { z } from 'zod';
import { checkNewFile, writeNewFile } from '../files/index.ts';
import type { BackupLine, Ledger, LedgerQueries } from '../ledger/index.ts';
import { inputError, quote } from '../values/index.ts';
import { outputPath } from './fields.ts';
import { defineOperation, done, EVERY_ROLE } from './operation.ts';
import { withLedgerForReading } from './station.ts';

const COLUMNS = ['item_id', 'backup_id', 'key_id', 'environment', 'state', 'name', 'stored_at', 'last_check', 'last_checked_at'] as const;

/**
 * The ledger for others: backups and events as JSON, the backups as CSV, or the whole database as one consistent file.
 * JSON and CSV leave out the checksums of sealed items, which would help to guess a weak secret.
 */
export const ledgerExport = defineOperation({
  name: 'ledger.export',
  summary: 'export the ledger as JSON or CSV, or copy it whole',
  roles: EVERY_ROLE,
  input: z.strictObject({ format: z.enum(['json', 'csv', 'copy']).default('json'), out: outputPath }),
  output: z.object({ file: z.string(), format: z.enum(['json', 'csv', 'copy']) }),
  run: (context, input) =>
    withLedgerForReading(context, async ({ ledger, queries }) => {
      await checkNewFile(input.out);
      if (input.format === 'copy') await copyDatabase(ledger, input.out);
      else
        await writeNewFile(
          input.out,
          Buffer.from(input.format === 'csv' ? asCsv(queries.backupLines(true)) : asJson(ledger, queries), 'utf8'),
        );
      return done({ file: input.out, format: input.format });
    }),
});

function asJson(ledger: Ledger, queries: LedgerQueries): string {
  const { seq, head, ledgerId } = ledger.head();
  const station = queries.station();
  const events = [...ledger.events()].map((event) => ({
    seq: event.seq,
    at: event.at,
    type: event.type,
    data: withoutSensitive(event.data),
  }));
  return `${JSON.stringify({ ledger: { ledger_id: ledgerId, seq, head }, station, backups: queries.backupLines(true), events }, null, 2)}\n`;
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

/** RFC 4180, with a line feed after CR. A cell that a spreadsheet would run as a formula is made text by an apostrophe. */
function asCsv(lines: readonly BackupLine[]): string {
  const rows = [[...COLUMNS], ...lines.map((line) => COLUMNS.map((column) => line[column] ?? ''))];
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** VACUUM INTO reads one consistent state while others may write; the copy takes its name only when it is whole. */
async function copyDatabase(ledger: Ledger, out: string): Promise<void> {
  const partial = `${out}.partial`;
  await checkNewFile(partial);
  try {
    ledger.copyTo(partial);
    if ((await stat(partial)).size === 0) throw inputError('output-unwritable', `${quote(out)} cannot be written`);
    await checkNewFile(out);
    await rename(partial, out);
  } catch (error) {
    await unlink(partial).catch(() => undefined); // it may not have come to exist; the first error is the one to tell
    throw error;
  }
}
