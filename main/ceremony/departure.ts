import { canonicalJson, sha256, type Sha256 } from '../values/index.ts';
import type { EvidenceCheck, EvidenceFact } from './evidence.ts';
import type { FactValue } from './facts.ts';
import type { StepId } from './step-ids.ts';

/**
 * What was done otherwise than the plan says, at the step that it concerns. What a plan says only operations know, which compare
 * (design.md, "The plan, and the right secret"); here it stops the step, and stands in what initials are put to.
 */
export type StepDeparture = {
  readonly step: StepId;
  readonly code: string;
  /** The plan's member, or the list that something is too many in: `wallets[0].items[2].identifier`. */
  readonly place: string;
  readonly planned: string | null;
  readonly found: string | null;
  readonly message: string;
  /** The chosen file or the key that it is about; null where something is missing, or it is about the ceremony. */
  readonly subject: string | null;
};

/** A ceremony's plan as it stands against what was done so far. */
export type PlanView = {
  readonly departures: readonly StepDeparture[];
  /** What else a step says of the plan: its digest, what nobody checked. Never a reason to stop. */
  readonly checks: readonly (EvidenceCheck & { readonly step: StepId })[];
  readonly facts: readonly (EvidenceFact & { readonly step: StepId })[];
  /** Steps that still wait for something that the plan asks for, whatever their own judge says. */
  readonly waitsAt: readonly StepId[];
};

export type Excepted = FactValue<'excepted'>['exceptions'][number];

/**
 * What an exception is bound to: this departure and no other. Another value, another file or another step is another departure, and
 * nobody has gone on with that one.
 */
export function departureId({ step, code, place, planned, found, subject }: Omit<StepDeparture, 'message'>): Sha256 {
  return sha256(canonicalJson({ step, code, place, planned, found, subject }));
}

/** The exception under which a departure goes on, or null where it stops its step. */
export function exceptionFor(excepted: FactValue<'excepted'> | undefined, departure: StepDeparture): Excepted | null {
  const id = departureId(departure);
  return excepted?.exceptions.find((one) => one.id === id) ?? null;
}
