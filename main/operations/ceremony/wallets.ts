import { z } from 'zod';
import { checkWords } from '../../ceremony/index.ts';
import { inputError, isoTime, isSha256, newUuid, type ColdroomError } from '../../values/index.ts';
import { assignAt } from '../service/assign-new.ts';
import { recheckAt } from '../service/assign-recheck.ts';
import { ceremonyId, ceremonyOutput, requireStep, UNKNOWN_ASSIGNMENT, workOn, type StepWork } from './ceremony.ts';
import { keyIdsOf } from './subjects.ts';
import { requirePlan } from './inspect.ts';
import { checkedWallet, isSameWallet, requestFor, walletInput, type Wallet } from './wallet.ts';
import { pairedColdStations } from '../documents/documents.ts';
import { enteredWords, keyEnvironment, uuid } from '../fields.ts';
import { defineOperation, EVERY_ROLE, NETWORKED } from '../operation.ts';

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
      if (before.some((one) => isSameWallet(one, wallet))) {
        throw inputError('wallet-twice', 'this wallet is in the list already', { hint: 'each wallet gets one key' });
      }
      if (before.length >= MAX_WALLETS) throw tooMany();
      note('wallets', 'wallets', { wallets: [...before, { ...wallet, assignment_id: null }], at: isoTime(context.clock.now()) });
      return [];
    }),
});

export const ceremonyWalletsPlanned = defineOperation({
  name: 'ceremony.wallets-planned',
  summary: 'take the wallets of the plan into the list, once HOT and COLD were typed as they need them',
  roles: NETWORKED,
  input: z.strictObject({ ceremony: uuid, typed: z.array(z.string().max(10)).max(2) }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.wallets-planned', input.ceremony, async (parts) => {
      const { plan } = await requirePlan(parts);
      const { state, note } = parts;
      const before = state.facts.wallets?.wallets ?? [];
      const planned = (state.facts.plan?.wallets ?? []).flatMap((at) => plan.wallets[at] ?? []);
      const added = planned.filter((wallet) => !before.some((one) => isSameWallet(one, wallet)));
      for (const needed of new Set(added.map((wallet) => wallet.key_environment))) {
        if (input.typed.includes(needed)) continue;
        throw inputError('kept-typed', `${needed} is planned for some of these wallets, and was not typed`, {
          hint: `read the paper order, then type ${needed} in capitals`,
        });
      }
      if (before.length + added.length > MAX_WALLETS) throw tooMany();
      const lines = added.map((wallet) => ({ ...factsOfWallet(wallet), account: plan.account, assignment_id: null }));
      note('wallets', 'wallets', { wallets: [...before, ...lines], at: isoTime(context.clock.now()) });
      return [];
    }),
});

/** A planned wallet without its items. */
function factsOfWallet({
  user_identifier,
  key_environment,
  customer_id,
  customer_name,
  package_id,
  package_name,
}: Omit<Wallet, 'account'>) {
  return { user_identifier, key_environment, customer_id, customer_name, package_id, package_name };
}

function tooMany(): ColdroomError {
  return inputError('wallets-too-many', `one ceremony assigns at most ${MAX_WALLETS.toString()} keys`, {
    hint: 'begin another for the rest',
  });
}

export const ceremonyWalletRemove = defineOperation({
  name: 'ceremony.wallet-remove',
  summary: 'take a wallet off the list again, while no key has been asked for it',
  roles: NETWORKED,
  input: z.strictObject({
    ceremony: uuid,
    user_identifier: z.string().max(256),
    /** Where two customers have a user of that name. */
    customer_id: z.string().max(256).nullable().optional(),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.wallet-remove', input.ceremony, ({ note, except, state, station }) => {
      const before = state.facts.wallets?.wallets ?? [];
      const wallet = before.find(
        (one) =>
          one.user_identifier === input.user_identifier && (input.customer_id === undefined || one.customer_id === input.customer_id),
      );
      if (wallet === undefined) throw inputError('wallet-unknown', 'this wallet is not in the list', { hint: 'choose one that is' });
      const assignment = station.queries.assignment(wallet.assignment_id ?? '');
      if (assignment?.state === 'assigned') {
        throw inputError('wallet-assigned', 'a key has been assigned for this wallet in this ceremony', {
          hint: 'it stays in the record; leave its key pack unused',
        });
      }
      const wallets = before.filter((one) => one !== wallet);
      station.ledger.transaction(() => {
        if (assignment?.state === 'sending' || assignment?.state === 'unknown')
          except('wallets', `${UNKNOWN_ASSIGNMENT} for a wallet that was taken off the list`);
        note('wallets', 'wallets', wallets.length === 0 ? null : { wallets, at: isoTime(context.clock.now()) });
      });
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
    context.onProgress({ step: 'assign', subject: wallet.user_identifier, done: index, total: wallets.length });
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
