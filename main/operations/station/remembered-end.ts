import type { Keychain } from '../../keychain/index.ts';
import type { Ledger, RememberedCheckpoint } from '../../ledger/index.ts';
import { checkError, isJsonObject, isSha256, parseJson, type ColdroomError, type Json, type JsonObject } from '../../values/index.ts';
import type { StationFile } from './home.ts';
import { entryName } from './station-keys.ts';

/** The station's MAC key and remembered checkpoint where the keychain has them; null each where it does not. */
export async function readCheckMaterial(
  keychain: Keychain,
  file: StationFile,
): Promise<{ macKey: Buffer | null; remembered: RememberedCheckpoint | null }> {
  return {
    macKey: await keychain.get(entryName(file, 'mac-key')),
    remembered: readCheckpoint(await keychain.get(entryName(file, 'checkpoint'))),
  };
}

/**
 * A ledger that ends before what the keychain remembers was restored from an older copy. Working on with it would send
 * again what CoinCover holds already, and the next checkpoint would hide that.
 * @throws check `ledger-rolled-back`.
 */
export function checkNotRolledBack(ledger: Ledger, remembered: RememberedCheckpoint | null): void {
  if (remembered === null) return;
  if (ledger.ledgerId === remembered.ledger_id && ledger.digestAt(remembered.seq) === remembered.head) return;
  throw checkError(
    'ledger-rolled-back',
    'this ledger is not the one that the keychain remembers: it was replaced, or restored from an older copy',
    {
      hint: 'stop; put the latest ledger back, or make it again with `ledger rebuild --from DIR` in its place',
    },
  );
}

/**
 * What the keychain remembers of the ledger's end; null where it remembers nothing yet. Anything else is no reason to go on
 * without: it is all that shows a ledger which was rolled back.
 * @throws check `keychain-entry-damaged`.
 */
export function readCheckpoint(bytes: Buffer | null): RememberedCheckpoint | null {
  if (bytes === null) return null;
  const { ledger_id: ledgerId, seq, head } = checkpointMembers(bytes);
  if (typeof ledgerId !== 'string' || typeof seq !== 'number' || !isSha256(head)) throw checkpointDamaged();
  return { ledger_id: ledgerId, seq, head };
}

function checkpointMembers(bytes: Buffer): JsonObject {
  let json: Json;
  try {
    json = parseJson(bytes, { maxBytes: 4096 });
  } catch (cause) {
    throw checkpointDamaged(cause);
  }
  if (isJsonObject(json)) return json;
  throw checkpointDamaged();
}

function checkpointDamaged(cause?: unknown): ColdroomError {
  return checkError('keychain-entry-damaged', 'what the keychain remembers of the ledger’s end is not as Coldroom wrote it', {
    hint: 'something else changed it: restore the keychain from a copy; until then nobody can tell whether the ledger was rolled back',
    ...(cause === undefined ? {} : { cause }),
  });
}
