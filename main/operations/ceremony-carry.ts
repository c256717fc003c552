import { z } from 'zod';
import { checkWords } from '../ceremony/index.ts';
import { KIND_WORDS, readDocument, writeToMedium } from '../transfer/index.ts';
import { inputError, isoTime, isSha256, newUuid, type ColdroomError } from '../values/index.ts';
import { assignAt } from './assign-new.ts';
import { recheckAt } from './assign-recheck.ts';
import { carryLine, countMissing, linesOfKept, writeCarryList } from './carry-list.ts';
import { ceremonyId, ceremonyOutput, requireStep, UNKNOWN_ASSIGNMENT, workOn, type StepWork } from './ceremony.ts';
import { crossesAsCode, documentsToCarry, keyIdsOf } from './ceremony-subjects.ts';
import { checkedWallet, requestFor, walletInput } from './ceremony-wallet.ts';
import { pairedColdStations } from './documents.ts';
import { noteForeignFiles } from './foreign-files.ts';
import { enteredWords, inputPath, keyEnvironment, outputPath, uuid } from './fields.ts';
import { filesOf, importFiles } from './import.ts';
import { defineOperation, EVERY_ROLE, NETWORKED } from './operation.ts';
import type { Station } from './station.ts';

const MAX_WALLETS = 200;

export const ceremonyWalletAdd = defineOperation({
  name: 'ceremony.wallet-add',
  summary: 'add a wallet to the ceremony, and choose HOT or COLD by typing it',
  roles: NETWORKED,
  input: walletInput,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.wallet-add', input.ceremony, ({ note, state }) => {
      const wallet = checkedWallet(input);
      const before = state.facts.wallets?.wallets ?? [];
      if (before.some((one) => one.user_identifier === wallet.user_identifier)) {
        throw inputError('wallet-twice', 'this wallet is in the list already', { hint: 'each wallet gets one key' });
      }
      if (before.length >= MAX_WALLETS) {
        throw inputError('wallets-too-many', `one ceremony assigns at most ${MAX_WALLETS.toString()} keys`, {
          hint: 'begin another for the rest',
        });
      }
      note('wallets', 'wallets', { wallets: [...before, { ...wallet, assignment_id: null }], at: isoTime(context.clock.now()) });
      return [];
    }),
});

export const ceremonyWalletRemove = defineOperation({
  name: 'ceremony.wallet-remove',
  summary: 'take a wallet off the list again, while no key has been asked for it',
  roles: NETWORKED,
  input: z.strictObject({ ceremony: uuid, user_identifier: z.string().max(256) }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.wallet-remove', input.ceremony, ({ note, except, state, station }) => {
      const before = state.facts.wallets?.wallets ?? [];
      const wallet = before.find((one) => one.user_identifier === input.user_identifier);
      if (wallet === undefined) throw inputError('wallet-unknown', 'this wallet is not in the list', { hint: 'choose one that is' });
      const assignment = station.queries.assignment(wallet.assignment_id ?? '');
      if (assignment?.state === 'assigned') {
        throw inputError('wallet-assigned', 'a key has been assigned for this wallet in this ceremony', {
          hint: 'it stays in the record; leave its key pack unused',
        });
      }
      if (assignment?.state === 'sending' || assignment?.state === 'unknown')
        except('wallets', `${UNKNOWN_ASSIGNMENT} for a wallet that was taken off the list`);
      const wallets = before.filter((one) => one !== wallet);
      note('wallets', 'wallets', wallets.length === 0 ? null : { wallets, at: isoTime(context.clock.now()) });
      return [];
    }),
});

export const ceremonyAssignAll = defineOperation({
  name: 'ceremony.assign-all',
  summary: 'have a key assigned for every wallet of the ceremony that has none',
  roles: NETWORKED,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) => workOn(context, 'ceremony.assign-all', input.ceremony, (parts) => assignAll(parts)),
});

/** One after the other; the first that goes wrong ends it, for what stops one will stop the next. What is done stays done. */
async function assignAll(parts: StepWork): Promise<readonly ColdroomError[]> {
  const { context, station, state, note, except } = parts;
  await requireStep(parts, 'keys');
  // A key pack is addressed when it is written, and a key cannot be asked for twice.
  if (station.role === 'online' && pairedColdStations(station).length === 0) {
    throw inputError('pairing-missing', 'no cold station is paired with this one, so nobody could use the keys', {
      hint: 'pair the cold station first, in Stations and trust',
    });
  }
  const wallets = [...(state.facts.wallets?.wallets ?? [])];
  for (const [index, wallet] of wallets.entries()) {
    context.onProgress({ step: 'receive', subject: wallet.user_identifier, done: index, total: wallets.length });
    const before = station.queries.assignment(wallet.assignment_id ?? '');
    if (before?.state === 'assigned') continue;
    if (before !== null && before.state !== 'refused' && before.state !== 'not-sent') {
      const again = await recheckAt(context, station, { recheck: before.assignment_id, out: null });
      const known = station.queries.exceptions(state.row.ceremony_id).some((one) => one.text === UNKNOWN_ASSIGNMENT);
      if (again.output.state === 'unknown' && (before.state === 'sending' || !known)) except('keys', UNKNOWN_ASSIGNMENT);
      if (again.problems.length > 0) return again.problems;
      continue;
    }
    const id = newUuid();
    wallets[index] = { ...wallet, assignment_id: id };
    note('wallets', 'wallets', { wallets: [...wallets], at: isoTime(context.clock.now()) });
    const { output, problems } = await assignAt(context, station, requestFor(wallet, state.row.environment), id);
    if (output.state === 'quarantined') except('keys', `The key assigned for a wallet is not trusted (${problems[0]?.code ?? ''})`);
    if (output.state === 'unknown') except('keys', UNKNOWN_ASSIGNMENT);
    if (problems.length > 0) return problems;
  }
  return [];
}

export const ceremonyKeyRead = defineOperation({
  name: 'ceremony.key-read',
  summary: 'confirm one key’s fingerprint by two of its words, at a cold station also HOT or COLD as the paper order says it',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, key_id: uuid, words: enteredWords, kept: keyEnvironment.nullable() }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.key-read', input.ceremony, ({ station, state, note }) => {
      const key = station.queries.assignedKey(input.key_id);
      if (key === null || !keyIdsOf(station, state).includes(input.key_id)) {
        throw inputError('key-not-brought', 'no such key is in this ceremony', { hint: 'choose one of those that are listed' });
      }
      if (station.role === 'cold' && input.kept === null) {
        throw inputError('kept-missing', 'HOT or COLD is to be typed from the paper order', { hint: 'type it as the order says it' });
      }
      if (!isSha256(key.fingerprint)) throw new TypeError('the ledger holds a fingerprint that is none');
      checkWords(key.fingerprint, input.words);
      const others = (state.facts['keys-read']?.keys ?? []).filter((one) => one.key_id !== input.key_id);
      const read = {
        key_id: key.key_id,
        fingerprint: key.fingerprint,
        positions: input.words.map((one) => one.position),
        kept: input.kept,
      };
      note(station.role === 'cold' ? 'packs' : 'keys', 'keys-read', { keys: [...others, read], at: isoTime(context.clock.now()) });
      return [];
    }),
});

/** What each step brings in. */
const BRINGS = { packs: 'keypack', items: 'sealed', receipts: 'receipt' } as const;

export const ceremonyBring = defineOperation({
  name: 'ceremony.bring',
  summary: 'take in the documents that the other station sent for this step',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, files: z.array(inputPath).min(1).max(10_000) }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.bring', input.ceremony, async (parts) => {
      const { context: own, station, state, note, except } = parts;
      const step = (Object.keys(BRINGS) as (keyof typeof BRINGS)[]).find((id) => state.script.steps.some((one) => one.id === id));
      if (step === undefined) throw inputError('step-not-ready', 'this ceremony takes nothing in', { hint: 'begin the one that does' });
      await requireStep(parts, step);
      const { lines, carries, problems } = await importFiles(own, station, await filesOf(own, input.files));
      const wrongKind = lines.filter((one) => one.state === 'new' && one.kind !== BRINGS[step] && one.kind !== 'carry');
      for (const one of wrongKind) {
        problems.push(
          inputError(
            'brought-other-kind',
            `${one.kind === null ? 'a document' : KIND_WORDS[one.kind]} was among the documents, which this step does not take`,
            {
              hint: 'bring it where it belongs',
            },
          ),
        );
      }
      const subjects = lines
        .filter((one) => (one.state === 'new' || one.state === 'kept') && one.kind === BRINGS[step])
        .map((one) => station.queries.document(one.id ?? '')?.subject ?? null)
        .filter((id) => id !== null);
      const before = state.facts.brought;
      const all = [...new Set([...(before?.subjects ?? []), ...subjects])];
      const inEnvironment = all.filter((id) => environmentOfSubject(station, id) === state.row.environment);
      if (inEnvironment.length < all.length) {
        problems.push(
          inputError('brought-other-environment', 'some of these documents are of another environment than this ceremony’s', {
            hint: 'they are kept; begin a ceremony for that environment',
          }),
        );
      }
      const refused = lines.filter((one) => one.state === 'refused').length;
      for (const one of lines.filter((line) => line.state === 'refused')) except(step, `A document was refused (${one.code ?? ''})`);
      const listIds = new Set([...(before?.lists ?? []).map((one) => one.document_id), ...carries.map((one) => one.document_id)]);
      const lists = [...listIds].map((id) => ({ id, lines: linesOfKept(station, id) }));
      note(step, 'brought', {
        subjects: inEnvironment,
        lists: lists.map(({ id, lines: own }) => ({ document_id: id, listed: own.length, missing: countMissing(station, own) })),
        unlisted: inEnvironment.filter((id) => !lists.some((list) => list.lines.some((line) => line.subject === id))).length,
        refused,
        at: isoTime(context.clock.now()),
      });
      return problems;
    }),
});

function environmentOfSubject({ queries }: Station, id: string): string | null {
  return queries.assignedKey(id)?.environment ?? queries.item(id)?.environment ?? null;
}

export const ceremonyCarry = defineOperation({
  name: 'ceremony.carry',
  summary: 'write the ceremony’s documents for the other station, with their list, and read them back',
  roles: EVERY_ROLE,
  input: z.strictObject({ ceremony: uuid, folder: outputPath }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.carry', input.ceremony, async (parts) => {
      const { station, state, note } = parts;
      await requireStep(parts, 'carry');
      const documents = documentsToCarry(station, state).map(({ id, kind, subject }) => {
        const text = station.queries.documentText(id);
        if (text === null)
          throw inputError('ledger-damaged', 'a document of this ceremony is not in the ledger', { hint: 'run `coldroom ledger check`' });
        return { name: `${subject}.${kind}.json`, bytes: Buffer.from(text, 'utf8') };
      });
      const lines = documents.map(({ name, bytes }) => {
        const { document, sha256 } = readDocument(bytes, name);
        return carryLine(document, { sha256, sizeBytes: bytes.length });
      });
      const list = writeCarryList(
        context,
        station,
        lines.filter((line) => line !== null),
      );
      const files = [...documents, { name: `${list.document.id}.carry.json`, bytes: Buffer.from(list.text, 'utf8') }];
      await writeToMedium(input.folder, files, {
        onProgress: ({ name, done, total }) => {
          context.onProgress({ step: 'send', subject: name, done, total });
        },
      });
      await noteForeignFiles(context, input.folder);
      note('carry', 'carried', { via: 'medium', documents: documents.length, list_sha256: list.sha256, at: isoTime(context.clock.now()) });
      return [];
    }),
});

export const ceremonyCarriedByCode = defineOperation({
  name: 'ceremony.carried-by-code',
  summary: 'note that the other station has read the documents off this screen',
  roles: EVERY_ROLE,
  input: ceremonyId,
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.carried-by-code', input.ceremony, async (parts) => {
      await requireStep(parts, 'carry');
      const toCarry = documentsToCarry(parts.station, parts.state);
      if (!toCarry.every((one) => crossesAsCode(parts.station, one))) {
        throw inputError('code-envelope', 'an envelope is too large for a screen', { hint: 'write the documents to a stick' });
      }
      parts.note('carry', 'carried', { via: 'code', documents: toCarry.length, list_sha256: null, at: isoTime(context.clock.now()) });
      return [];
    }),
});
