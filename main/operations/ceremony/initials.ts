import { asksForPins, SIGNING_ROLES, type CeremonyState } from '../../ceremony/index.ts';
import { inputError, quote, type ColdroomError } from '../../values/index.ts';
import { checkPins, type GivenPins } from './check-pins.ts';
import type { OperationContext } from '../context.ts';
import type { Station } from '../station/station.ts';

declare const taken: unique symbol;

/**
 * Initials of somebody of the ceremony, as {@link takeInitials} gives them and nothing else does: whatever is written under initials asks
 * for these, so that none are written that nobody looked at. `pin`: the person's PIN was typed beside them, and was right.
 */
export type Taken = { readonly initials: string; readonly pin?: true; readonly [taken]: true };

type Work = { readonly context: OperationContext; readonly station: Station; readonly state: CeremonyState };

/**
 * Takes initials from people of a ceremony: the one place at which every operation that records some has them checked, and where the
 * policy asks for it the PIN of each.
 * @returns one for each of `given`, in their order, with whatever else that has.
 * @throws input `initials-unknown`, `pin-not-chosen`, `pin-missing`, `pin-wrong`, `pin-locked`.
 */
export async function takeInitials<Given extends { readonly initials: string }>(
  work: Work,
  given: readonly Given[],
  pins: GivenPins,
): Promise<(Given & Taken)[]> {
  const { state } = work;
  for (const { initials } of given) {
    if (state.facts.people?.people.some((person) => person.initials === initials) !== true) throw unknownInitials(initials);
  }
  if (!asksForPins(state)) return given.map((one) => one as Given & Taken);
  await checkPins(work, [...new Set(given.map(({ initials }) => initials))], pins);
  return given.map((one) => ({ ...one, pin: true }) as Given & Taken);
}

/**
 * Takes the initials of an administrator and a witness, who go on in spite of something.
 * @throws input `people-missing`, `initials-same`, and those of {@link takeInitials}.
 */
export async function takeBoth(work: Work, given: readonly string[], pins: GivenPins): Promise<Taken[]> {
  const { people } = work.state.facts;
  if (people === undefined) {
    throw inputError('people-missing', 'nobody is entered in this ceremony yet', { hint: 'enter who is here first' });
  }
  const roles = given.map((initials) => people.people.find((person) => person.initials === initials)?.role);
  const unknown = given[roles.indexOf(undefined)];
  if (unknown !== undefined) throw unknownInitials(unknown);
  if (new Set(given).size < given.length || !SIGNING_ROLES.every((role) => roles.includes(role))) {
    throw inputError('initials-same', 'an exception takes the administrator’s initials and a witness’s', { hint: 'two different people' });
  }
  return takeInitials(
    work,
    given.map((initials) => ({ initials })),
    pins,
  );
}

/** @returns input `initials-unknown`. */
export function unknownInitials(initials: string): ColdroomError {
  return inputError('initials-unknown', `${quote(initials)} are nobody’s initials in this ceremony`, {
    hint: 'type them as they were entered in the first step',
  });
}

/** Initials as an event has them. */
export function signatureOf({ initials, pin }: Taken): { initials: string; pin?: true } {
  return { initials, ...(pin === true ? { pin } : {}) };
}

/** Whose initials they are, as an entry in the record names several: "AB and CD", and with PINs "AB and CD, each with PIN". */
export function initialsWords(all: readonly Taken[]): string {
  const names = all.map(({ initials }) => initials).join(' and ');
  return all.every(({ pin }) => pin === true) ? `${names}, each with PIN` : names;
}
