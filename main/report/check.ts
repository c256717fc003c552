import { verify, type KeyObject } from 'node:crypto';
import { canonicalJson, decodeBase64, isColdroomError, sha256, stationKeyOf, type Json } from '../values/index.ts';
import { deriveBody } from './derive.ts';
import { reportBodySchema, reportSigned, type Report, type ReportBody } from './report.ts';
import { parseRow, rowDigest, shownRecords } from './rows.ts';

/** What does not hold, with the ledger's row where it is one's. */
export type ReportFinding = { readonly code: string; readonly seq: number | null; readonly message: string };

/**
 * Proves a report by itself: the station's signature over it, the chain of its rows, the signed head, every digest that
 * initials stand under, and that what it tells is what its rows say. Needs nothing but the report; that its station is the one
 * people know is another question. MACs need the station's keychain.
 * @returns what does not hold, worst first; empty where all does.
 */
export function checkReport(report: Report): ReportFinding[] {
  const key = stationKeyOf(report.station);
  if (key === null) return [finding('report-station', 'the station’s id is not the fingerprint of its key')];
  if (!verify(null, reportSigned(report), key, decodeBase64(report.signature) ?? Buffer.alloc(0)))
    return [finding('report-signature', 'the station’s signature is not over this report: it was changed, or never signed')];
  return [...checkRows(report), ...checkHead(report, key), ...checkEvidence(report), ...checkPins(report), ...checkTold(report)];
}

/** Every row follows on the one before; those that are shown are what their digests say. */
function checkRows({ ledger }: Report): ReportFinding[] {
  const found: ReportFinding[] = [];
  for (const [index, row] of ledger.rows.entries()) {
    const before = ledger.rows[index - 1];
    if (before !== undefined && (row.seq !== before.seq + 1 || row.prev !== before.sha256))
      found.push(finding('report-chain', 'this row does not follow on the one before', row.seq));
    if (row.bytes === null || row.mac === null) continue;
    const record = parseRow(row.bytes);
    const isItself =
      record?.seq === row.seq &&
      record.prev === row.prev &&
      record.ledger_id === ledger.ledger_id &&
      canonicalJson(record) === row.bytes &&
      rowDigest(row.bytes, Buffer.from(row.mac, 'hex')) === row.sha256;
    if (!isItself) found.push(finding('report-row', 'this row is not what its digest says', row.seq));
  }
  return found;
}

/** The station signed the digest of the last row but one; the last is the checkpoint that says so. */
function checkHead({ ledger }: Report, key: KeyObject): ReportFinding[] {
  const { seq, head, signature } = ledger.head;
  const [row, sealing] = ledger.rows.slice(-2);
  const stated = Buffer.from(canonicalJson({ ledger_id: ledger.ledger_id, seq, head }), 'utf8');
  if (!verify(null, stated, key, decodeBase64(signature) ?? Buffer.alloc(0)))
    return [finding('report-head', 'the station’s signature is not over this head of its ledger', seq)];
  if (row?.seq !== seq || row.sha256 !== head) return [finding('report-head', 'the signed head is not that of the row it names', seq)];
  const record = parseRow(sealing?.bytes ?? '');
  return record?.type === 'checkpoint' ? [] : [finding('report-head', 'its rows do not end with their checkpoint', seq)];
}

/** What stood on screen is what the initials' digest is of. */
function checkEvidence({ ledger }: Report): ReportFinding[] {
  return shownRecords(ledger.rows)
    .filter((one) => one.type === 'ceremony-evidence')
    .filter((one) => sha256(canonicalJson(one.data['shown'] ?? null)) !== one.data['evidence_sha256'])
    .map((one) => finding('report-evidence', 'the evidence is not what its digest says', one.seq));
}

/** Where the policy asks for a PIN beside initials, none stand without. A report of a ceremony whose policy asks for none has nothing to hold. */
function checkPins({ policy, ledger }: Report): ReportFinding[] {
  if (policy?.rules['initials_with_pin'] !== true) return [];
  return shownRecords(ledger.rows)
    .filter(({ type, data }) => (type === 'ceremony-signed' || type === 'ceremony-exception') && data['initials'] !== null)
    .filter(({ data }) => data['pin'] !== true)
    .map((one) => finding('report-pin', 'these initials have no PIN, which the policy of the ceremony asks for', one.seq));
}

/** The report tells what its rows say, and no more. */
function checkTold(report: Report): ReportFinding[] {
  try {
    const derived = deriveBody(report.station, report.ledger.ledger_id, report.ledger.rows);
    const members = Object.keys(reportBodySchema.shape) as (keyof ReportBody)[];
    return members
      .filter((member) => canonicalJson(derived[member] as Json) !== canonicalJson(report[member] as Json))
      .map((member) => finding('report-told', `what it says under ${member} is not what its rows say`));
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return [finding(error.code, error.message)];
  }
}

function finding(code: string, message: string, seq: number | null = null): ReportFinding {
  return { code, seq, message };
}
