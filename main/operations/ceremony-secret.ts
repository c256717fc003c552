import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { checkNameSent, checkWords, rulesOf, type CeremonyState } from '../ceremony/index.ts';
import { writeFileReplacing } from '../files/index.ts';
import type { AssignedKeyRow, ItemRow } from '../ledger/index.ts';
import { checkModeHolds, chooseMode, SEALED_BYTES_LIMIT, type Mode } from '../sealing/index.ts';
import { readDocumentOf } from '../transfer/index.ts';
import { ColdroomError, inputError, isoTime, isSha256, newUuid, quote, systemCode, type Passphrase, type Uuid } from '../values/index.ts';
import { assignAt } from './assign-new.ts';
import { recheckAt } from './assign-recheck.ts';
import { ceremonyId, ceremonyOutput, requireStep, UNKNOWN_ASSIGNMENT, workOn, type StepWork } from './ceremony.ts';
import { sealedItems } from './ceremony-subjects.ts';
import { requestFor } from './ceremony-wallet.ts';
import { enteredWords, inputPath, resolution, uuid } from './fields.ts';
import { judgeKeptKey, readKeptKeyPack } from './key-pack.ts';
import { defineOperation, NETWORKED, SEES_SECRETS } from './operation.ts';
import { checkSealingPassphrase, readPassphraseText } from './passphrase.ts';
import { checkNetworkNow } from './ceremony-network.ts';
import { Sealer } from './seal.ts';
import { requireSelfTest } from './self-test.ts';
import { checkpointProblem, underLock } from './store.ts';
import { StoreItem, type Resolution } from './store-item.ts';
import type { Station } from './station.ts';
import { askAbout, checkProblem, type Subject } from './verify-check.ts';

const MAX_FILES = 1000;

export const ceremonyAssign = defineOperation({
  name: 'ceremony.assign',
  summary: 'have a key assigned for the ceremony’s wallet, or judge a kept answer again',
  roles: NETWORKED,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) => workOn(context, 'ceremony.assign', input.ceremony, (parts) => assignStep(parts)),
});

/**
 * One assignment for the wallet. Its id is noted before anything is sent, so an app that dies finds it again; one that was
 * answered and not trusted is judged again, one that was refused or not sent is begun anew, and an unknown one is left alone.
 */
async function assignStep(parts: StepWork): Promise<readonly ColdroomError[]> {
  const { context, station, state, note, except } = parts;
  const { wallet, assignment } = state.facts;
  if (wallet === undefined) throw notYet('the wallet');
  const before = station.queries.assignment(assignment?.assignment_id ?? '');
  if (before !== null && before.state !== 'refused' && before.state !== 'not-sent') {
    const again = await recheckAt(context, station, { recheck: before.assignment_id, out: null });
    if (before.state === 'sending' && again.output.state === 'unknown') except('assign', UNKNOWN_ASSIGNMENT);
    return again.problems;
  }
  await requireStep(parts, 'assign');
  const id = newUuid();
  note('assign', 'assignment', { assignment_id: id });
  const { output, problems } = await assignAt(context, station, requestFor(wallet, state.row.environment), id);
  if (output.state === 'quarantined') except('assign', `The assigned key is not trusted (${problems[0]?.code ?? ''})`);
  if (output.state === 'unknown') except('assign', UNKNOWN_ASSIGNMENT);
  return problems;
}

export const ceremonyWords = defineOperation({
  name: 'ceremony.words',
  summary: 'confirm the assigned key’s fingerprint by two of its words',
  roles: NETWORKED,
  input: z.strictObject({ ceremony: uuid, words: enteredWords }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.words', input.ceremony, ({ station, state, note }) => {
      const { fingerprint } = requireKey(station, state);
      if (!isSha256(fingerprint)) throw new TypeError('the ledger holds a fingerprint that is none');
      checkWords(fingerprint, input.words);
      note('assign', 'words', {
        fingerprint,
        positions: input.words.map((one) => one.position),
        at: isoTime(context.clock.now()),
      });
      return [];
    }),
});

export const ceremonyChoose = defineOperation({
  name: 'ceremony.choose',
  summary: 'choose the files to be sealed, or have a worthless one made in a rehearsal',
  roles: SEES_SECRETS,
  input: z.strictObject({
    ceremony: uuid,
    files: z.array(inputPath).max(MAX_FILES),
    made_up: z.boolean().default(false),
    /** Where several keys were brought, the one that these files are for; the files chosen for the others stay. */
    key_id: uuid.nullable().default(null),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.choose', input.ceremony, async ({ station, state, note }) => {
      if (input.made_up && state.row.script !== 'rehearsal') {
        throw inputError('not-a-rehearsal', 'only a rehearsal works with a made-up secret', {
          hint: 'choose the file that holds the secret',
        });
      }
      checkNothingSent(station, state);
      const paths = input.made_up ? [await makeUpSecret(context.home, input.ceremony)] : input.files;
      const limit = station.queries.environment(state.row.environment)?.limit_bytes ?? SEALED_BYTES_LIMIT;
      const bringsKeys = state.script.steps.some((step) => step.id === 'packs');
      if (bringsKeys ? state.facts.brought?.subjects.includes(input.key_id ?? '') !== true : input.key_id !== null) {
        throw inputError('key-not-brought', 'no key pack with that key was brought in this ceremony', {
          hint: 'choose one of those that are listed',
        });
      }
      const files = (state.facts.secrets?.files ?? []).filter((file) => input.key_id !== null && file.key_id !== input.key_id);
      for (const path of paths) files.push({ ...(await lookAt(path, limit)), key_id: input.key_id });
      if (files.length > MAX_FILES) {
        throw inputError('files-too-many', `one ceremony seals at most ${MAX_FILES.toString()} files`, {
          hint: 'begin another for the rest',
        });
      }
      if (new Set(files.map((file) => file.path)).size < files.length) {
        throw inputError('file-twice', 'one file was chosen twice', { hint: 'choose each file once' });
      }
      note('secrets', 'sealing', null);
      note('secrets', 'secrets', files.length === 0 ? null : { files, at: isoTime(context.clock.now()) });
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
    mode: z.enum(['auto', 'direct', 'passphrase', 'envelope', 'envelope+passphrase']),
    passphrase: z.string().max(1024).nullable(),
    send_name: z.boolean(),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.seal', input.ceremony, async (parts) => {
      const wants = input.mode.includes('passphrase');
      if (wants !== (input.passphrase !== null)) {
        throw wants
          ? inputError('passphrase-needed', 'this mode needs a passphrase', { hint: 'enter one' })
          : inputError('passphrase-not-needed', 'this mode takes no passphrase', { hint: 'leave it out' });
      }
      const rules = rulesOf(parts.state);
      checkNameSent(rules, input.send_name);
      const passphrase = input.passphrase === null ? null : readPassphraseText(input.passphrase);
      try {
        if (passphrase !== null) checkSealingPassphrase(rules, passphrase);
        return await sealStep(parts, input.mode, passphrase, input.send_name);
      } finally {
        passphrase?.fill(0);
      }
    }),
});

/** Seals what is not sealed yet: files sealed before a crash stay, each bears the item id noted when it was chosen. */
async function sealStep(
  parts: StepWork,
  mode: Mode | 'auto',
  passphrase: Passphrase | null,
  sendName: boolean,
): Promise<readonly ColdroomError[]> {
  const { context, station, state, note } = parts;
  const files = state.facts.secrets?.files ?? [];
  if (files.length === 0) throw notYet('the files');
  await requireStep(parts, 'seal');
  await checkNetworkNow(parts);
  const sealers = new Map<string | null, Sealer>();
  for (const keyId of new Set(files.map((file) => file.key_id))) {
    const key = keyId === null ? requireKey(station, state) : station.queries.assignedKey(keyId);
    if (key === null) throw notYet('the assigned key');
    sealers.set(
      keyId,
      new Sealer(context, station, readKeptKeyPack(station, key), judgeKeptKey(context, station, key), {
        mode,
        passphrase,
        sendName,
        network: null,
      }),
    );
  }
  await requireSelfTest();
  const problems: ColdroomError[] = [];
  for (const [index, file] of files.entries()) {
    context.onProgress({ step: 'seal', subject: file.name, done: index, total: files.length });
    if (station.queries.item(file.item_id) !== null) continue;
    try {
      await sealers.get(file.key_id)?.seal({ source: file.path, out: null, itemId: file.item_id as Uuid, sizeBytes: file.size_bytes });
    } catch (error) {
      if (!(error instanceof ColdroomError)) throw error;
      problems.push(error);
    }
  }
  context.onProgress({ step: 'seal', subject: '', done: files.length, total: files.length });
  if (problems.length === 0) note('seal', 'sealing', { mode, send_name: sendName, at: isoTime(context.clock.now()) });
  return problems;
}

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

/** The ceremony's assigned key. @throws input `step-not-ready`. */
export function requireKey(station: Station, state: CeremonyState): AssignedKeyRow {
  const assignment = station.queries.assignment(state.facts.assignment?.assignment_id ?? '');
  const key = station.queries.assignedKey(assignment?.key_id ?? '');
  if (key === null) throw notYet('the assigned key');
  return key;
}

/** The assigned keys that the ceremony's items were sealed for; before there are items, the ceremony's own. @throws input `step-not-ready`. */
function keysOf(station: Station, state: CeremonyState): AssignedKeyRow[] {
  const ids = [...new Set(sealedItems(station, state).map((item) => item.key_id))];
  if (ids.length === 0) return [requireKey(station, state)];
  return ids.map((id) => station.queries.assignedKey(id)).filter((key) => key !== null);
}

function notYet(what: string): ColdroomError {
  return inputError('step-not-ready', `${what} is missing in this ceremony so far`, { hint: 'go through the steps in their order' });
}
