import { PLAN_ROLES, type PlanMode, type PlanRole } from './plan.ts';
import type { PlanRules } from './rules.ts';

type Least = Readonly<Record<PlanRole, number>>;

/** A policy as these tests have it: the least number of people alone. */
export function chooseLeast(least: Least): Record<string, Record<string, number>> {
  return { least: { ...least } };
}

const HOLDS: Readonly<Record<PlanMode, number>> = { direct: 446, passphrase: 410, envelope: 10_000_000, 'envelope+passphrase': 10_000_000 };

/** Rules as other rooms have them, in short. */
export const RULES: PlanRules = {
  policy: (policy) => {
    if (policy === null) return { least: { administrator: 1, operator: 0, witness: 1, auditor: 0 } };
    const { least } = policy as { readonly least?: Least };
    const isWhole = least !== undefined && PLAN_ROLES.every((role) => typeof least[role] === 'number');
    return isWhole ? { least } : { problem: 'it is no policy' };
  },
  modeProblem: (mode, sizeBytes) => (sizeBytes <= HOLDS[mode] ? null : `the mode ${mode} holds ${HOLDS[mode].toString()} bytes`),
  isFileName: (name) => !name.includes('/'),
};
