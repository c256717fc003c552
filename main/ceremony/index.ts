/**
 * ceremony: one run through a checklist by named people. Scripts of numbered steps, what each needs and produces, when a step
 * may be signed off, and whose initials count. May import the rooms it reads from (`ledger`, `values`); operations do the
 * steps' work and tell the ledger. All of it derives from the ledger: a killed app comes back to the same step. A sign-off
 * counts only for the very facts that were on screen: it carries their digest, and facts that change afterwards void it.
 */
export { readCeremony, type CeremonyState } from './state.ts';
export type { Evidence, EvidenceFact } from './evidence.ts';
export type { FactName, FactValue, Facts, Person } from './facts.ts';
export { judgeSteps, type StepLine } from './judge.ts';
export type { StepView } from './judgement.ts';
export { SCRIPTS, type Script, type ScriptName, type StepId } from './script.ts';
export { checkSignOff, MIN_PEOPLE, SIGNING_ROLES } from './sign-off.ts';
export { CHECKLIST } from './checklist.ts';
export { checksum } from './steps-secret.ts';
export { checkWords } from './words.ts';
