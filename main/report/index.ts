/** A ceremony's report: its JSON form, its printed form, and the script's. Imports `values` alone. */
export { reportBodySchema, reportDigest, reportSchema, reportSigned, type PaperSize, type Report, type ReportBody } from './report.ts';
