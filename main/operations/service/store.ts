import { join } from 'node:path';
import { z } from 'zod';
import { checkNewFile, readBoundedFile } from '../../files/index.ts';
import { takeLockWaiting, type ItemRow } from '../../ledger/index.ts';
import { MAX_DOCUMENT_BYTES, type ReadDocument, type SealedItem } from '../../transfer/index.ts';
import type { ColdroomError } from '../../values/index.ts';
import { inputError, isColdroomError, unreachableError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { check, inputPath, outputPath, resolution } from '../fields.ts';
import { checkFolderOrNothing, makeFolder } from '../folders.ts';
import { homePaths } from '../station/home.ts';
import { writeKept } from '../documents/documents.ts';
import { readIncomingOf } from '../documents/incoming.ts';
import { defineOperation, NETWORKED } from '../operation.ts';
import { isRefusal, refusalsAbout } from '../documents/refusals.ts';
import { checkpointProblem } from '../station/checkpoint.ts';
import { withStation, type Station } from '../station/station.ts';
import { problemLine, problemOf } from '../problem-line.ts';
import { readReceipt, StoreItem, type Resolution } from './store-item.ts';
import { takeInSealed } from '../documents/take-in.ts';

const LOCK_WAIT_MS = 5_000;

const storedLine = z.object({
  item_id: z.string().nullable(),
  file: z.string(),
  state: z.enum(['stored', 'refused', 'not-sent', 'unknown']).nullable(),
  backup_id: z.string().nullable(),
  key_check: check.nullable(),
  backup_check: check.nullable(),
  receipt: z.string().nullable(),
});

const output = z.object({ items: z.array(storedLine.extend({ problem: problemLine })) });
type Line = z.output<typeof storedLine>;

/**
 * Sends sealed items to CoinCover, verifies key and backup at once, and writes a receipt for each. The intent is in the
 * ledger before the request leaves; an outcome that is not known stays `unknown` until a person settles it.
 */
export const store = defineOperation({
  name: 'store',
  summary: 'send sealed items to CoinCover, verify key and backup, write the receipts',
  roles: NETWORKED,
  input: z.strictObject({
    files: z.array(inputPath).min(1),
    out: outputPath,
    resolve_unknown: resolution.optional(),
  }),
  output,
  run: (context, input) =>
    withStation(context, 'store', async (station) => {
      if (input.resolve_unknown?.how === 'backup-id' && input.files.length > 1) {
        throw inputError('resolve-one', 'a backup_id settles one item, and several were named', { hint: 'name the one sealed item' });
      }
      await checkFolderOrNothing(input.out);
      const items: z.output<typeof output>['items'] = [];
      const problems: ColdroomError[] = [];
      for (const file of input.files) {
        const { line, problems: own } = await storeFile(context, station, file, input.out, input.resolve_unknown ?? null);
        items.push({ ...line, problem: problemOf(own[0] ?? null) });
        problems.push(...own);
      }
      if (items.some((line) => line.receipt !== null)) problems.push(...(await checkpointProblem(station)));
      return { output: { items }, problems };
    }),
});

type FileOutcome = { line: Line; problems: readonly ColdroomError[] };

async function storeFile(
  context: OperationContext,
  station: Station,
  file: string,
  out: string,
  resolution: Resolution | null,
): Promise<FileOutcome> {
  let itemId: string | null = null;
  try {
    const sealed = await readIncomingOf(file, 'sealed/1', 'the sealed item');
    itemId = sealed.document.body.item_id;
    const { item } = refusalsAbout({ documentSha256: sealed.sha256 }, () => takeInSealed(station, sealed, file));
    return await underLock(context, item, () => storeOne(context, station, { file, sealed, out, resolution }));
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    if (isRefusal(error)) station.recordRefusal('store', error, itemId);
    const state = itemId === null ? null : outwardState(station.queries.item(itemId));
    return {
      line: { ...nothing(file), item_id: itemId, state, backup_id: itemId === null ? null : backupIdOf(station, itemId) },
      problems: [error],
    };
  }
}

/** One process sends an item; a second waits a little, then says so. */
export async function underLock<Result>(context: OperationContext, item: ItemRow, work: () => Promise<Result>): Promise<Result> {
  const release = await takeLockWaiting(homePaths(context.home).lock(`item-${item.item_id}`), LOCK_WAIT_MS, context.signal);
  if (release === null) {
    throw unreachableError('item-under-way', 'another process is storing this item', {
      hint: 'wait for it to end, then look with `coldroom ledger list`',
    });
  }
  try {
    return await work();
  } finally {
    release();
  }
}

async function storeOne(
  context: OperationContext,
  station: Station,
  job: { file: string; sealed: ReadDocument<SealedItem>; out: string; resolution: Resolution | null },
): Promise<FileOutcome> {
  const itemId = job.sealed.document.body.item_id;
  await makeFolder(job.out);
  const receiptPath = join(job.out, `${itemId}.receipt.json`);
  const kept = readReceipt(station, itemId);
  // A receipt that is there already must be this very one; anything else is somebody's file.
  const there = await receiptIsThere(receiptPath, kept?.text ?? null);
  const done = await new StoreItem(context, station, job.sealed).run(job.resolution);
  const line: Line = {
    item_id: itemId,
    file: job.file,
    state: done.state,
    backup_id: done.receipt?.document.body.backup_id ?? null,
    key_check: done.receipt?.document.body.key_check ?? null,
    backup_check: done.receipt?.document.body.backup_check ?? null,
    receipt: null,
  };
  if (done.receipt === null) return { line, problems: done.problems };
  const problem = there ? null : await writeKept(receiptPath, done.receipt, 'the item is stored and its receipt kept');
  if (problem === null) return { line: { ...line, receipt: receiptPath }, problems: done.problems };
  return { line, problems: [...done.problems, problem] };
}

async function receiptIsThere(path: string, keptText: string | null): Promise<boolean> {
  try {
    await checkNewFile(path);
    return false;
  } catch (error) {
    if (!isColdroomError(error) || error.code !== 'output-exists' || keptText === null) throw error;
    const there = await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the receipt' });
    if (there.toString('utf8') === keptText) return true;
    throw error;
  }
}

function nothing(file: string): Line {
  return { item_id: null, file, state: null, backup_id: null, key_check: null, backup_check: null, receipt: null };
}

/** An item's state as scripts see it: what is being sent is unknown from outside, what was never sent is not sent. */
function outwardState(item: ItemRow | null): Line['state'] {
  if (item === null) return null;
  if (item.state === 'sending') return 'unknown';
  return item.state === 'sealed' ? 'not-sent' : item.state;
}

function backupIdOf(station: Station, itemId: string): string | null {
  return station.queries.backupOfItem(itemId)?.backup_id ?? null;
}
