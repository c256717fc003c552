import type { z } from 'zod';
import { openOsKeychain, type KeychainSpawner } from '../../main/keychain/index.ts';
import {
  readPassphraseText,
  readStationFile,
  runOperation,
  type KeychainKeeper,
  type OperationContext,
  type WINDOW_CALLS,
} from '../../main/operations/index.ts';
import { inputError, isColdroomError, newUuid } from '../../main/values/index.ts';

/** Asked at a first start, before people choose where the station's keys are kept. */
export async function probeKeychain(spawn: KeychainSpawner): Promise<{ os: 'available' | 'locked' | 'none' }> {
  const keychain = openOsKeychain({ spawn });
  try {
    await keychain.get(`${newUuid()}/probe`);
    return { os: 'available' };
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    return { os: error.code === 'keychain-locked' ? 'locked' : 'none' };
  } finally {
    await keychain.close();
  }
}

/**
 * Makes the station that people answered three questions about. Of a file keychain the passphrase stays with the keeper.
 * @throws input `station-exists`, those of a passphrase and of `init`; then the keeper has forgotten it.
 */
export async function makeFirstStation(
  context: OperationContext,
  keychains: KeychainKeeper,
  input: z.output<(typeof WINDOW_CALLS)['window.first-start']['input']>,
): Promise<{ note: string | null }> {
  if ((await readStationFile(context.home)) !== null) {
    throw inputError('station-exists', 'there is a station in this folder already', { hint: 'unlock it, or choose another folder' });
  }
  if (input.keychain === 'file') keychains.setPassphrase(readPassphraseText(input.passphrase ?? ''));
  try {
    const { output } = await runOperation('init', context, { role: input.role, name: input.name, keychain: input.keychain });
    return { note: (output as { note: string | null }).note };
  } catch (error) {
    await keychains.forget();
    throw error;
  }
}
