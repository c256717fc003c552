import { join } from 'node:path';
import { z } from 'zod';
import { CHECKLIST } from '../../ceremony/index.ts';
import { readBoundedFile, writeNewFile } from '../../files/index.ts';
import { recoverSecret } from '../../recovery/index.ts';
import { MAX_DOCUMENT_BYTES, readDocumentOf } from '../../transfer/index.ts';
import { inputError, isoTime, isColdroomError, sha256, type ColdroomError, type Passphrase } from '../../values/index.ts';
import type { KeyObject } from 'node:crypto';
import { answersInput, noteAnswers } from './answers.ts';
import { ceremonyOutput, requireStep, workOn, type StepWork } from './ceremony.ts';
import { requireKey, sealedItems } from './subjects.ts';
import { outputPath, uuid } from '../fields.ts';
import { makeFolder } from '../folders.ts';
import { defineOperation, EVERY_ROLE, SEES_SECRETS } from '../operation.ts';
import { readPassphraseText } from '../sealing/passphrase.ts';
import { openRelease } from '../recovery/release.ts';
import { MAX_SECRET_BYTES } from '../sealing/secret-size.ts';

export const ceremonyRecover = defineOperation({
  name: 'ceremony.recover',
  summary: 'in a rehearsal, have the stand-in release key and ciphertexts, open them, and compare with the files',
  roles: SEES_SECRETS,
  input: z.strictObject({ ceremony: uuid, passphrase: z.string().max(1024).nullable() }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.recover', input.ceremony, async (parts) => {
      // Before anything is stored there is nothing to compare, which must not pass for a recovery.
      await requireStep(parts, 'recover');
      const passphrase = input.passphrase === null ? null : readPassphraseText(input.passphrase);
      try {
        const { items, problem } = await recoverAll(parts, passphrase);
        if (problem !== null && items.length === 0) throw problem;
        parts.note('recover', 'recovery', { items, at: isoTime(context.clock.now()) });
        if (problem === null) return [];
        parts.station.recordRefusal('ceremony.recover', problem, null);
        return [problem];
      } finally {
        passphrase?.fill(0);
      }
    }),
});

/**
 * From a release, as CoinCover's people would grant it, to the files' own bytes, compared in memory. Files that were sealed under
 * different passphrases come back one passphrase after the other: what one does not open waits for the next.
 */
async function recoverAll(
  { context, station, state }: StepWork,
  passphrase: Passphrase | null,
): Promise<{ items: { item_id: string; same: boolean }[]; problem: ColdroomError | null }> {
  const environment = station.queries.requireEnvironment(state.row.environment);
  if (state.row.script !== 'rehearsal') {
    throw inputError('not-a-rehearsal', 'only a rehearsal plays a recovery', { hint: 'ask CoinCover for a real one' });
  }
  // A stand-in that runs elsewhere releases nothing to this window: the step then says that recovery was not rehearsed.
  if (context.rehearsal?.runsAt(environment.api) !== true) return { items: [], problem: null };
  const { rehearsal } = context;
  const keyId = requireKey(station, state).key_id;
  const release = await openRelease((armored) => rehearsal.release(keyId, armored));
  const items = [];
  let problem: ColdroomError | null = null;
  const sealed = sealedItems(station, state);
  const opened = state.facts.recovery?.items ?? [];
  for (const item of sealed) {
    // A recovery that is whole is played anew; one that waits for another passphrase goes on.
    const before = opened.length < sealed.length ? opened.find((one) => one.item_id === item.item_id && one.same) : undefined;
    if (before !== undefined) {
      items.push(before);
      continue;
    }
    const backup = station.queries.backupOfItem(item.item_id);
    const path = state.facts.secrets?.files.find((file) => file.item_id === item.item_id)?.path ?? '';
    const text = station.queries.documentText(item.document_id) ?? '';
    const { body } = readDocumentOf(Buffer.from(text, 'utf8'), 'the sealed item in the ledger', 'sealed/1').document;
    const needed = body.mode.includes('passphrase') ? passphrase : null;
    try {
      const same = await isSame(await release.ciphertext(backup?.backup_id ?? ''), release.privateKey, needed, { body, path });
      items.push({ item_id: item.item_id, same });
    } catch (error) {
      if (!isColdroomError(error) || error.code !== 'box-cannot-open') throw error;
      problem ??= error;
    }
  }
  return { items, problem };
}

async function isSame(
  ciphertext: Uint8Array,
  privateKey: KeyObject,
  passphrase: Passphrase | null,
  item: { body: { mode: string; checksum: string | null; ciphertext_sha256: string; name: string }; path: string },
): Promise<boolean> {
  const { body } = item;
  const recovered = await recoverSecret(Buffer.from(ciphertext), privateKey, passphrase, {
    mode: body.mode,
    checksum: body.checksum,
    ciphertextSha256: body.ciphertext_sha256,
  } as Parameters<typeof recoverSecret>[3]);
  try {
    const original = await readBoundedFile(item.path, { maxBytes: MAX_SECRET_BYTES, what: 'the file that was sealed' });
    const same = recovered.checksum === 'matches' && sha256(recovered.content) === sha256(original);
    original.fill(0);
    return same;
  } finally {
    recovered.content.fill(0); // also where the file is gone
  }
}

export const ceremonyChecklist = defineOperation({
  name: 'ceremony.checklist',
  summary: 'answer what only people can answer before a backup counts',
  roles: EVERY_ROLE,
  input: answersInput,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.checklist', input.ceremony, (parts) => {
      noteAnswers(parts, { step: 'checklist', fact: 'checklist', points: CHECKLIST.map(({ id }) => id) }, input.answers);
      return [];
    }),
});

export const ceremonySave = defineOperation({
  name: 'ceremony.save',
  summary: 'write the ceremony’s key pack, sealed items and receipts into a folder',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, folder: outputPath }),
  output: z.object({ written: z.number(), already_there: z.number() }),
  run: async (context, input) => {
    const counts = { written: 0, already_there: 0 };
    const outcome = await workOn(context, 'ceremony.save', input.ceremony, async ({ station, state }) => {
      await makeFolder(input.folder);
      const documents: { id: string | null; name: string }[] = [
        { id: requireKey(station, state).document_id, name: `${requireKey(station, state).key_id}.keypack.json` },
        ...sealedItems(station, state).flatMap((item) => [
          { id: item.document_id, name: `${item.item_id}.sealed.json` },
          { id: item.receipt_id, name: `${item.item_id}.receipt.json` },
        ]),
      ];
      for (const { id, name } of documents) {
        const text = id === null ? null : station.queries.documentText(id);
        if (text === null) continue;
        const path = join(input.folder, name);
        const bytes = Buffer.from(text, 'utf8');
        try {
          await writeNewFile(path, bytes);
          counts.written += 1;
        } catch (error) {
          if (!isColdroomError(error) || error.code !== 'output-exists') throw error;
          // What is there counts only if it is this very document; anything else is somebody's file.
          const there = await readBoundedFile(path, { maxBytes: MAX_DOCUMENT_BYTES, what: 'the document in that folder' });
          if (!there.equals(bytes)) throw error;
          counts.already_there += 1;
        }
      }
      return [];
    });
    return { output: counts, problems: outcome.problems };
  },
});
