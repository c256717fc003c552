import type { SignRole } from '../ledger/index.ts';
import { inputError, quote } from '../values/index.ts';
import type { StepView } from './judgement.ts';
import type { CeremonyState } from './state.ts';

/** The roles whose initials every step needs. */
export const SIGNING_ROLES: readonly SignRole[] = ['administrator', 'witness'];

/** The least number of people; different ones, so that nobody witnesses himself. design.md, "Ceremony". */
export const MIN_PEOPLE: Readonly<Record<SignRole, number>> = { administrator: 1, witness: 1 };

/**
 * Decides whether these initials may go under this step now.
 * @param shown the digest of what the people saw; when the facts are others by now, they have to look again.
 * @throws input `step-not-current`, `step-not-ready`, `evidence-changed`, `initials-missing`, `initials-unknown`, `initials-same`.
 */
export function checkSignOff(
  state: CeremonyState,
  view: StepView,
  step: string,
  shown: string,
  initials: readonly { role: SignRole; initials: string }[],
): void {
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
}

function checkInitials(
  people: readonly { initials: string; role: string }[],
  initials: readonly { role: SignRole; initials: string }[],
): void {
  for (const role of SIGNING_ROLES) {
    const given = initials.find((one) => one.role === role)?.initials ?? '';
    if (given === '') throw inputError('initials-missing', `the ${role}’s initials are missing`, { hint: 'both people type their own' });
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
    throw inputError('initials-same', 'one person cannot sign as administrator and as witness', { hint: 'the witness signs, too' });
  }
}
