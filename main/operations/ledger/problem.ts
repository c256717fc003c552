import type { LedgerProblem } from '../../ledger/index.ts';
import { checkError, type ColdroomError } from '../../values/index.ts';

/** What does not hold of a ledger, as the refusal that it is. */
export function ledgerProblem({ seq, code, message }: LedgerProblem, cause?: unknown): ColdroomError {
  const where = seq === null ? '' : ` at event ${seq.toString()}`;
  return checkError(code, `the ledger does not hold${where}: ${message}`, {
    hint: 'stop; keep this file as it is, and compare it with a copy or with reports',
    ...(cause === undefined ? {} : { cause }),
  });
}
