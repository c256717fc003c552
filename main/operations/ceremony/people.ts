import { FACTS, type CeremonyState, type Person } from '../../ceremony/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import { inputError, quote } from '../../values/index.ts';
import { isSameName } from '../station/station-names.ts';

/** Greek and Cyrillic capitals that are drawn as Latin ones: on paper nobody could tell whose initials they are. */
const LOOKS_LATIN: ReadonlyMap<string, string> = new Map(
  ['AΑА', 'BΒВ', 'CС', 'EΕЕ', 'HΗН', 'IΙІ', 'JЈ', 'KΚК', 'MΜМ', 'NΝ', 'OΟО', 'PΡР', 'SЅ', 'TΤТ', 'XΧХ', 'YΥУ', 'ZΖ'].flatMap((alike) =>
    Array.from(alike, (letter): [string, string] => [letter, alike[0] ?? letter]),
  ),
);

function looksOf(initials: string): string {
  return Array.from(initials, (letter) => LOOKS_LATIN.get(letter) ?? letter).join('');
}

/**
 * Holds the people of a ceremony against each other: nobody twice, however the name is spelt, and no initials that look like another's.
 * @throws input `initials-twice`, `person-twice`.
 */
export function checkDifferentPeople(people: readonly { readonly name: string; readonly initials: string }[]): void {
  for (const [at, one] of people.entries()) {
    for (const other of people.slice(0, at)) {
      if (looksOf(one.initials) === looksOf(other.initials)) {
        throw inputError('initials-twice', `${quote(one.initials)} are two people’s initials, or look like another’s`, {
          hint: 'add a letter to one of them; nobody has two roles',
        });
      }
      if (isSameName(one.name, other.name)) {
        throw inputError('person-twice', 'one person was entered twice', {
          hint: 'nobody has two roles: the witness is somebody else than the administrator',
        });
      }
    }
  }
}

/**
 * Initials that stand in the record of a ceremony stay those of one person, also when that person has left.
 * @throws input `initials-twice`.
 */
export function checkInitialsFree(ledger: Ledger, state: CeremonyState, to: { readonly name: string; readonly initials: string }): void {
  const taken = peopleOfRecord(ledger, state).find(
    (one) => looksOf(one.initials) === looksOf(to.initials) && !isSameName(one.name, to.name),
  );
  if (taken === undefined) return;
  throw inputError('initials-twice', `${quote(to.initials)} stand in this ceremony’s record for somebody else`, {
    hint: 'use other initials for another person',
  });
}

/** Whoever had a role at a moment when something was written under initials. */
function peopleOfRecord(ledger: Ledger, state: CeremonyState): Person[] {
  const found: Person[] = [];
  let now: readonly Person[] = [];
  for (const event of ledger.eventsNaming(state.row.ceremony_id)) {
    if (event.type === 'ceremony-fact' && event.data.name === 'people') now = FACTS.people.safeParse(event.data.value).data?.people ?? [];
    if (event.type === 'ceremony-signed' || event.type === 'ceremony-exception') found.push(...now.filter((one) => !found.includes(one)));
  }
  return found;
}
