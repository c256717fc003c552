/**
 * ceremony: one run through a checklist by named people. Scripts of numbered steps, what each needs and produces, when a step
 * may be signed off, and whose initials count. May import the rooms it reads from (`ledger`, `machine`, `values`); operations do
 * the steps' work and tell the ledger. All of a ceremony derives from the ledger: a killed app comes back to the same step. The one
 * thing that is read elsewhere is the network of a cold station's machine, as it is at the moment. A sign-off counts only for the
 * very facts that were on screen: it carries their digest, and facts that change afterwards void it.
 */
export { readCeremony, rulesOf, type CeremonyState } from './state.ts';
export { departureId, exceptionFor, type Excepted, type PlanView, type StepDeparture } from './departure.ts';
export { evidenceEvent, type Evidence, type EvidenceCheck, type EvidenceFact } from './evidence.ts';
export { FACTS, walletFacts, type FactName, type FactValue, type Facts, type Person } from './facts.ts';
export { judgeSteps, type StepLine } from './judge.ts';
export type { Attestation, StepView } from './judgement.ts';
export {
  checkNameSent,
  checkOwnPassphrase,
  DEFAULT_POLICY,
  encodePolicy,
  leastPeopleWords,
  parsePolicy,
  policyDigest,
  policySchema,
  ROLES,
  rolesTooFew,
  type Policy,
} from './policy.ts';
export { ableToSign, asksForPins, checkNewPin, isLocked, MOST_WRONG_PINS, pinHolder } from './pins.ts';
export { judgeNetwork, readNetworkState } from './network-gate.ts';
export type { NetworkState } from './network-state.ts';
export { findScriptFor, type Script, type ScriptName, type StepId } from './script.ts';
export { checkSignOff, SIGNING_ROLES, signersOf } from './sign-off.ts';
export { CHECKLIST } from './checklist.ts';
export { MOST_WRONG_TRIES, WIPE_POINTS } from './steps-recovery.ts';
export { checksum, itemsOfCeremony } from './steps-secret.ts';
export { checkWords } from './words.ts';
