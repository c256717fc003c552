import { isColdroomError, type ColdroomError } from '../../values/index.ts';
import type { Station } from './station.ts';

/**
 * Adds a checkpoint after something that a ledger restored from an older copy must not undo unseen: what was stored, and whom or what this
 * station trusts no longer. All of it is kept by now, so a keychain that fails is a problem beside the results, not in their place.
 */
export async function checkpointProblem(station: Station): Promise<readonly ColdroomError[]> {
  try {
    await station.addCheckpoint();
    return [];
  } catch (error) {
    if (isColdroomError(error)) return [error];
    throw error;
  }
}
