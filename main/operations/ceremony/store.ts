import { z } from 'zod';
import type { CeremonyState } from '../../ceremony/index.ts';
import type { AssignedKeyRow, ItemRow } from '../../ledger/index.ts';
import { readDocumentOf } from '../../transfer/index.ts';
import { ColdroomError, isoTime, quote } from '../../values/index.ts';
import { ceremonyId, ceremonyOutput, requireStep, workOn, type StepWork } from './ceremony.ts';
import { requireKey, sealedItems } from './subjects.ts';
import { resolution, uuid } from '../fields.ts';
import { defineOperation, NETWORKED } from '../operation.ts';
import type { Station } from '../station/station.ts';
import { checkpointProblem } from '../station/checkpoint.ts';
import { underLock } from '../service/store.ts';
import { StoreItem, type Resolution } from '../service/store-item.ts';
import { askAbout, checkProblem, type Subject } from '../service/verify-check.ts';

export const ceremonyStore = defineOperation({
  name: 'ceremony.store',
  summary: 'send the sealed items to CoinCover and verify key and backups',
  roles: NETWORKED,
  input: z.strictObject({
    ceremony: uuid,
    resolve: z.strictObject({ item_id: uuid, word: resolution }).nullable(),
  }),
  output: ceremonyOutput,
  run: (context, input) => workOn(context, 'ceremony.store', input.ceremony, (parts) => storeStep(parts, input.resolve)),
});

/** What the next step shows and stops at: storing asks CoinCover at once, and its answers are in the ledger by then. */
const OF_VERIFY = new Set(['key-invalid', 'backup-invalid', 'key-check-unknown', 'backup-check-unknown']);

/** Sends what is not stored yet; an item whose outcome is unknown only with a person's word on that very item. */
async function storeStep(parts: StepWork, resolve: { item_id: string; word: Resolution } | null): Promise<readonly ColdroomError[]> {
  const { context, station, state, note, except } = parts;
  await requireStep(parts, 'store');
  const problems: ColdroomError[] = [];
  for (const item of sealedItems(station, state)) {
    const word = resolve?.item_id === item.item_id ? resolve.word : null;
    if (resolve !== null && word === null) continue;
    try {
      const text = station.queries.documentText(item.document_id);
      const sealed = readDocumentOf(Buffer.from(text ?? '', 'utf8'), 'the sealed item in the ledger', 'sealed/1');
      const before = station.queries.item(item.item_id)?.state;
      const result = await underLock(context, item, () => new StoreItem(context, station, sealed).run(word));
      problems.push(...result.problems.filter((problem) => !OF_VERIFY.has(problem.code)));
      // A word on an item that was not in doubt settled nothing, and nothing was done for it.
      if (word !== null && (before === 'unknown' || before === 'sending')) except('store', wordOn(item, word));
      if (result.state === 'unknown' && before !== 'unknown') except('store', `The outcome of storing ${quote(item.name)} is not known`);
    } catch (error) {
      if (!(error instanceof ColdroomError)) throw error;
      if (error.family === 'check') station.recordRefusal('ceremony.store', error, item.item_id);
      problems.push(error);
    }
  }
  noteFailedChecks(station, state, except);
  const all = sealedItems(station, state);
  if (all.length > 0 && all.every((item) => item.state === 'stored')) {
    if (state.facts.storing === undefined) note('store', 'storing', { at: isoTime(context.clock.now()) });
    problems.push(...(await checkpointProblem(station)));
  }
  return problems;
}

function wordOn(item: ItemRow, word: Resolution): string {
  return word.how === 'resend'
    ? `${quote(item.name)} was sent again, accepting that CoinCover may hold two`
    : `CoinCover is said to hold ${quote(item.name)} as ${word.backup_id}`;
}

export const ceremonyVerify = defineOperation({
  name: 'ceremony.verify',
  summary: 'ask CoinCover again whether it holds key and backups',
  roles: NETWORKED,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.verify', input.ceremony, async ({ context: own, station, state, except }) => {
      const problems = [];
      for (const key of keysOf(station, state)) {
        const backups = sealedItems(station, state)
          .filter((item) => item.key_id === key.key_id)
          .map((item) => station.queries.backupOfItem(item.item_id)?.backup_id ?? null)
          .filter((id) => id !== null);
        const subjects: Subject[] = [{ kind: 'key', id: key.key_id, key }, ...backups.map((id): Subject => ({ kind: 'backup', id, key }))];
        for (const subject of subjects) problems.push(checkProblem(subject.kind, subject.id, await askAbout(own, station, subject)));
      }
      noteFailedChecks(station, state, except);
      return problems.filter((problem) => problem !== null);
    }),
});

/** A `false` goes into the record by itself, once for each answer that said so. */
function noteFailedChecks(station: Station, state: CeremonyState, except: StepWork['except']): void {
  const known = station.queries.exceptions(state.row.ceremony_id).map((one) => one.text);
  const keys = new Set(sealedItems(station, state).map((item) => item.key_id));
  const texts = [
    [...keys].some((key) => station.queries.lastVerification('key', key)?.result === 'invalid') ? 'Key verification failed' : null,
    sealedItems(station, state).some((item) => {
      const id = station.queries.backupOfItem(item.item_id)?.backup_id ?? '';
      return station.queries.lastVerification('backup', id)?.result === 'invalid';
    })
      ? 'Backup verification failed'
      : null,
  ];
  for (const text of texts) if (text !== null && !known.includes(text)) except('verify', text);
}

/** The assigned keys that the ceremony's items were sealed for; before there are items, the ceremony's own. @throws input `step-not-ready`. */
function keysOf(station: Station, state: CeremonyState): AssignedKeyRow[] {
  const ids = [...new Set(sealedItems(station, state).map((item) => item.key_id))];
  if (ids.length === 0) return [requireKey(station, state)];
  return ids.map((id) => station.queries.assignedKey(id)).filter((key) => key !== null);
}
