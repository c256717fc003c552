/**
 * plan: what is to happen in a ceremony, said beforehand (design.md, "The plan, and the right secret"). Its form, its digest, what
 * contradicts itself in it, and what was done otherwise. Imports `values` and `content`, which knows kinds and identifiers; the rules
 * of policies and sealing modes are passed in. No I/O, no clock: everything is a function of its arguments, and nothing secret gets here.
 */
export { checkPlan, type CheckedPlan } from './check.ts';
export { compareBeginning, compareItem, compareItems, comparePeople, compareSealed, compareWallet, findWallet } from './compare.ts';
export type { Departure, Done, DoneItem, DoneWallet } from './done.ts';
export { checkDraft, readDraft, type PlanDraft } from './draft.ts';
export { placeOf, type PlanFinding } from './finding.ts';
export { blankPlan, guideText, PLAN_MEMBERS } from './guide.ts';
export { encodePlan, planDigest, type Plan, type PlanItem, type PlanMode, type PlanRole, type PlanWallet } from './plan.ts';
export { MAX_PLAN_BYTES } from './read.ts';
export type { PlanRules } from './rules.ts';
export { walletsOfCsv, type DraftWallet } from './wallets-csv.ts';
