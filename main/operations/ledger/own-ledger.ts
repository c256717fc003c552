import { LedgerQueries, type Ledger } from '../../ledger/index.ts';
import { isColdroomError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { hasLedger, readStationFile } from '../station/home.ts';
import { openLedgerForReading } from '../station/station.ts';

/**
 * Asks this station's ledger, where one is at hand and can be read: a recovery compares with it and does not depend on it. Whatever is
 * wrong with it, damage, another version, a row that makes no sense, is told, and the answer is null.
 */
export async function askOwnLedger<Answer>(context: OperationContext, ask: (queries: LedgerQueries) => Answer): Promise<Answer | null> {
  const { ownLedger } = context;
  if (ownLedger === undefined) return withOwnLedger(context, (own) => askOwnLedger(own, ask));
  if (ownLedger === null) return null;
  try {
    return ask(ownLedger);
  } catch (error) {
    tell(context, error);
    return null;
  }
}

/** Opens it once for as many questions as `work` asks by the context that it gets; what is wrong with it is told once. */
export async function withOwnLedger<Result>(context: OperationContext, work: (own: OperationContext) => Promise<Result>): Promise<Result> {
  const ledger = await openOwn(context);
  try {
    return await work({ ...context, ownLedger: ledger === null ? null : new LedgerQueries(ledger) });
  } finally {
    ledger?.close();
  }
}

async function openOwn(context: OperationContext): Promise<Ledger | null> {
  try {
    if ((await readStationFile(context.home)) === null || !hasLedger(context.home)) return null;
    return openLedgerForReading(context);
  } catch (error) {
    tell(context, error);
    return null;
  }
}

function tell(context: OperationContext, error: unknown): void {
  const why = isColdroomError(error) ? error.code : 'it is damaged';
  context.onNote(`this station’s ledger cannot be asked (${why}): nothing is compared with it; see \`coldroom ledger check\``);
}
