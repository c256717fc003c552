import { z } from 'zod';
import { SIGNING_ROLES, type CeremonyState } from '../../ceremony/index.ts';
import { inputError, quote, type ColdroomError } from '../../values/index.ts';

/** Initials as they are kept: capitals, each letter with its mark in one, whatever spaces stand around what was typed. */
export const initialsText = z
  .string()
  .max(40)
  .transform((text) => text.trim().normalize('NFKC').toUpperCase())
  .pipe(z.string().regex(/^[\p{L}\p{N}]{2,5}$/u, 'are 2 to 5 letters or digits'));

declare const taken: unique symbol;

/**
 * Initials of somebody of the ceremony, as {@link takeInitials} gives them and nothing else does: whatever is written under initials asks
 * for these, so that none are written that nobody looked at.
 */
export type Taken = { readonly initials: string; readonly [taken]: true };

type Work = { readonly state: CeremonyState };

/**
 * Takes initials from people of a ceremony: the one place at which every operation that records some has them checked.
 * @returns one for each of `given`, in their order, with whatever else that has.
 * @throws input `initials-unknown`.
 */
export function takeInitials<Given extends { readonly initials: string }>({ state }: Work, given: readonly Given[]): (Given & Taken)[] {
  for (const { initials } of given) {
    if (state.facts.people?.people.some((person) => person.initials === initials) !== true) throw unknownInitials(initials);
  }
  return given.map((one) => one as Given & Taken);
}

/**
 * Takes the initials of an administrator and a witness, who go on in spite of something.
 * @throws input `people-missing`, `initials-unknown`, `initials-same`.
 */
export function takeBoth({ state }: Work, given: readonly string[]): Taken[] {
  const { people } = state.facts;
  if (people === undefined) {
    throw inputError('people-missing', 'nobody is entered in this ceremony yet', { hint: 'enter who is here first' });
  }
  const both = takeInitials(
    { state },
    given.map((initials) => ({ initials })),
  );
  const roles = given.map((initials) => people.people.find((person) => person.initials === initials)?.role);
  if (new Set(given).size === given.length && SIGNING_ROLES.every((role) => roles.includes(role))) return both;
  throw inputError('initials-same', 'an exception takes the administrator’s initials and a witness’s', { hint: 'two different people' });
}

/** @returns input `initials-unknown`. */
export function unknownInitials(initials: string): ColdroomError {
  return inputError('initials-unknown', `${quote(initials)} are nobody’s initials in this ceremony`, {
    hint: 'type them as they were entered in the first step',
  });
}

/** Whose initials they are, as an entry in the record names several: "AB and CD". */
export function initialsWords(all: readonly Taken[]): string {
  return all.map(({ initials }) => initials).join(' and ');
}
