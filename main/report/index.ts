/** A ceremony's report: its JSON form, its printed form, and the script's. Imports `values` alone: an auditor's check trusts no other room. */
export { renderReport } from './stub.ts';
export { checkReport, type ReportFinding } from './check.ts';
export { deriveBody } from './derive.ts';
export {
  bodyOf,
  reportBodySchema,
  reportDigest,
  reportSchema,
  reportSigned,
  type PaperSize,
  type Report,
  type ReportBody,
} from './report.ts';
export { chainOf, type LedgerRow } from './rows.ts';
