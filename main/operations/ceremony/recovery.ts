import { join } from 'node:path';
import { z } from 'zod';
import type { FactValue } from '../../ceremony/index.ts';
import { checkNewFile, writeNewFile, writeNewFiles } from '../../files/index.ts';
import { makeRecoveryKey, RECOVERY_KEY_TYPES } from '../../recovery/index.ts';
import { checkError, inputError, isoTime } from '../../values/index.ts';
import { ceremonyOutput, requireStep, workOn, type StepWork } from './ceremony.ts';
import { requestText } from '../recovery/recovery-request.ts';
import { outputPath, plainText, uuid } from '../fields.ts';
import { makeFolder } from '../folders.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';
import { readPassphraseText } from '../sealing/passphrase.ts';

const MAX_BACKUPS = 100;

export const ceremonyRecovering = defineOperation({
  name: 'ceremony.recovering',
  summary: 'choose the backups that are to be recovered, and say why',
  roles: SEES_SECRETS,
  input: z.strictObject({ ceremony: uuid, items: z.array(uuid).min(1).max(MAX_BACKUPS), reason: plainText(300) }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.recovering', input.ceremony, async (parts) => {
      await requireStep(parts, 'backups');
      const { station, state, note } = parts;
      checkNothingReleased(state.facts);
      const ids = [...new Set(input.items)];
      const items = ids.map((id) => station.queries.item(id)).filter((item) => item?.environment === state.row.environment);
      const [first] = items;
      if (first === undefined || first === null || items.length < ids.length) {
        throw inputError('recovery-backup-unknown', 'this station’s ledger has no such backup in the ceremony’s environment', {
          hint: 'choose from the list of backups',
        });
      }
      if (items.some((item) => item?.key_id !== first.key_id)) {
        throw inputError('recovery-several-keys', 'these backups were sealed for several keys, and one request is for one key', {
          hint: 'choose the backups of one key, and begin another ceremony for the others',
        });
      }
      note('backups', 'recovering', {
        items: ids.map((id) => ({ item_id: id })),
        key_id: first.key_id,
        reason: input.reason,
        at: isoTime(context.clock.now()),
      });
      return [];
    }),
});

/** What was released was released for these backups: others take another ceremony. @throws input `recovery-under-way`. */
export function checkNothingReleased(facts: StepWork['state']['facts']): void {
  if (facts.released === undefined) return;
  throw inputError('recovery-under-way', 'what was released for these backups has been opened in this ceremony', {
    hint: 'begin another ceremony for other backups',
  });
}

export const ceremonyRequestKey = defineOperation({
  name: 'ceremony.request-key',
  summary: 'make the OpenPGP pair of a recovery request, and write the request for CoinCover Control',
  roles: SEES_SECRETS,
  input: z.strictObject({
    ceremony: uuid,
    type: z.enum(RECOVERY_KEY_TYPES),
    /** Typed by people. The string cannot be wiped. */
    passphrase: z.string().max(1024),
    out_private: outputPath,
    /** Where the public half and the request go. */
    folder: outputPath,
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.request-key', input.ceremony, async (parts) => {
      await requireStep(parts, 'request');
      const { station, state, note, except } = parts;
      const { recovering, request, raised } = state.facts;
      if (recovering === undefined) throw notYet();
      if (raised !== undefined) {
        throw inputError('request-raised', 'the release was asked for with the pair that was made before', {
          hint: 'begin another ceremony to ask with another pair',
        });
      }
      const passphrase = readPassphraseText(input.passphrase);
      try {
        const name = `Coldroom recovery, ceremony ${state.row.number.toString()}`;
        const made = await makeRecoveryKey(name, input.type, passphrase);
        const noted: FactValue<'request'> = {
          fingerprint: made.fingerprint,
          type: input.type,
          public_armored: made.publicArmored,
          at: isoTime(context.clock.now()),
        };
        const start = join(input.folder, `recovery-${state.row.number.toString()}`);
        await makeFolder(input.folder);
        await writeNewFiles([
          [input.out_private, Buffer.from(made.privateArmored, 'utf8')],
          [`${start}-public-key.asc`, Buffer.from(made.publicArmored, 'utf8')],
          [`${start}-request.txt`, Buffer.from(requestText(station.queries, state.row, recovering, noted), 'utf8')],
        ]);
        // It has left Coldroom, under its passphrase: nobody can say what became of it.
        if (request !== undefined) except('request', 'Another OpenPGP pair was made; the one before was not used');
        note('request', 'request', noted);
        return [];
      } finally {
        passphrase.fill(0);
      }
    }),
});

export const ceremonyRequestRaised = defineOperation({
  name: 'ceremony.request-raised',
  summary: 'note that the recovery request was raised in CoinCover Control',
  roles: SEES_SECRETS,
  input: z.strictObject({ ceremony: uuid, reference: plainText(200) }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.request-raised', input.ceremony, async (parts) => {
      await requireStep(parts, 'request');
      if (parts.state.facts.request === undefined) throw notYet();
      parts.note('request', 'raised', { reference: input.reference, played: false, at: isoTime(context.clock.now()) });
      return [];
    }),
});

export const ceremonyRequestPlayed = defineOperation({
  name: 'ceremony.request-played',
  summary: 'in a rehearsal, have the stand-in release to the pair of the request, into a folder',
  roles: SEES_SECRETS,
  input: z.strictObject({ ceremony: uuid, folder: outputPath }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.request-played', input.ceremony, async (parts) => {
      await requireStep(parts, 'request');
      const { station, state, note } = parts;
      const { request, recovering } = state.facts;
      if (state.row.environment !== 'rehearsal') {
        throw inputError('not-a-rehearsal', 'only a rehearsal plays a recovery', { hint: 'ask CoinCover for a real one' });
      }
      if (request === undefined || recovering === undefined) throw notYet();
      const environment = station.queries.environment('rehearsal');
      if (environment === null || context.rehearsal?.runsAt(environment.api) !== true) {
        throw checkError('rehearsal-not-running', 'the built-in stand-in is not running');
      }
      const packages = await context.rehearsal.release(recovering.key_id, request.public_armored);
      await makeFolder(input.folder);
      for (const { name } of packages) await checkNewFile(join(input.folder, name));
      for (const { name, armored } of packages) await writeNewFile(join(input.folder, name), Buffer.from(armored, 'latin1'));
      note('request', 'raised', { reference: 'REHEARSAL', played: true, at: isoTime(context.clock.now()) });
      return [];
    }),
});

export function notYet(): Error {
  return inputError('step-not-ready', 'a step before this one is not done', { hint: 'do the step that is lit first' });
}
