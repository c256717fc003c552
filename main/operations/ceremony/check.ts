import { z } from 'zod';
import { readBoundedFile } from '../../files/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import {
  bodyOf,
  chainOf,
  checkReport,
  reportDigest,
  reportSchema,
  type PaperSize,
  type Report,
  type ReportFinding,
} from '../../report/index.ts';
import {
  canonicalJson,
  fingerprintWords,
  inputError,
  parseJson,
  quote,
  sha256,
  type ColdroomError,
  type Json,
  type Sha256,
} from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { fingerprint, inputPath } from '../fields.ts';
import { hasLedger, readStationFile } from '../station/home.ts';
import { judgeLedger } from '../ledger/check.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';
import { reportProblems } from '../report-problems.ts';
import { withLedgerForReading } from '../station/station.ts';

const MAX_REPORT_BYTES = 256 * 1024 * 1024;

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
    /** Of the initials that people gave, how many were backed by their PIN; null where the policy of the ceremony asked for none. */
    pins: z.object({ with_pin: z.number(), without: z.number() }).nullable(),
    /** What it ran by, in words to compare with the approved sheet, and how many lines of it were not done as planned; null: no plan. */
    plan: z.object({ sha256: z.string(), words: z.array(z.string()), lines: z.number(), departures: z.number() }).nullable(),
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
      pins: pinsOf(report),
      plan: planOf(report),
      findings: found,
    };
    return { output, problems: reportProblems(found) };
  },
});

/** @returns also where initials stand without one: at a station that keeps to its own policy there are none. */
function pinsOf({ policy, steps, exceptions }: Report): { with_pin: number; without: number } | null {
  if (policy?.rules['initials_with_pin'] !== true) return null;
  const given = [...steps.flatMap(({ signed }) => signed), ...exceptions.filter(({ initials }) => initials !== null)];
  const backed = given.filter(({ pin }) => pin === true).length;
  return { with_pin: backed, without: given.length - backed };
}

function planOf({ plan }: Report): { sha256: string; words: string[]; lines: number; departures: number } | null {
  if (plan === null) return null;
  const departing = plan.lines.filter(({ result }) => result === 'departs' || result === 'excepted').length;
  return { sha256: plan.sha256, words: [...fingerprintWords(plan.sha256 as Sha256)], lines: plan.lines.length, departures: departing };
}

function printedAs(report: Report, digest: string): PaperSize | 'differs' {
  return (['a4', 'letter'] as const).find((size) => report.pdf[size] === digest) ?? 'differs';
}

/** @throws input `report-invalid`. */
async function readReport(path: string): Promise<Report> {
  const bytes = await readBoundedFile(path, { maxBytes: MAX_REPORT_BYTES, what: 'the report' });
  const json = readJson(bytes, path);
  const parsed = reportSchema.safeParse(json);
  // SECURITY(REQ-REPORT-PROVES): a schema leaves out what it cannot hold (`__proto__`); what is checked is the whole of what somebody reads.
  if (parsed.success && canonicalJson(parsed.data) === canonicalJson(json)) return parsed.data;
  throw notAReport(path);
}

function readJson(bytes: Buffer, path: string): Json {
  try {
    return parseJson(bytes, { maxBytes: MAX_REPORT_BYTES, integersOnly: true });
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
  if (differing !== undefined)
    return [{ code: 'ledger-differs', seq: differing.seq, message: 'the ledger holds another row here than the report' }];
  // The digest of a row that should be read says nothing of it: whoever signed the report kept what it says from whoever reads it.
  const [first, last] = [told.rows[0]?.seq ?? 0, told.rows.at(-1)?.seq ?? 0];
  const hidden = chainOf(ledger.rows(first, last), ceremony.id).find((row, at) => row.bytes !== (told.rows[at]?.bytes ?? null));
  if (hidden === undefined) return [];
  return [{ code: 'ledger-differs', seq: hidden.seq, message: 'the report does not show of this row what a report shows' }];
}
