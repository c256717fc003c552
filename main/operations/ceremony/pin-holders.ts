import { ableToSign, isLocked, pinHolder, type CeremonyState, type Person } from '../../ceremony/index.ts';
import { inputError, quote } from '../../values/index.ts';
import { locked } from './check-pins.ts';
import { isSameName } from '../station/station-names.ts';

/** What holds of the people of a ceremony once they have chosen PINs: nobody comes to another's, and nobody loses theirs unseen. */

/**
 * People can be entered anew before they sign. Whoever has chosen a PIN by then stays as they are: another name would be a way to choose
 * another.
 * @throws input `people-with-pins`, `initials-twice`.
 */
export function checkHoldersStay(state: CeremonyState, people: readonly Person[]): void {
  for (const one of state.facts.people?.people ?? []) {
    if (pinHolder(state, one) === null) continue;
    if (people.some(({ name, initials, role }) => name === one.name && initials === one.initials && role === one.role)) continue;
    throw inputError('people-with-pins', `${one.name} (${one.initials}) has chosen a PIN, and stays as entered`, {
      hint: 'hand the role over to whoever takes it, which is kept in the record',
    });
  }
  for (const one of people) checkOwnInitials(state, one);
}

/**
 * Whoever takes a role over brings no PIN of another's, and is nobody who was locked.
 * @throws input `initials-twice`, `pin-locked`.
 */
export function checkTakesNoPin(state: CeremonyState, to: Pick<Person, 'name' | 'initials'>): void {
  checkOwnInitials(state, to);
  const before = state.facts.pins?.people.find((one) => isLocked(one) && isSameName(one.name, to.name));
  if (before !== undefined) throw locked(before.initials);
}

function checkOwnInitials(state: CeremonyState, { name, initials }: Pick<Person, 'name' | 'initials'>): void {
  const holder = pinHolder(state, { initials });
  if (holder === null || isSameName(holder.name, name)) return;
  throw inputError('initials-twice', `${quote(initials)} stand in this ceremony’s record for somebody else`, {
    hint: 'use other initials for another person',
  });
}

/** Nobody puts another person in somebody's place alone: whoever could lock that person could otherwise sign for two. */
const LEAST_OTHERS = 2;

/**
 * A role that is taken from somebody who does not say so with their PIN (it was forgotten, they are locked, or gone) is taken by all the
 * others who can sign, and by two of them at least.
 * @throws input `others-missing`.
 */
export function checkEverybodyElse(state: CeremonyState, from: string, seenBy: readonly string[]): void {
  const others = ableToSign(state).filter(({ initials }) => initials !== from);
  if (others.length < LEAST_OTHERS) {
    throw inputError('others-missing', `without the PIN of ${from} two others sign at least, and fewer can`, {
      hint: 'whoever goes types their PIN; else stop and escalate, and begin a new ceremony',
    });
  }
  const missing = others.filter(({ initials }) => !seenBy.includes(initials));
  if (missing.length === 0) return;
  const names = missing.map(({ initials }) => initials).join(', ');
  throw inputError('others-missing', `without the PIN of ${from} everybody else signs, and ${names} did not`, {
    hint: 'whoever goes types their PIN, or all the others type theirs',
  });
}
