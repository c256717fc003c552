import { join } from 'node:path';
import { z } from 'zod';
import { checkNewFile, writeNewFile } from '../../files/index.ts';
import type { CeremonyRow, Ledger, LedgerQueries } from '../../ledger/index.ts';
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
} from '../../report/index.ts';
import { fingerprintWords, inputError, sha256, type ColdroomError } from '../../values/index.ts';
import { ceremonyName, requireCeremony } from './name.ts';
import { outputPath, paper } from '../fields.ts';
import { makeFolder } from '../folders.ts';
import { ledgerProblem } from '../ledger/problem.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { reportProblems } from '../report-problems.ts';
import { withStation, type Station } from '../station/station.ts';

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
 * @throws input `ceremony-unknown`, `ceremony-open`, `report-no-summary`, and those of writing.
 */
async function writeReport(
  station: Station,
  name: string,
  to: { out: string; pdf: string | null; paper: PaperSize },
): Promise<z.output<typeof written>> {
  const row = requireEnded(station.queries, name);
  const { report, printed } = await makeReport(station, row);
  await writeNewFile(to.out, Buffer.from(`${JSON.stringify(report, null, 1)}\n`, 'utf8'));
  if (to.pdf !== null) await writeNewFile(to.pdf, printed[to.paper]);
  const digest = reportDigest(bodyOf(report));
  return { ceremony: row.ceremony_id, file: to.out, pdf: to.pdf, sha256: digest, words: [...fingerprintWords(digest)] };
}

/**
 * A report is signed as what the station's own ledger says, so it is made of rows that this station wrote and that follow on each
 * other, and is checked as an auditor will check it before any file is written.
 * @throws check the code of what does not hold.
 */
async function makeReport(station: Station, row: CeremonyRow): Promise<{ report: Report; printed: Record<PaperSize, Buffer> }> {
  const rows = await rowsOf(station, row.ceremony_id);
  const { id, name, role, public_key: publicKey } = station.signer.station;
  const body = deriveBody({ id, name, role, public_key: publicKey }, station.ledger.ledgerId, chainOf(rows, row.ceremony_id));
  const printed = { a4: await renderReport(body, 'a4'), letter: await renderReport(body, 'letter') };
  const unsigned = { ...body, pdf: { a4: sha256(printed.a4), letter: sha256(printed.letter) } };
  const report = { ...unsigned, signature: station.signer.sign(reportSigned(unsigned)).toString('base64') };
  const [problem] = [...reportProblems(checkReport(report)), ...(reportSchema.safeParse(report).success ? [] : [notReadable()])];
  if (problem !== undefined) throw problem;
  return { report, printed };
}

function notReadable(): ColdroomError {
  return inputError('report-rows', 'what the ledger keeps of this ceremony does not fit into a report', {
    hint: 'run `coldroom ledger check`; export the ledger instead',
  });
}

/** From the row that began the ceremony to the first checkpoint after its end, which is made where the ceremony's end came to none. */
async function rowsOf(station: Station, ceremonyId: string): Promise<LedgerRow[]> {
  const [first, last] = spanOf(station.ledger, ceremonyId);
  const broken = station.ledger.firstBroken(first, station.ledger.head().seq);
  if (broken !== null) throw ledgerProblem(broken);
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
  const row = requireCeremony(queries, name);
  if (row.state !== 'open') return row;
  throw inputError('ceremony-open', 'this ceremony has not ended yet', { hint: 'a report is made of one that has' });
}
