import { z } from 'zod';
import { isLocked, MOST_WRONG_PINS, pinHolder, readCeremony, type CeremonyState } from '../../ceremony/index.ts';
import { inputError, type ColdroomError } from '../../values/index.ts';
import { initialsText } from './initials-text.ts';
import { judgeNow } from './judge.ts';
import { isPin, type PinProof } from './pin-proof.ts';
import type { OperationContext } from '../context.ts';
import type { Station } from '../station/station.ts';

/** As an operation is given PINs: each beside the initials that it belongs to. Where the policy asks for none, none is looked at. */
export const pinsInput = z
  .array(z.strictObject({ initials: initialsText, pin: z.string().max(64) }))
  .max(20)
  .default([]);
export type GivenPins = z.output<typeof pinsInput>;

type Work = { readonly context: OperationContext; readonly station: Station; readonly state: CeremonyState };

/**
 * Holds the PIN of each of these people against what the station keeps of it. What a wrong one leaves is in the ledger before anybody
 * is told, so that a process which is killed or begun anew gives no more tries.
 * @param given initials of people of the ceremony.
 * @throws input `pin-not-chosen`, `pin-missing`, `pin-wrong`, `pin-locked`.
 */
export async function checkPins(work: Work, given: readonly string[], pins: GivenPins): Promise<void> {
  const { station, state } = work;
  const tries = given.map((initials) => tryOf(state, initials, pins));
  const wrong: string[] = [];
  // SECURITY(REQ-PERSONAL-PIN): every one of them, before anything is recorded.
  for (const { proof, pin } of tries) {
    if (!(await isPin(station, state.row.ceremony_id, proof, pin))) wrong.push(proof.initials);
  }
  await count(work, given, wrong);
  const [first] = wrong;
  if (first !== undefined) throw refusal(readCeremony(station.queries, state.row.ceremony_id), first);
}

function tryOf(state: CeremonyState, initials: string, pins: GivenPins): { proof: PinProof; pin: string } {
  const holder = pinHolder(state, { initials });
  const proof = state.facts['pin-proofs']?.people.find((one) => one.initials === initials);
  if (holder === null || proof === undefined) {
    throw inputError('pin-not-chosen', `${initials} has not chosen a PIN in this ceremony yet`, { hint: 'choose it in the first step' });
  }
  if (isLocked(holder)) throw locked(initials);
  const pin = pins.find((one) => one.initials === initials)?.pin ?? '';
  if (pin !== '') return { proof, pin };
  throw inputError('pin-missing', `the PIN of ${initials} is missing`, { hint: 'each person types their own beside their initials' });
}

/** Counts from what the ledger says now: another window may have counted meanwhile. Nothing is written where nothing changes. */
async function count({ context, station, state }: Work, given: readonly string[], wrong: readonly string[]): Promise<void> {
  const id = state.row.ceremony_id;
  if (wrong.length === 0 && (state.facts.pins?.people ?? []).every((one) => one.wrong === 0)) return;
  const step = (await judgeNow(context, station, state)).view?.step ?? '';
  station.ledger.transaction((transaction) => {
    const before = readCeremony(station.queries, id).facts.pins?.people ?? [];
    const gone = before.find((one) => given.includes(one.initials) && isLocked(one));
    if (gone !== undefined) throw locked(gone.initials);
    const people = before.map((one) => {
      if (!given.includes(one.initials)) return one;
      return { ...one, wrong: wrong.includes(one.initials) ? one.wrong + 1 : 0 };
    });
    if (people.every((one, at) => one.wrong === before[at]?.wrong)) return;
    transaction.append({ type: 'ceremony-fact', data: { ceremony_id: id, step, name: 'pins', value: { people } } });
    for (const one of people) {
      if (!wrong.includes(one.initials) || one.wrong !== MOST_WRONG_PINS) continue;
      const text = `${one.name} (${one.initials}) is locked: ${MOST_WRONG_PINS.toString()} wrong PINs in a row`;
      transaction.append({ type: 'ceremony-exception', data: { ceremony_id: id, step, text, initials: null } });
    }
  });
}

function refusal(state: CeremonyState, initials: string): ColdroomError {
  const holder = pinHolder(state, { initials });
  if (holder === null || isLocked(holder)) return locked(initials);
  const left = MOST_WRONG_PINS - holder.wrong;
  return inputError('pin-wrong', `that is not the PIN of ${initials}; ${left.toString()} more ${left === 1 ? 'try' : 'tries'}`, {
    hint: 'nothing was recorded but this try',
  });
}

/** @returns input `pin-locked`. */
export function locked(initials: string): ColdroomError {
  return inputError('pin-locked', `${initials} is locked in this ceremony: ${MOST_WRONG_PINS.toString()} wrong PINs in a row`, {
    hint: 'the others hand the role over to another person, which is kept in the record',
  });
}
