import { z } from 'zod';
import { asksForPins, readCeremony, rulesOf, type CeremonyState } from '../../ceremony/index.ts';
import { checkOwnHalf, generatePassphrase, isWordPassphrase, LEAST_WORDS, MOST_WORDS, placesNotInList } from '../../sealing/index.ts';
import { inputError, type Passphrase } from '../../values/index.ts';
import { ceremonyId } from './ceremony.ts';
import { pinsInput, type GivenPins } from './check-pins.ts';
import { initialsText } from './initials-text.ts';
import { takeInitials, unknownInitials } from './initials.ts';
import type { OperationContext } from '../context.ts';
import { uuid } from '../fields.ts';
import { defineOperation, done, SEES_SECRETS } from '../operation.ts';
import { checkSealingPassphrase, readPassphraseText } from '../sealing/passphrase.ts';
import { PARTS, type Part, type PassphraseKeeper } from '../sealing/passphrase-keeper.ts';
import { withLedgerForReading, withStation } from '../station/station.ts';

const part = z.enum(PARTS);
const typed = z.string().max(1024);

/** What is kept for the ceremony, without a letter of it. */
const standing = z.object({
  parts: z.array(
    z.object({
      part,
      how: z.enum(['generated', 'own']),
      words: z.number().nullable(),
      by: z.string().nullable(),
      confirmed: z.boolean(),
    }),
  ),
  /** It can be sealed under. */
  ready: z.boolean(),
});

/** What these operations work with: no ledger is written, and nothing of a passphrase outlives the process. */
type Work = { readonly keeper: PassphraseKeeper; readonly state: CeremonyState; readonly known: readonly string[] };

export const ceremonyPassphraseMake = defineOperation({
  name: 'ceremony.passphrase-make',
  summary: 'draw a passphrase, or a half of one, and show its words this once',
  roles: SEES_SECRETS,
  input: z.strictObject({
    ceremony: uuid,
    part,
    words: z.number().int().min(LEAST_WORDS).max(MOST_WORDS),
    /** Whose half it is; null of a whole one. */
    initials: initialsText.nullable(),
    pins: pinsInput,
  }),
  /** `drawn` is the one answer that ever holds words of a passphrase. */
  output: standing.extend({ drawn: z.array(z.string()) }),
  run: (context, input) =>
    workOn(context, input.ceremony, async ({ keeper, state }) => {
      checkWhose(keeper, state, input.part, input.initials);
      if (input.initials !== null) await takeHalf(context, state, input.initials, input.pins);
      const bytes = await generatePassphrase(input.words);
      const drawn = bytes.toString('latin1').split(' ');
      keeper.put(input.ceremony, input.part, { how: 'generated', words: input.words, by: input.initials }, bytes, false);
      return done({ ...standingOf(keeper, input.ceremony), drawn });
    }),
});

export const ceremonyPassphraseConfirm = defineOperation({
  name: 'ceremony.passphrase-confirm',
  summary: 'compare what was typed back with the passphrase that was drawn',
  roles: SEES_SECRETS,
  input: z.strictObject({ ceremony: uuid, part, typed }),
  output: standing,
  run: (context, input) =>
    workOn(context, input.ceremony, async ({ keeper }) => {
      const bytes = readPassphraseText(input.typed);
      try {
        const same = keeper.confirm(input.ceremony, input.part, bytes);
        if (same === null) throw inputError('passphrase-gone', 'no passphrase is kept to compare with', { hint: 'draw a new one' });
        if (!same) throw differs(await placesNotInList(bytes.toString('utf8').split(' ')));
      } finally {
        bytes.fill(0);
      }
      return done(standingOf(keeper, input.ceremony));
    }),
});

/** Only what any reader of the public list could say: an answer that told which words are right would help to guess them. */
function differs(places: readonly number[]): Error {
  const told =
    places.length === 0 || places.length > 3 ? '' : `; in no list: ${places.map((place) => `word ${place.toString()}`).join(', ')}`;
  return inputError('passphrase-differs', `what was typed is not the passphrase that was shown${told}`, {
    hint: 'compare it with what was written down, word by word, with one space between',
  });
}

export const ceremonyPassphraseHalf = defineOperation({
  name: 'ceremony.passphrase-half',
  summary: 'take one half of a passphrase from the person who made it up',
  roles: SEES_SECRETS,
  input: z.strictObject({ ceremony: uuid, part: z.enum(['first', 'second']), typed, initials: initialsText, pins: pinsInput }),
  output: standing,
  run: (context, input) =>
    workOn(context, input.ceremony, async ({ keeper, state, known }) => {
      const { ceremony, part: which, initials } = input;
      checkWhose(keeper, state, which, initials);
      await takeHalf(context, state, initials, input.pins);
      const bytes = readPassphraseText(input.typed);
      try {
        await checkHalf(bytes, known);
      } catch (error) {
        bytes.fill(0);
        throw error;
      }
      keeper.put(ceremony, which, { how: 'own', words: null, by: initials }, bytes, true);
      await checkBothHalves(keeper, state, which, known);
      return done(standingOf(keeper, ceremony));
    }),
});

async function checkHalf(half: Passphrase, known: readonly string[]): Promise<void> {
  if (!(await isWordPassphrase(half))) await checkOwnHalf(half, known);
}

/** The half that came last goes again where the two together are refused, so that its owner can take another. */
async function checkBothHalves(keeper: PassphraseKeeper, state: CeremonyState, last: Part, known: readonly string[]): Promise<void> {
  const ceremony = state.row.ceremony_id;
  const whole = keeper.joined(ceremony);
  if (whole === null) return;
  try {
    await checkSealingPassphrase(rulesOf(state), whole, known);
  } catch (error) {
    keeper.drop(ceremony, last);
    throw error;
  } finally {
    whole.fill(0);
  }
}

export const ceremonyPassphraseForget = defineOperation({
  name: 'ceremony.passphrase-forget',
  summary: 'wipe the passphrase that is kept for sealing',
  roles: SEES_SECRETS,
  input: ceremonyId,
  output: standing,
  run: (context, input) => {
    const keeper = keeperOf(context);
    keeper.forget();
    return Promise.resolve(done(standingOf(keeper, input.ceremony)));
  },
});

/** @throws input `ceremony-unknown`, `ceremony-ended`, `ceremony-paused`. */
function workOn<Result>(context: OperationContext, ceremony: string, work: (parts: Work) => Promise<Result>): Promise<Result> {
  return withLedgerForReading(context, async ({ file, queries }) => {
    const state = readCeremony(queries, ceremony);
    if (state.row.state !== 'open') {
      throw inputError('ceremony-ended', 'this ceremony has ended, and nothing can be added to it', { hint: 'begin a new one' });
    }
    if (state.facts.paused !== undefined) throw inputError('ceremony-paused', 'this ceremony is paused', { hint: 'resume it first' });
    return work({ keeper: keeperOf(context), state, known: knownNames(state, file.name) });
  });
}

function keeperOf(context: OperationContext): PassphraseKeeper {
  if (context.passphrases === undefined) throw new TypeError('this shell keeps no passphrases between operations');
  return context.passphrases;
}

/**
 * A whole passphrase is nobody's; a half is somebody's who is there, and the other half is somebody else's.
 * @throws input `initials-missing`, `initials-unknown`, `initials-same`.
 */
function checkWhose(keeper: PassphraseKeeper, state: CeremonyState, which: Part, initials: string | null): void {
  if (which === 'whole') return;
  if (initials === null) throw inputError('initials-missing', 'a half is somebody’s', { hint: 'whoever brings it types their initials' });
  if (state.facts.people?.people.some((person) => person.initials === initials) !== true) throw unknownInitials(initials);
  const other = keeper.parts(state.row.ceremony_id).find((one) => one.part === (which === 'first' ? 'second' : 'first'));
  if (other?.by === initials) {
    throw inputError('initials-same', 'one person would know both halves', { hint: 'the other half is for another person' });
  }
}

/** Whose half it is stands in the record once something is sealed under it: where PINs are asked for, it takes that person's. */
async function takeHalf(context: OperationContext, state: CeremonyState, initials: string, pins: GivenPins): Promise<void> {
  if (!asksForPins(state)) return;
  await withStation(context, 'ceremony.passphrase-half', (station) => takeInitials({ context, station, state }, [{ initials }], pins));
}

/** What a guesser would try first: who is here, where, for which wallet. */
export function knownNames({ facts }: CeremonyState, station: string): string[] {
  const wallets = [...(facts.wallet === undefined ? [] : [facts.wallet]), ...(facts.wallets?.wallets ?? [])];
  const names = [
    station,
    facts.people?.place,
    ...(facts.people?.people ?? []).map((person) => person.name),
    ...wallets.flatMap((one) => [one.user_identifier, one.customer_name, one.package_name]),
    ...(facts.secrets?.files ?? []).map((file) => file.name).slice(0, 20),
  ];
  return names.filter((name) => typeof name === 'string');
}

function standingOf(keeper: PassphraseKeeper, ceremony: string): z.output<typeof standing> {
  return { parts: [...keeper.parts(ceremony)], ready: keeper.isReady(ceremony) };
}
