import type { ReportFinding } from '../report/index.ts';
import { checkError, type ColdroomError } from '../values/index.ts';

/** The first finding as an error of the family `check`; its code is the finding's. */
export function reportProblems([first]: readonly ReportFinding[]): ColdroomError[] {
  if (first === undefined) return [];
  const where = first.seq === null ? '' : ` (event ${first.seq.toString()})`;
  return [
    checkError(first.code, `the report does not hold${where}: ${first.message}`, {
      hint: 'stop; keep the report and the ledger as they are, and find out which of them was changed',
    }),
  ];
}
