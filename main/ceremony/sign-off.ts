import type { SignRole } from '../ledger/index.ts';
import { inputError, quote } from '../values/index.ts';
import type { Person } from './facts.ts';
import type { StepView } from './judgement.ts';
import { rulesOf, type CeremonyState } from './state.ts';

/** The roles whose initials every step needs: different people, so that nobody witnesses himself. design.md, "Ceremony". */
export const SIGNING_ROLES: readonly SignRole[] = ['administrator', 'witness'];

/** One whose initials a step needs: somebody of a role, or one person by name where everybody of the role signs. */
export type Signer = { readonly role: SignRole; readonly person: Person | null };

/** Whose initials a step needs, by the ceremony's policy and the people who are there now. */
export function signersOf(state: Pick<CeremonyState, 'facts'>, step: string): Signer[] {
  const witnesses = (state.facts.people?.people ?? []).filter((person) => person.role === 'witness');
  const all = rulesOf(state).all_witnesses_sign.some((id) => id === step) && witnesses.length > 1;
  return [
    { role: 'administrator', person: null },
    ...(all ? witnesses.map((person): Signer => ({ role: 'witness', person })) : [{ role: 'witness' as const, person: null }]),
  ];
}

/**
 * Whether the initials under a step are enough. They are counted, not compared with names: who signs is held against the people of
 * the moment by {@link checkSignOff}, and a witness who hands over later has signed all the same.
 * @param signed initials that commit to one and the same evidence.
 */
export function isSigned(signed: readonly { readonly role: SignRole; readonly initials: string }[], needed: readonly Signer[]): boolean {
  const given = (role: SignRole) => [...new Set(signed.filter((one) => one.role === role).map((one) => one.initials))];
  const witnesses = given('witness');
  const count = needed.filter((one) => one.role === 'witness').length;
  // Somebody's initials count once: whoever signs as the administrator is none of the witnesses.
  return given('administrator').some((administrator) => witnesses.filter((initials) => initials !== administrator).length >= count);
}

/**
 * Decides whether these initials may go under this step now.
 * @param shown the digest of what the people saw; when the facts are others by now, they have to look again.
 * @throws input `step-not-current`, `step-not-ready`, `evidence-changed`, `initials-missing`, `initials-unknown`, `initials-same`,
 *   `witnesses-missing`.
 */
export function checkSignOff(
  state: CeremonyState,
  view: StepView,
  step: string,
  shown: string,
  initials: readonly { role: SignRole; initials: string }[],
): void {
  // SECURITY(REQ-TWO-PEOPLE): the initials of two people, and over no other facts than were on the screen.
  if (view.step !== step) {
    throw inputError('step-not-current', 'another step is being signed off by now', { hint: 'look at the step that is lit' });
  }
  if (view.evidenceSha256 !== shown) {
    throw inputError('evidence-changed', 'what this step shows has changed since it was on this screen', {
      hint: 'look at it again, then sign',
    });
  }
  if (view.gate !== 'open') {
    throw inputError('step-not-ready', 'this step cannot be signed off yet', { hint: 'do what the step asks first' });
  }
  checkInitials(state.facts.people?.people ?? [], initials);
  checkEverySigner(signersOf(state, step), initials);
}

function checkInitials(
  people: readonly { initials: string; role: string }[],
  initials: readonly { role: SignRole; initials: string }[],
): void {
  for (const role of SIGNING_ROLES) {
    const given = initials.find((one) => one.role === role)?.initials ?? '';
    if (given === '') throw inputError('initials-missing', `the ${role}’s initials are missing`, { hint: 'each person types their own' });
  }
  // Each one that is given, not only the first of a role: all of them go into the ledger.
  for (const { role, initials: given } of initials) {
    if (!people.some((person) => person.role === role && person.initials === given)) {
      throw inputError('initials-unknown', `${quote(given)} are no ${role}’s initials in this ceremony`, {
        hint: 'type them as they were entered in the first step',
      });
    }
  }
  if (new Set(initials.map((one) => one.initials)).size !== initials.length) {
    throw inputError('initials-same', 'one person signs a step once, and in one role', { hint: 'every box is for another person' });
  }
}

function checkEverySigner(needed: readonly Signer[], initials: readonly { role: SignRole; initials: string }[]): void {
  const missing = needed.find(
    ({ role, person }) => person !== null && !initials.some((one) => one.role === role && one.initials === person.initials),
  );
  if (missing === undefined && isSigned(initials, needed)) return;
  throw inputError(
    'witnesses-missing',
    `the policy asks for every witness’s initials here, and ${quote(missing?.person?.initials ?? '')} are missing`,
    {
      hint: 'let every witness of the first step sign',
    },
  );
}
