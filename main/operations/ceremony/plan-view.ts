import { z } from 'zod';
import { departureId, exceptionFor, ROLES, walletFacts } from '../../ceremony/index.ts';
import { fingerprintWords, isSha256 } from '../../values/index.ts';
import { plannedItem } from './departures.ts';
import type { PlannedCeremony } from './plan.ts';
import { accountKind, environmentName, fingerprint } from '../fields.ts';

const identifier = z.object({ type: z.string(), path: z.string().nullable(), value: z.string() });

const item = z.object({
  at: z.number(),
  name: z.string(),
  kind: z.string(),
  identifier: identifier.nullable(),
  bip39_passphrase: z.boolean(),
  size_bytes: z.object({ min: z.number(), max: z.number() }).nullable(),
  mode: z.string(),
});

/** A wallet of the plan; its account is the plan's. `at` is its place in the plan. */
const wallet = z
  .object(walletFacts)
  .omit({ account: true })
  .extend({ at: z.number(), items: z.array(item) });

/** A ceremony's plan as a screen shows it, beside what was done by it. Public facts alone. */
export const planView = z.object({
  plan_sha256: fingerprint,
  words: z.array(z.string()),
  title: z.string(),
  /** The one that the plan is for; a rehearsal runs it unchanged. */
  environment: environmentName,
  account: accountKind,
  /** Who had approved this very plan on this station before the ceremony was begun. */
  approvals: z.array(z.object({ name: z.string(), role: z.enum(ROLES), initials: z.string(), at: z.string() })),
  people: z.array(z.object({ name: z.string(), role: z.enum(ROLES) })),
  /** Those that this ceremony is for. */
  wallets: z.array(wallet),
  /** The plan's other wallets; `left`: those that no closed ceremony of this script was for so far. */
  others: z.object({ wallets: z.number(), left: z.array(z.string()) }),
  /** Of the steps that are reached. One without an exception stops its step. */
  departures: z.array(
    z.object({
      /** What `ceremony.go-on` takes: it names this very departure. */
      id: fingerprint,
      step: z.string(),
      code: z.string(),
      place: z.string(),
      planned: z.string().nullable(),
      found: z.string().nullable(),
      message: z.string(),
      /** The chosen file, sealed item or key that it is about. */
      subject: z.string().nullable(),
      exception: z.object({ reason: z.string(), initials: z.array(z.string()), at: z.string() }).nullable(),
    }),
  ),
});
type PlanPart = z.output<typeof planView>;

/** Of a chosen file, what the plan has to do with it. */
export const plannedFile = z.object({
  /** Where its item stands in the plan; null where there is no plan, or none of that name. */
  place: z.string().nullable(),
  made_up: z.boolean(),
  /** What people are asked for before it can be looked at. */
  needs: z.enum(['bip39-passphrase', 'password']).nullable(),
  inspection: z
    .object({
      kind: z.string(),
      valid: z.boolean(),
      findings: z.array(z.object({ code: z.string(), message: z.string() })),
      identifier: identifier.nullable(),
      bip39_passphrase: z.boolean(),
      /** Nothing of what is in it departs from the plan. */
      as_planned: z.boolean(),
    })
    .nullable(),
});
type PlannedFile = z.output<typeof plannedFile>;

/** @param reached the steps that are done or lit. */
export function planPart(planned: PlannedCeremony, reached: ReadonlySet<string>): PlanPart {
  const { plan, state, others, view } = planned;
  const noted = state.facts.plan;
  if (noted === undefined || !isSha256(noted.sha256)) throw new TypeError('the ceremony has no plan');
  return {
    plan_sha256: noted.sha256,
    words: [...fingerprintWords(noted.sha256)],
    title: plan.title,
    environment: plan.environment,
    account: plan.account,
    approvals: [...noted.approvals],
    people: [...plan.people],
    wallets: noted.wallets.flatMap((at) => {
      const one = plan.wallets[at];
      return one === undefined ? [] : [{ at, ...one, items: one.items.map((each, itemAt) => ({ at: itemAt, ...each })) }];
    }),
    others: { wallets: others.wallets, left: [...others.left] },
    departures: view.departures
      .filter(({ step }) => reached.has(step))
      .map((departure) => {
        const exception = exceptionFor(state.facts.excepted, departure);
        return {
          id: departureId(departure),
          ...departure,
          exception: exception === null ? null : { reason: exception.reason, initials: [...exception.initials], at: exception.at },
        };
      }),
  };
}

const UNPLANNED: PlannedFile = { place: null, made_up: false, needs: null, inspection: null };

/** What a screen shows of one file beside its name and size. */
export function plannedFilePart(planned: PlannedCeremony | null, itemId: string): PlannedFile {
  const wallet = planned?.wallets.find(({ files }) => files.some((one) => one.item_id === itemId));
  const file = wallet?.files.find((one) => one.item_id === itemId);
  if (planned === null || wallet === undefined || file === undefined) return UNPLANNED;
  const found = plannedItem(planned, wallet, file.name);
  const { inspected } = file;
  const isLookedAt = planned.state.facts.secrets !== undefined && !file.made_up;
  return {
    place: found?.place ?? null,
    made_up: file.made_up,
    needs: isLookedAt && inspected === null ? (found?.item.bip39_passphrase === true ? 'bip39-passphrase' : 'password') : null,
    inspection:
      inspected === null
        ? null
        : {
            kind: inspected.kind,
            valid: inspected.valid,
            findings: [...inspected.findings],
            identifier: inspected.identifier,
            bip39_passphrase: inspected.bip39_passphrase,
            as_planned: !planned.view.departures.some(({ step, subject }) => step === 'secrets' && subject === itemId),
          },
  };
}
