import { z } from 'zod';
import { Ledger, takeLock, type KeychainKind } from '../../ledger/index.ts';
import { inputError, isColdroomError, newUuid, quote } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { fingerprint, newStationName } from '../fields.ts';
import { homePaths, makeHome, readStationFile, type StationFile } from './home.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { openKeychain } from './open-keychain.ts';
import { keepStationKeys, makeStationKeys } from './station-keys.ts';
import { beginMaking, clearUnfinished, finishMaking } from './station-making.ts';

const DEFAULT_NAMES = { single: 'single station', cold: 'cold station', online: 'online station' } as const;

/**
 * Makes the station of a home folder: keys into the keychain, the ledger with its first event, and last `station.json`,
 * whose presence means that a station is there. What a run that died in between has left, the next takes away first.
 */
export const init = defineOperation({
  name: 'init',
  summary: 'make a station in the home folder',
  roles: EVERY_ROLE,
  input: z.strictObject({
    role: z.enum(['single', 'cold', 'online']),
    name: newStationName.optional(),
    keychain: z.enum(['os', 'file']).default('os'),
  }),
  output: z.object({
    station: z.object({ id: fingerprint, name: z.string(), role: z.string() }),
    keychain: z.enum(['os', 'file']),
    home: z.string(),
    note: z.string().nullable(),
  }),
  run: async (context, input) => {
    await checkNoStation(context.home);
    await makeHome(context.home);
    const release = takeLock(homePaths(context.home).lock('init'), 0);
    if (release === null) {
      throw inputError('station-being-made', 'another Coldroom is making a station in this folder right now', {
        hint: 'wait for it to end, then look with `coldroom status`',
      });
    }
    try {
      await checkNoStation(context.home); // the other one may have ended meanwhile
      await clearUnfinished(context);
      const name = input.name ?? DEFAULT_NAMES[input.role];
      const { file, note } = await makeStation(context, { role: input.role, name, keychain: input.keychain });
      return done({ station: { id: file.id, name, role: input.role }, keychain: input.keychain, home: context.home, note });
    } finally {
      release();
    }
  },
});

async function checkNoStation(home: string): Promise<void> {
  if ((await readStationFile(home)) === null) return;
  throw inputError('station-exists', `there is a station in ${quote(home)} already`, {
    hint: 'a role cannot be changed; make a new station in another folder with --home DIR',
  });
}

async function makeStation(
  context: OperationContext,
  wanted: { role: StationFile['role']; name: string; keychain: KeychainKind },
): Promise<{ file: StationFile; note: string | null }> {
  const keys = makeStationKeys();
  const file: StationFile = {
    version: 1,
    id: keys.id,
    name: wanted.name,
    role: wanted.role,
    public_key: keys.publicKey,
    keychain: wanted.keychain,
    keychain_scope: newUuid(),
  };
  try {
    await beginMaking(context.home, file);
    return { file, note: await makeParts(context, file, keys) };
  } catch (error) {
    await clearAfter(context, error);
    throw error;
  } finally {
    keys.seed.fill(0);
    keys.macKey.fill(0);
  }
}

/** @returns what the person has to know of the ledger's file, or null. */
async function makeParts(context: OperationContext, file: StationFile, keys: { seed: Buffer; macKey: Buffer }): Promise<string | null> {
  const keychain = await openKeychain(context, file.keychain);
  try {
    await keepStationKeys(keychain, file, keys);
    const { name, role, public_key: publicKey } = file;
    const { ledger, journal } = Ledger.create(
      homePaths(context.home).ledger,
      { type: 'station-made', data: { station_id: file.id, name, role, keychain: file.keychain, public_key: publicKey } },
      { clock: context.clock, macKey: keys.macKey },
    );
    ledger.close();
    await finishMaking(context.home);
    return journal.note;
  } finally {
    await keychain.close();
  }
}

/** What failed is what has to be told; where even taking back fails, the next `init` does it. */
async function clearAfter(context: OperationContext, failure: unknown): Promise<void> {
  try {
    if ((await readStationFile(context.home)) === null) await clearUnfinished(context);
  } catch (error) {
    if (!isColdroomError(failure)) throw failure;
    if (!isColdroomError(error)) throw error;
    context.onNote('what this run had made so far could not be removed; the next `init` removes it');
  }
}
