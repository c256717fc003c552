import { join } from 'node:path';
import { z } from 'zod';
import { readBoundedFile } from '../../files/index.ts';
import { checkNoLedger, Ledger, nameLedger, removeLedger, takeLock } from '../../ledger/index.ts';
import { kindOf, MAX_DOCUMENT_BYTES, readDocument, type ReadDocument } from '../../transfer/index.ts';
import { inputError, isColdroomError, quote, type ColdroomError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { inputPath } from '../fields.ts';
import { isFolder, listFolder } from '../folders.ts';
import { hasLedger, homePaths, requireStationFile } from '../station/home.ts';
import { checkAnswersKeyPack, decideImport, itemFacts, keptDocument, keyPackFacts } from '../documents/documents.ts';
import { defineOperation, EVERY_ROLE } from '../operation.ts';
import { openKeychain } from '../station/open-keychain.ts';
import { readCheckMaterial } from '../station/remembered-end.ts';
import { stationFileChanged, withLedgerInMaking, withStation, type Station } from '../station/station.ts';
import { readStationKeys } from '../station/station-keys.ts';
import { checkSameKey, conflict, rebuildReceipt, takeInKeyPack, takeInReceipt } from '../documents/take-in.ts';

type Found = { path: string; read: ReadDocument };

/**
 * Makes a lost ledger again from the documents that this station signed, or adds to a ledger what it lacks. Documents of
 * other stations come in once those are paired again and the trust anchors are back, by a second run. An item whose
 * receipt is not among them becomes `unknown`: whether it was sent, nobody here can know.
 */
export const ledgerRebuild = defineOperation({
  name: 'ledger.rebuild',
  summary: 'make a lost ledger again from signed documents',
  roles: EVERY_ROLE,
  input: z.strictObject({ from: inputPath }),
  output: z.object({ imported: z.number(), already_kept: z.number(), refused: z.number(), files: z.number() }),
  run: async (context, input) => {
    const file = await requireStationFile(context.home);
    const { found, problems } = await readFolder(input.from);
    const own = found.filter((one) => one.read.document.station.id === file.id);
    if (own.length === 0 && !hasLedger(context.home)) {
      throw (
        problems[0] ??
        inputError('folder-empty', `${quote(input.from)} holds no document of this station`, { hint: 'name the folder with its documents' })
      );
    }
    const importInto = (station: Station): Counts => importAll(context, station, found, problems);
    const counts = hasLedger(context.home)
      ? await withStation(context, 'ledger.rebuild', (station) => Promise.resolve(importInto(station)))
      : await makeAgain(context, own, importInto);
    return { output: { ...counts, refused: problems.length, files: found.length }, problems };
  },
});

async function readFolder(folder: string): Promise<{ found: Found[]; problems: ColdroomError[] }> {
  if (!(await isFolder(folder)))
    throw inputError('folder-missing', `${quote(folder)} is no folder`, { hint: 'name the folder with the documents' });
  const found: Found[] = [];
  const problems: ColdroomError[] = [];
  for (const entry of (await listFolder(folder, true)).filter((one) => one.isFile() && one.name.endsWith('.json'))) {
    const path = join(entry.parentPath, entry.name);
    try {
      found.push({ path, read: readDocument(await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the document' }), path) });
    } catch (error) {
      if (!isColdroomError(error)) throw error;
      problems.push(error);
    }
  }
  return { found, problems };
}

type Counts = { imported: number; already_kept: number };

/** The new ledger takes its name when all is in it: whatever ends this before leaves none, and the next run begins anew. */
async function makeAgain(context: OperationContext, own: readonly Found[], importInto: (station: Station) => Counts): Promise<Counts> {
  const { ledger, rebuilding, lock } = homePaths(context.home);
  const release = takeLock(lock('rebuild'), 0);
  if (release === null) {
    throw inputError('ledger-busy', 'another process is making the ledger again', { hint: 'wait for it to end, then try again' });
  }
  try {
    checkNoLedger(ledger);
    removeLedger(rebuilding); // of a process that died
    await createAfter(context, own, rebuilding);
    const counts = await withLedgerInMaking(context, 'ledger.rebuild', rebuilding, async (station) => {
      const imported = importInto(station);
      checkNoLedger(ledger); // a lost one may be back, and is what the keychain has to remember then
      // The keychain remembers the lost ledger's head until now, and from now on this one's. Dying before the name is given leaves no
      // ledger; the next run counts on from here.
      await station.addCheckpoint();
      return imported;
    });
    nameLedger(rebuilding, ledger);
    return counts;
  } finally {
    removeLedger(rebuilding);
    release();
  }
}

/** The new ledger counts on from the highest number that the documents show: others refuse lower ones as replays. */
async function createAfter(context: OperationContext, own: readonly Found[], path: string): Promise<void> {
  const file = await requireStationFile(context.home);
  // Nothing but station.json and these documents is left to say what the station was; the documents are signed.
  const other = own.map((one) => one.read.document.station).find(({ role, name }) => role !== file.role || name !== file.name);
  if (other !== undefined) throw stationFileChanged(file, other);
  const keychain = await openKeychain(context, file.keychain);
  try {
    const { macKey } = await readStationKeys(keychain, file);
    try {
      const { remembered } = await readCheckMaterial(keychain, file);
      const highest = Math.max(remembered?.seq ?? 0, ...own.map((one) => one.read.document.ledger_seq));
      const { ledger } = Ledger.create(
        path,
        {
          type: 'station-made',
          data: { station_id: file.id, name: file.name, role: file.role, keychain: file.keychain, public_key: file.public_key },
        },
        { clock: context.clock, macKey },
        highest + 2,
      );
      ledger.close();
    } finally {
      macKey.fill(0);
    }
  } finally {
    await keychain.close();
  }
}

/** These say nothing of a document: with one of them left out a ledger made again would take its name and lack what CoinCover holds. */
const OF_THE_LEDGER: ReadonlySet<string> = new Set(['ledger-unwritable', 'ledger-busy', 'ledger-damaged']);

const ORDER = { keypack: 0, sealed: 1, receipt: 2, station: 3, carry: 4 } as const;

function importAll(context: OperationContext, station: Station, found: readonly Found[], problems: ColdroomError[]): Counts {
  const ordered = found.toSorted(
    (a, b) => ORDER[kindOf(a.read.document)] - ORDER[kindOf(b.read.document)] || a.read.document.ledger_seq - b.read.document.ledger_seq,
  );
  let imported = 0;
  let alreadyKept = 0;
  for (const one of ordered) {
    try {
      if (importOne(context, station, one, problems)) imported += 1;
      else alreadyKept += 1;
    } catch (error) {
      if (!isColdroomError(error) || OF_THE_LEDGER.has(error.code)) throw error;
      if (error.family === 'check') station.recordRefusal('ledger.rebuild', error, one.read.document.id);
      problems.push(error);
    }
  }
  station.ledger.append({ type: 'rebuilt', data: { documents: imported } });
  return { imported, already_kept: alreadyKept };
}

function importOne(context: OperationContext, station: Station, { path, read }: Found, problems: ColdroomError[]): boolean {
  if (decideImport(station, read, path) === 'already-kept') return false;
  const { document } = read;
  const kept = keptDocument(read, 'imported');
  switch (document.coldroom) {
    case 'keypack/1':
      if (document.station.id !== station.id) return takeInKeyPack(context, station, { ...read, document }, path).isNew;
      checkSameKey(station, document, keyPackFacts(document).key_id, path);
      station.ledger.append({ type: 'key-pack-imported', data: { assignment_id: null, key: keyPackFacts(document), document: kept } });
      return true;
    case 'sealed/1': {
      const { body } = document;
      checkAnswersKeyPack(station, document, path);
      if (station.queries.item(body.item_id) !== null) throw conflict(path);
      station.ledger.append({
        type: 'item-imported',
        data: {
          state: 'unknown',
          item: itemFacts(document),
          document: kept,
        },
      });
      return true;
    }
    case 'receipt/1':
      if (document.station.id !== station.id) {
        const taken = takeInReceipt(context, station, { ...read, document }, path);
        problems.push(...taken.problems);
        return taken.isNew;
      }
      rebuildReceipt(station, { ...read, document }, path);
      return true;
    case 'station/1':
    case 'carry/1':
      return false; // neither says anything of what the ledger held
  }
}
