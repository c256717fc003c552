import type { FactValue, Script } from '../../ceremony/index.ts';
import type { Plan } from '../../plan/index.ts';
import { canonicalJson, checkError, inputError, parseJson, quote, type JsonObject } from '../../values/index.ts';
import { approvalsOf } from '../plan/approved.ts';
import { readShownPlan } from '../plan/file.ts';
import type { Station } from '../station/station.ts';
import { checkNotRehearsed } from './rehearsed-elsewhere.ts';

/** As many keys as one ceremony assigns. */
const MAX_WALLETS = 200;
/** A ceremony keeps its plan as a whole, and reads it whenever it is shown. */
const MAX_PLAN_WALLETS = 1000;

/** A plan as whoever begins a ceremony names it. */
export type PlanWish = {
  readonly plan?: string | undefined;
  readonly plan_sha256?: string | undefined;
  readonly wallets?: readonly number[] | undefined;
};

/**
 * The plan that a ceremony is begun by, as its first facts keep it; null without one. A rehearsal runs the plan of any environment,
 * unchanged; every other ceremony runs where its plan is for.
 * @throws input those of reading a plan, `rehearsal-open`, `other-environment`, `plan-wallet-unchosen`, `plan-wallets`, `not-planned`; check `plan-changed`.
 */
export async function planFor(
  { ledger, queries }: Pick<Station, 'ledger' | 'queries'>,
  script: Script,
  environment: string,
  wish: PlanWish,
): Promise<FactValue<'plan'> | null> {
  if (wish.plan === undefined) {
    if (wish.wallets === undefined && wish.plan_sha256 === undefined) return null;
    throw inputError('not-planned', 'wallets or a digest of a plan were named, and no plan', { hint: 'name the plan’s file too' });
  }
  const { plan, digest } = await readShownPlan(wish.plan, wish.plan_sha256);
  if (environment !== plan.environment && environment !== 'rehearsal') {
    throw checkError('other-environment', `the plan is for ${quote(plan.environment)}, and not for ${quote(environment)}`, {
      hint: 'begin where the plan is for, or rehearse it',
    });
  }
  const wallets = partOf(plan, script, wish.wallets);
  if (environment === 'rehearsal' && script.steps.some(({ id }) => id === 'wallet' || id === 'wallets')) {
    checkNotRehearsed(
      queries,
      wallets.flatMap((at) => plan.wallets[at] ?? []),
    );
  }
  // Its RFC 8785 form read back: the very bytes that the digest is of.
  const canonical = parseJson(Buffer.from(canonicalJson(plan), 'utf8'), { maxBytes: 64 * 1024 * 1024 }) as JsonObject;
  return { sha256: digest, plan: canonical as Record<string, never>, wallets, approvals: approvalsOf(ledger, digest) };
}

/** Which wallets of the plan the ceremony is for: one where the script has one, else all of them unless some were named. */
function partOf(plan: Plan, { steps, name }: Script, named: readonly number[] | undefined): number[] {
  const isOfOne = steps.some(({ id }) => id === 'wallet');
  if (plan.wallets.length > MAX_PLAN_WALLETS) {
    throw inputError('plan-wallets', `a ceremony runs by a plan of at most ${MAX_PLAN_WALLETS.toString()} wallets`, {
      hint: 'divide the plan, and begin a ceremony for each part',
    });
  }
  const wallets = named === undefined ? plan.wallets.map((_, at) => at) : [...new Set(named)].toSorted((a, b) => a - b);
  if (isOfOne && wallets.length !== 1) {
    throw inputError(
      'plan-wallet-unchosen',
      `the script ${quote(name)} is for one wallet, and ${wallets.length.toString()} are to be done`,
      {
        hint: 'choose the one that this ceremony is for; the others have ceremonies of their own',
      },
    );
  }
  if (wallets.length === 0 || wallets.some((at) => at >= plan.wallets.length)) {
    throw inputError('plan-wallets', 'the plan has no such wallet', { hint: 'choose from the wallets of the plan' });
  }
  if (wallets.length > MAX_WALLETS) {
    throw inputError('plan-wallets', `one ceremony takes at most ${MAX_WALLETS.toString()} wallets of a plan`, {
      hint: 'choose some of them; the others have ceremonies of their own',
    });
  }
  return wallets;
}
