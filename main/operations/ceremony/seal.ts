import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { checkNameSent, rulesOf, type CeremonyState } from '../../ceremony/index.ts';
import { writeFileReplacing } from '../../files/index.ts';
import { checkModeHolds, chooseMode, SEALED_BYTES_LIMIT, type Mode } from '../../sealing/index.ts';
import { ColdroomError, inputError, isoTime, newUuid, quote, systemCode, type Passphrase, type Uuid } from '../../values/index.ts';
import { ceremonyOutput, requireStep, workOn, type StepWork } from './ceremony.ts';
import { inspectChosen, makeUpPlanned, type ChosenFile } from './choose-plan.ts';
import { noteInspected, requirePlan } from './inspect.ts';
import { checkNetworkNow } from './network.ts';
import { knownNames } from './passphrase.ts';
import { plannedOf, type PlannedCeremony } from './plan.ts';
import { plannedMode, secretByPlan } from './seal-plan.ts';
import { notYet, requireKey, sealedItems } from './subjects.ts';
import { inputPath, uuid } from '../fields.ts';
import { judgeKeptKey, readKeptKeyPack } from '../documents/key-pack.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';
import { checkSealingPassphrase, readPassphraseText } from '../sealing/passphrase.ts';
import { Sealer } from '../sealing/sealer.ts';
import { plannedName } from '../sealing/seal-plan.ts';
import { SealProgress } from '../sealing/seal-progress.ts';
import { secretsIn } from '../sealing/secret-files.ts';
import { requireSelfTest } from '../station/self-test.ts';
import type { Station } from '../station/station.ts';

const MAX_FILES = 1000;

export const ceremonyChoose = defineOperation({
  name: 'ceremony.choose',
  summary: 'choose the files to be sealed, or have a worthless one made in a rehearsal',
  roles: SEES_SECRETS,
  input: z
    .strictObject({
      ceremony: uuid,
      files: z.array(inputPath).max(MAX_FILES),
      /** Every file of a folder, in place of single ones. */
      folder: inputPath.optional(),
      made_up: z.boolean().default(false),
      /** Where several keys were brought, the one that these files are for; the files chosen for the others stay. */
      key_id: uuid.nullable().default(null),
    })
    .refine(({ files, folder, made_up: madeUp }) => Number(files.length > 0) + Number(folder !== undefined) + Number(madeUp) <= 1, {
      error: 'files, a folder and a made-up secret exclude each other',
    }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.choose', input.ceremony, async (parts) => {
      const { station, state, note } = parts;
      if (input.made_up && state.row.script !== 'rehearsal') {
        throw inputError('not-a-rehearsal', 'only a rehearsal works with a made-up secret', {
          hint: 'choose the file that holds the secret',
        });
      }
      checkNothingSent(station, state);
      const planned = await plannedOf(station, state);
      if (planned !== null) {
        // Files are opened here, and not only when they are sealed.
        await requireStep(parts, 'secrets');
        await checkNetworkNow(parts);
      }
      const chosen = input.folder === undefined ? input.files : await secretsIn(input.folder);
      const isPlanned = input.made_up && planned !== null;
      const paths = isPlanned ? [] : input.made_up ? [await makeUpSecret(context.home, input.ceremony)] : chosen;
      const limit = station.queries.environment(state.row.environment)?.limit_bytes ?? SEALED_BYTES_LIMIT;
      const bringsKeys = state.script.steps.some((step) => step.id === 'packs');
      if (bringsKeys ? state.facts.brought?.subjects.includes(input.key_id ?? '') !== true : input.key_id !== null) {
        throw inputError('key-not-brought', 'no key pack with that key was brought in this ceremony', {
          hint: 'choose one of those that are listed',
        });
      }
      const files = (state.facts.secrets?.files ?? []).filter((file) => input.key_id !== null && file.key_id !== input.key_id);
      const others = files.length;
      for (const path of paths) {
        const file = await lookAt(path, limit);
        const name = planned === null ? file.name : plannedName(path);
        files.push({ ...file, name, key_id: input.key_id, made_up: input.made_up });
      }
      if (isPlanned) files.push(...(await makeUpPlanned(parts, planned)));
      if (files.length > MAX_FILES) {
        throw inputError('files-too-many', `one ceremony seals at most ${MAX_FILES.toString()} files`, {
          hint: 'begin another for the rest',
        });
      }
      if (new Set(files.map((file) => file.path)).size < files.length) {
        throw inputError('file-twice', 'one file was chosen twice', { hint: 'choose each file once' });
      }
      const inspected = planned === null ? [] : await inspectChosen(station, planned, input.key_id, files.slice(others));
      station.ledger.transaction(() => {
        note('secrets', 'sealing', null);
        note('secrets', 'secrets', files.length === 0 ? null : { files, at: isoTime(context.clock.now()) });
        if (planned !== null) noteInspected(parts, inspected, files);
      });
      return [];
    }),
});

/** Once something may be on its way to CoinCover the list of files stands: another list would hide it. */
function checkNothingSent(station: Station, state: CeremonyState): void {
  const items = sealedItems(station, state);
  if (items.every((item) => item.state === 'sealed' || item.state === 'not-sent' || item.state === 'refused')) return;
  throw inputError('files-sent', 'some of these files have been sent to CoinCover by now', {
    hint: 'begin another ceremony for other files',
  });
}

/** Name and size of a file that may be sealed. It is not opened here. @throws input `file-missing`, `file-not-regular`, `secret-empty`, `sealed-too-large`. */
async function lookAt(path: string, limitBytes: number): Promise<{ item_id: Uuid; name: string; size_bytes: number; path: string }> {
  const name = basename(path).toWellFormed();
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw inputError('file-not-regular', `${quote(name)} is no regular file`, { hint: 'choose the file that holds the secret' });
    }
    if (found.size === 0)
      throw inputError('secret-empty', `${quote(name)} has no bytes`, { hint: 'choose the file that holds the secret' });
    checkModeHolds(chooseMode(found.size, false), found.size, limitBytes);
    return { item_id: newUuid(), name, size_bytes: found.size, path };
  } catch (cause) {
    if (cause instanceof ColdroomError) throw cause;
    throw inputError('file-missing', `${quote(name)} cannot be read (${systemCode(cause) ?? 'unknown error'})`, {
      hint: 'see that the stick is in, then choose again',
      cause,
    });
  }
}

async function makeUpSecret(home: string, ceremony: string): Promise<string> {
  const path = join(home, `made-up-secret-${ceremony.slice(0, 8)}.txt`);
  await writeFileReplacing(path, Buffer.from(`REHEARSAL ONLY, worth nothing: ${randomBytes(16).toString('hex')}\n`, 'utf8'));
  return path;
}

export const ceremonySeal = defineOperation({
  name: 'ceremony.seal',
  summary: 'seal the chosen files for the assigned key',
  roles: SEES_SECRETS,
  input: z.strictObject({
    ceremony: uuid,
    /**
     * `auto` and `auto+passphrase`: for each file the mode that its size recommends, without a passphrase or with one. `plan`: each in the
     * mode that the plan says; some of them may take the passphrase.
     */
    mode: z.enum(['auto', 'auto+passphrase', 'plan', 'direct', 'passphrase', 'envelope', 'envelope+passphrase']),
    /** One that people made up. Null where the mode takes one: the one that is kept (`ceremony.passphrase-make`, `-half`). */
    passphrase: z.string().max(1024).nullable(),
    send_name: z.boolean(),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.seal', input.ceremony, async (parts) => {
      const planned = input.mode === 'plan' ? await requirePlan(parts) : await plannedOf(parts.station, parts.state);
      const modes = modesFor(parts.state, input.mode, planned);
      if (!modes.some((mode) => mode.includes('passphrase')) && input.passphrase !== null) {
        throw inputError('passphrase-not-needed', 'this mode takes no passphrase', { hint: 'leave it out' });
      }
      const rules = rulesOf(parts.state);
      checkNameSent(rules, input.send_name);
      const under = await passphraseFor(parts, modes, input.passphrase);
      try {
        return await sealStep(parts, planned, { mode: input.mode, under, sendName: input.send_name });
      } finally {
        under?.passphrase.fill(0);
      }
    }),
});

type WishedMode = Mode | 'auto' | 'auto+passphrase' | 'plan';

/** Every mode that files will be sealed in. */
function modesFor({ facts }: CeremonyState, mode: WishedMode, planned: PlannedCeremony | null): string[] {
  if (mode !== 'plan' || planned === null) return [mode];
  return (facts.secrets?.files ?? []).map((file) => plannedMode(planned, file));
}

/** A passphrase to seal under, and how it came to be. */
type Under = { readonly passphrase: Passphrase; readonly parts: Way['parts'] };
type Way = NonNullable<CeremonyState['facts']['passphrases']>['ways'][number];

/**
 * @returns the caller wipes the passphrase; null where the mode takes none.
 * @throws input `passphrase-needed`, those of readPassphrase and of checkSealingPassphrase.
 */
async function passphraseFor({ context, station, state }: StepWork, modes: readonly string[], typed: string | null): Promise<Under | null> {
  if (!modes.some((mode) => mode.includes('passphrase'))) return null;
  if (typed === null) {
    const ceremony = state.row.ceremony_id;
    const passphrase = context.passphrases?.copy(ceremony) ?? null;
    if (passphrase === null) throw inputError('passphrase-needed', 'this mode needs a passphrase', { hint: 'enter one' });
    const parts = context.passphrases?.parts(ceremony) ?? [];
    return { passphrase, parts: parts.map(({ how, words, by }) => ({ how, words, by })) };
  }
  const passphrase = readPassphraseText(typed);
  try {
    await checkSealingPassphrase(rulesOf(state), passphrase, knownNames(state, station.file.name));
    return { passphrase, parts: [{ how: 'own', words: null, by: null }] };
  } catch (error) {
    passphrase.fill(0);
    throw error;
  }
}

/** Seals what is not sealed yet: files sealed before a crash stay, each bears the item id noted when it was chosen. */
async function sealStep(
  parts: StepWork,
  planned: PlannedCeremony | null,
  { mode, under, sendName }: { mode: WishedMode; under: Under | null; sendName: boolean },
): Promise<readonly ColdroomError[]> {
  const { context, station, state, note } = parts;
  const files = state.facts.secrets?.files ?? [];
  if (files.length === 0) throw notYet('the files');
  await requireStep(parts, 'seal');
  await checkNetworkNow(parts);
  const sealers = new Map<string, Sealer>();
  const modeOf = (file: ChosenFile): Mode | 'auto' => {
    if (mode === 'plan') return planned === null ? 'auto' : plannedMode(planned, file);
    return mode === 'auto+passphrase' ? 'auto' : mode;
  };
  for (const file of files) {
    if (sealers.has(sealerOf(file, modeOf(file)))) continue;
    const key = file.key_id === null ? requireKey(station, state) : station.queries.assignedKey(file.key_id);
    if (key === null) throw notYet('the assigned key');
    const fileMode = modeOf(file);
    const takesPassphrase = mode !== 'plan' || fileMode.includes('passphrase');
    sealers.set(
      sealerOf(file, fileMode),
      new Sealer(context, station, readKeptKeyPack(station, key), judgeKeptKey(context, station, key), {
        mode: fileMode,
        passphrase: takesPassphrase ? (under?.passphrase ?? null) : null,
        sendName,
        network: null,
      }),
    );
  }
  await requireSelfTest();
  const problems: ColdroomError[] = [];
  const left = files.filter((file) => station.queries.item(file.item_id) === null);
  if (under !== null && left.length > 0) {
    const ways = [
      ...(state.facts.passphrases?.ways ?? []),
      {
        parts: [...under.parts],
        items: left.filter((file) => mode !== 'plan' || modeOf(file).includes('passphrase')).map((file) => file.item_id),
      },
    ];
    note('seal', 'passphrases', { ways, at: isoTime(context.clock.now()) });
  }
  const progress = new SealProgress(
    context,
    left.reduce((sum, file) => sum + file.size_bytes, 0),
  );
  for (const file of left) {
    if (context.signal?.aborted === true) {
      problems.push(
        inputError('sealing-cancelled', 'sealing was cancelled', { hint: 'what is sealed stays; seal the rest when you are ready' }),
      );
      break;
    }
    progress.begin(file.name);
    try {
      const secret = planned === null ? null : secretByPlan(parts, planned, file);
      const job = { source: file.path, out: null, itemId: file.item_id as Uuid, sizeBytes: file.size_bytes };
      await sealers.get(sealerOf(file, modeOf(file)))?.seal(secret === null ? job : { ...job, planned: secret });
      context.besides?.drop(state.row.ceremony_id, file.item_id);
    } catch (error) {
      if (!(error instanceof ColdroomError)) throw error;
      problems.push(error);
    }
    progress.end(file.name, file.size_bytes);
  }
  if (problems.length === 0) {
    note('seal', 'sealing', { mode, send_name: sendName, at: isoTime(context.clock.now()) });
    context.passphrases?.forget();
  }
  return problems;
}

/** One sealer for each key and mode. */
function sealerOf({ key_id: keyId }: ChosenFile, mode: string): string {
  return `${keyId ?? ''} ${mode}`;
}
