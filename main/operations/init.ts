import { z } from 'zod';
import { Ledger, type KeychainKind } from '../ledger/index.ts';
import { inputError, newUuid, quote } from '../values/index.ts';
import { fingerprint, newStationName } from './fields.ts';
import { hasLedger, homePaths, makeHome, readStationFile, writeStationFile, type StationFile } from './home.ts';
import { defineOperation, done, EVERY_ROLE } from './operation.ts';
import { makeStationKeys, openKeychain } from './station.ts';

const DEFAULT_NAMES = { single: 'single station', cold: 'cold station', online: 'online station' } as const;

/**
 * Makes the station of a home folder: keys into the keychain, the ledger with its first event, and last `station.json`,
 * whose presence means that a station is there. After a run that died in between, the next says what to do.
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
    if ((await readStationFile(context.home)) !== null) {
      throw inputError('station-exists', `there is a station in ${quote(context.home)} already`, {
        hint: 'a role cannot be changed; make a new station in another folder with --home DIR',
      });
    }
    if (hasLedger(context.home)) checkLeftover(homePaths(context.home).ledger);
    await makeHome(context.home);
    const name = input.name ?? DEFAULT_NAMES[input.role];
    const { file, note } = await makeStation(context, { role: input.role, name, keychain: input.keychain });
    return done({ station: { id: file.id, name, role: input.role }, keychain: input.keychain, home: context.home, note });
  },
});

async function makeStation(
  context: Parameters<typeof openKeychain>[0],
  wanted: { role: StationFile['role']; name: string; keychain: KeychainKind },
): Promise<{ file: StationFile; note: string | null }> {
  const keychain = await openKeychain(context, wanted.keychain);
  try {
    const scope = newUuid();
    const keys = await makeStationKeys(keychain, scope);
    const { ledger, journal } = Ledger.create(
      homePaths(context.home).ledger,
      {
        type: 'station-made',
        data: { station_id: keys.id, name: wanted.name, role: wanted.role, keychain: wanted.keychain, public_key: keys.publicKey },
      },
      { clock: context.clock, macKey: keys.macKey },
    );
    ledger.close();
    keys.macKey.fill(0);
    const file: StationFile = {
      version: 1,
      id: keys.id,
      name: wanted.name,
      role: wanted.role,
      public_key: keys.publicKey,
      keychain: wanted.keychain,
      keychain_scope: scope,
    };
    await writeStationFile(context.home, file);
    return { file, note: journal.note };
  } finally {
    await keychain.close();
  }
}

/** A ledger without `station.json`: either `init` died before its end, or somebody removed a file. We cannot tell, so we do not delete. */
function checkLeftover(ledgerPath: string): void {
  throw inputError('station-unfinished', `${quote(ledgerPath)} is there, but no station.json beside it`, {
    hint: 'if an `init` was cut short, remove the folder and run it again; else restore station.json from a copy',
  });
}
