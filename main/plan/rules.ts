import type { JsonObject } from '../values/index.ts';
import type { PlanMode, PlanRole } from './plan.ts';

/** What other rooms know and a plan is held against. */
export type PlanRules = {
  /** Judges the plan's policy, null being the station's: why it is none, or the least number of people in each role. */
  readonly policy: (policy: JsonObject | null) => { readonly problem: string } | { readonly least: Readonly<Record<PlanRole, number>> };
  /** Why a mode cannot hold a secret of this size, or null where it can. */
  readonly modeProblem: (mode: PlanMode, sizeBytes: number) => string | null;
  /** Whether a file can be called so on every system. */
  readonly isFileName: (name: string) => boolean;
};
