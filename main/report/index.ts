/** A ceremony's report: its JSON form, its printed form, the script's, and what CoinCover's support gets. Imports `values` alone: an auditor's check trusts no other room. */
import type { PaperSize, ReportBody } from './report.ts';
import type { CardForm } from './print-card.ts';
import type { PlanForm } from './print-plan.ts';
import type { ScriptForm } from './print-script.ts';

export { checkReport, type ReportFinding } from './check.ts';
export { deriveBody } from './derive.ts';
export { escalationSchema, escalationText, type Escalation } from './escalation.ts';
export { bodyOf, reportDigest, reportSchema, reportSigned, type PaperSize, type Report, type ReportBody } from './report.ts';
export { chainOf, type LedgerRow } from './rows.ts';
export { stepText, stepTitle } from './titles.ts';
export type { CardForm } from './print-card.ts';
export type { PlanForm } from './print-plan.ts';
export type { ScriptForm } from './print-script.ts';

/**
 * The report as a tagged PDF with embedded fonts. Its bytes are a function of `body` and `paper` alone: no clock, nothing random.
 * What the fonts lack, and what cannot be seen, is printed as its code point, `\u{4e2d}`. The library loads with the first call.
 */
export async function renderReport(body: ReportBody, paper: PaperSize): Promise<Buffer> {
  const { printReport } = await import('./print-report.ts');
  return await printReport(body, paper);
}

/** A script to print beforehand, with empty boxes for initials, time and remarks. As deterministic as the report. */
export async function renderScript(form: ScriptForm): Promise<Buffer> {
  const { printScript } = await import('./print-script.ts');
  return await printScript(form);
}

/** An empty card to write a passphrase on. Nothing secret goes in, so nothing secret can come out. */
export async function renderCard(form: CardForm): Promise<Buffer> {
  const { printCard } = await import('./print-card.ts');
  return await printCard(form);
}

/** A plan to approve, with boxes for initials and the digest in words. Small plans are one page. As deterministic as the report. */
export async function renderPlan(form: PlanForm): Promise<Buffer> {
  const { printPlan } = await import('./print-plan.ts');
  return await printPlan(form);
}
