import { join } from 'node:path';
import { z } from 'zod';
import { checkNewFile, readBoundedFile, writeNewFile } from '../files/index.ts';
import type { CeremonyRow, Ledger, LedgerQueries } from '../ledger/index.ts';
import {
  bodyOf,
  chainOf,
  checkReport,
  deriveBody,
  renderReport,
  reportDigest,
  reportSchema,
  reportSigned,
  type LedgerRow,
  type PaperSize,
  type Report,
  type ReportFinding,
} from '../report/index.ts';
import { checkError, fingerprintWords, inputError, parseJson, quote, sha256, type ColdroomError } from '../values/index.ts';
import type { OperationContext } from './context.ts';
import { fingerprint, inputPath, outputPath } from './fields.ts';
import { makeFolder } from './folders.ts';
import { hasLedger, readStationFile } from './home.ts';
import { judgeLedger } from './ledger-check.ts';
import { defineOperation, done, EVERY_ROLE } from './operation.ts';
import { withLedgerForReading, withStation, type Station } from './station.ts';

const MAX_REPORT_BYTES = 256 * 1024 * 1024;
const paper = z.enum(['a4', 'letter']);

/** By id, or by the number that people call it. */
const ceremonyName = z.string().regex(/^(\d{1,9}|[0-9a-f-]{36})$/, 'is neither a ceremony’s number nor its id');

const written = z.object({
  ceremony: z.string(),
  file: z.string(),
  pdf: z.string().nullable(),
  sha256: z.string(),
  words: z.array(z.string()),
});

export const ceremonyReport = defineOperation({
  name: 'ceremony.report',
  summary: 'write an ended ceremony’s report: JSON, and PDF to print',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: ceremonyName, out: outputPath, pdf: outputPath.optional(), paper: paper.default('a4') }),
  output: written,
  run: (context, input) =>
    withStation(context, 'ceremony.report', async (station) => {
      const pdf = input.pdf ?? null;
      for (const path of [input.out, ...(pdf === null ? [] : [pdf])]) await checkNewFile(path);
      return done(await writeReport(station, input.ceremony, { out: input.out, pdf, paper: input.paper }));
    }),
});

export const ceremonyReportSave = defineOperation({
  name: 'ceremony.report-save',
  summary: 'write an ended ceremony’s report into a folder, as JSON and as PDF',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: ceremonyName, folder: outputPath, paper }),
  output: written,
  run: (context, input) =>
    withStation(context, 'ceremony.report-save', async (station) => {
      const name = `ceremony-${requireEnded(station.queries, input.ceremony).number.toString()}-report`;
      const [out, pdf] = [join(input.folder, `${name}.json`), join(input.folder, `${name}-${input.paper}.pdf`)];
      for (const path of [out, pdf]) await checkNewFile(path);
      await makeFolder(input.folder);
      return done(await writeReport(station, input.ceremony, { out, pdf, paper: input.paper }));
    }),
});

/**
 * Both files, each read back before it counts.
 * @throws input `ceremony-unknown`, `ceremony-open`, `report-no-summary`, `output-unreadable`, and those of writing.
 */
async function writeReport(
  station: Station,
  name: string,
  to: { out: string; pdf: string | null; paper: PaperSize },
): Promise<z.output<typeof written>> {
  const row = requireEnded(station.queries, name);
  const { report, printed } = await makeReport(station, row);
  await writeAndReadBack(to.out, Buffer.from(`${JSON.stringify(report, null, 1)}\n`, 'utf8'));
  if (to.pdf !== null) await writeAndReadBack(to.pdf, printed[to.paper]);
  const digest = reportDigest(bodyOf(report));
  return { ceremony: row.ceremony_id, file: to.out, pdf: to.pdf, sha256: digest, words: [...fingerprintWords(digest)] };
}

async function makeReport(station: Station, row: CeremonyRow): Promise<{ report: Report; printed: Record<PaperSize, Buffer> }> {
  const rows = await rowsOf(station, row.ceremony_id);
  const { id, name, role, public_key: publicKey } = station.signer.station;
  const body = deriveBody({ id, name, role, public_key: publicKey }, station.ledger.ledgerId, chainOf(rows, row.ceremony_id));
  const printed = { a4: await renderReport(body, 'a4'), letter: await renderReport(body, 'letter') };
  const unsigned = { ...body, pdf: { a4: sha256(printed.a4), letter: sha256(printed.letter) } };
  return { report: { ...unsigned, signature: station.signer.sign(reportSigned(unsigned)).toString('base64') }, printed };
}

/** From the row that began the ceremony to the first checkpoint after its end, which is made where the ceremony's end came to none. */
async function rowsOf(station: Station, ceremonyId: string): Promise<LedgerRow[]> {
  const [first, last] = spanOf(station.ledger, ceremonyId);
  const checkpoint = checkpointAfter(station.ledger, last);
  if (checkpoint !== null) return [...station.ledger.rows(first, checkpoint)];
  await station.addCheckpoint();
  return [...station.ledger.rows(first, station.ledger.head().seq)];
}

function spanOf(ledger: Ledger, ceremonyId: string): [number, number] {
  const begun = ledger.findEvent('ceremony-begun', 'ceremony_id', ceremonyId);
  const ended = ledger.findEvent('ceremony-ended', 'ceremony_id', ceremonyId);
  if (begun === null || ended === null)
    throw inputError('ledger-damaged', 'the ledger’s events do not tell this ceremony from its beginning to its end', {
      hint: 'run `coldroom ledger check`',
    });
  return [begun, ended];
}

function checkpointAfter(ledger: Ledger, seq: number): number | null {
  for (const row of ledger.rows(seq, ledger.head().seq)) {
    if ((JSON.parse(row.bytes) as { type: string }).type === 'checkpoint') return row.seq;
  }
  return null;
}

/** @throws input `ceremony-unknown`, `ceremony-open`. */
function requireEnded(queries: LedgerQueries, name: string): CeremonyRow {
  const row = queries.ceremonies().find((one) => one.ceremony_id === name || one.number.toString() === name);
  if (row === undefined)
    throw inputError('ceremony-unknown', 'this ledger knows no ceremony of that id or number', { hint: 'see `coldroom ceremony list`' });
  if (row.state !== 'open') return row;
  throw inputError('ceremony-open', 'this ceremony has not ended yet', { hint: 'a report is made of one that has' });
}

/** @throws input `output-unreadable` where what lies there is not what was written. */
export async function writeAndReadBack(path: string, bytes: Buffer): Promise<void> {
  await writeNewFile(path, bytes);
  const there = await readBoundedFile(path, { maxBytes: MAX_REPORT_BYTES, what: 'the report' });
  if (sha256(there) === sha256(bytes)) return;
  throw inputError('output-unreadable', `${quote(path)} could not be read back as it was written`, {
    hint: 'write it somewhere else; do not rely on this file',
  });
}

const finding = z.object({ code: z.string(), seq: z.number().nullable(), message: z.string() });

export const ceremonyCheck = defineOperation({
  name: 'ceremony.check',
  summary: 'prove that a report, its printed form and, where it is here, the ledger agree',
  roles: EVERY_ROLE,
  input: z.strictObject({ file: inputPath, pdf: inputPath.optional(), station: fingerprint.optional() }),
  output: z.object({
    ok: z.boolean(),
    ceremony: z.string(),
    number: z.number(),
    state: z.string(),
    sha256: z.string(),
    words: z.array(z.string()),
    signer: fingerprint,
    /** This station, one that is paired with it, or the one that was named. */
    signer_known: z.boolean(),
    rows: z.number(),
    /** Rows given in full, which anybody can hash again; the others hold what no report may. */
    rows_shown: z.number(),
    head: z.object({ seq: z.number(), head: z.string() }),
    /** Only the station's own keychain can check them. */
    macs: z.enum(['valid', 'not-checkable']),
    ledger: z.enum(['agrees', 'differs', 'not-here']),
    pdf: z.enum(['a4', 'letter', 'differs']).nullable(),
    findings: z.array(finding),
  }),
  run: async (context, input) => {
    const report = await readReport(input.file);
    const pdf =
      input.pdf === undefined ? null : await readBoundedFile(input.pdf, { maxBytes: MAX_REPORT_BYTES, what: 'the printed report' });
    const which = pdf === null ? null : printedAs(report, sha256(pdf));
    const found = [...checkReport(report)];
    if (which === 'differs')
      found.push({ code: 'report-pdf', seq: null, message: 'this PDF is neither of those that the report was signed with' });
    if (input.station !== undefined && input.station !== report.station.id)
      found.push({ code: 'report-other-station', seq: null, message: 'the report is signed by another station than the one named' });
    const here = await compareWithLedger(context, report);
    found.push(...here.findings);
    const digest = reportDigest(bodyOf(report));
    const known = here.known || input.station === report.station.id;
    if (!known) {
      context.onNote(
        'this station is not known here: compare its id, or the words of it, with what the station itself shows, or name it with --station',
      );
    }
    if (here.macs === 'not-checkable') context.onNote('the MACs of the rows can only be checked at the station, with its keychain');
    const output = {
      ok: found.length === 0,
      ceremony: report.ceremony.id,
      number: report.ceremony.number,
      state: report.ceremony.state,
      sha256: digest,
      words: [...fingerprintWords(digest)],
      signer: report.station.id,
      signer_known: known,
      rows: report.ledger.rows.length,
      rows_shown: report.ledger.rows.filter((row) => row.bytes !== null).length,
      head: { seq: report.ledger.head.seq, head: report.ledger.head.head },
      macs: here.macs,
      ledger: here.ledger,
      pdf: which,
      findings: found,
    };
    return { output, problems: problemsOf(found) };
  },
});

function problemsOf([first]: readonly ReportFinding[]): ColdroomError[] {
  if (first === undefined) return [];
  const where = first.seq === null ? '' : ` (event ${first.seq.toString()})`;
  return [
    checkError(first.code, `the report does not hold${where}: ${first.message}`, {
      hint: 'stop; keep the report and the ledger as they are, and find out which of them was changed',
    }),
  ];
}

function printedAs(report: Report, digest: string): PaperSize | 'differs' {
  return (['a4', 'letter'] as const).find((size) => report.pdf[size] === digest) ?? 'differs';
}

/** @throws input `report-invalid`. */
async function readReport(path: string): Promise<Report> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_REPORT_BYTES, what: 'the report' });
  const parsed = reportSchema.safeParse(readJson(bytes, path));
  if (parsed.success) return parsed.data;
  throw notAReport(path);
}

function readJson(bytes: Buffer, path: string): unknown {
  try {
    return parseJson(bytes, { maxBytes: MAX_REPORT_BYTES });
  } catch (cause) {
    throw notAReport(path, cause);
  }
}

function notAReport(path: string, cause?: unknown): ColdroomError {
  return inputError('report-invalid', `${quote(path)} is no ceremony report as this version reads it`, {
    hint: 'name the JSON file that `ceremony report` wrote',
    cause,
  });
}

type Here = { known: boolean; macs: 'valid' | 'not-checkable'; ledger: 'agrees' | 'differs' | 'not-here'; findings: ReportFinding[] };

/** Where the report's own ledger is here, row by row; where another's is, whether the two are paired. */
async function compareWithLedger(context: OperationContext, report: Report): Promise<Here> {
  const file = await readStationFile(context.home);
  const elsewhere: Here = { known: false, macs: 'not-checkable', ledger: 'not-here', findings: [] };
  if (file === null || !hasLedger(context.home)) return elsewhere;
  return withLedgerForReading(context, async ({ ledger, queries }) => {
    if (file.id !== report.station.id || ledger.ledgerId !== report.ledger.ledger_id)
      return { ...elsewhere, known: file.id === report.station.id || queries.pairing(report.station.id)?.state === 'paired' };
    const findings = compareRows(ledger, report);
    const { macs, problems } = await judgeLedger(context, file, ledger);
    findings.push(...problems.map(({ code, seq, message }) => ({ code, seq, message })));
    return { known: true, macs, ledger: findings.length === 0 ? ('agrees' as const) : ('differs' as const), findings };
  });
}

function compareRows(ledger: Ledger, { ceremony, ledger: told }: Report): ReportFinding[] {
  const { seq } = ledger.head();
  if (seq < told.head.seq) {
    return [
      {
        code: 'ledger-rolled-back',
        seq,
        message: `this ledger ends at event ${seq.toString()}, which is older than the head of the report of ceremony ${ceremony.number.toString()} (event ${told.head.seq.toString()})`,
      },
    ];
  }
  const differing = told.rows.find((row) => ledger.digestAt(row.seq) !== row.sha256);
  if (differing === undefined) return [];
  return [{ code: 'ledger-differs', seq: differing.seq, message: 'the ledger holds another row here than the report' }];
}
