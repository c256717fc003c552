import { checkLedger, Ledger } from '../../ledger/index.ts';
import { isColdroomError, systemClock } from '../../values/index.ts';
import { hasLedger, homePaths, readStationFile } from '../station/home.ts';
import { ledgerProblem } from './problem.ts';

/**
 * What went wrong for no reason that an operation knows. Where the station's ledger does not hold, that is the reason: what lies in it
 * was changed, and no code that reads it can be right. Where it holds, the error is a bug, and is left as it is.
 * @returns the error to throw.
 */
export async function explainedByLedger(home: string, error: unknown): Promise<unknown> {
  if (isColdroomError(error)) return error;
  try {
    const file = await readStationFile(home);
    if (file === null || !hasLedger(home)) return error;
    const ledger = Ledger.open(homePaths(home).ledger, { clock: systemClock, macKey: null });
    try {
      const [problem] = (await checkLedger(ledger, null, null, file.public_key)).problems;
      return problem === undefined ? error : ledgerProblem(problem, error);
    } finally {
      ledger.close();
    }
  } catch (other) {
    return isColdroomError(other) ? other : error; // a file that cannot even be opened says so itself
  }
}
