import type { LedgerQueries } from '../../ledger/index.ts';
import { isColdroomError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { hasLedger, readStationFile } from '../station/home.ts';
import { withLedgerForReading } from '../station/station.ts';

/**
 * Asks this station's ledger, where one is at hand and can be read: a recovery compares with it and does not depend on it. Whatever is
 * wrong with it, damage, another version, a row that makes no sense, is told, and the answer is null.
 */
export async function askOwnLedger<Answer>(context: OperationContext, ask: (queries: LedgerQueries) => Answer): Promise<Answer | null> {
  try {
    if ((await readStationFile(context.home)) === null || !hasLedger(context.home)) return null;
    return await withLedgerForReading(context, ({ queries }) => Promise.resolve(ask(queries)));
  } catch (error) {
    const why = isColdroomError(error) ? error.code : 'it is damaged';
    context.onNote(`this station’s ledger cannot be asked (${why}): nothing is compared with it; see \`coldroom ledger check\``);
    return null;
  }
}
