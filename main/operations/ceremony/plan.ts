import type { CeremonyState, EvidenceCheck, EvidenceFact, PlanView, StepId } from '../../ceremony/index.ts';
import type { Plan, PlanWallet } from '../../plan/index.ts';
import { canonicalJson, sha256 } from '../../values/index.ts';
import { departuresSoFar, plannedItem, waitingSteps, type PlannedWork } from './departures.ts';
import { isApproved, isStrict } from '../plan/approved.ts';
import { walletsOf } from './done.ts';
import type { Station } from '../station/station.ts';

type Reader = Pick<Station, 'queries'>;

/** Of one ceremony, its plan and how it stands against it. */
export type PlannedCeremony = PlannedWork & { readonly view: PlanView; readonly others: Others };

/** The wallets of the plan that the ceremony is not for; `left` are those that no closed ceremony of this script was for so far. */
export type Others = { readonly wallets: number; readonly left: readonly string[] };

/**
 * The plan of a ceremony, held against what was done so far; null where it has none. `plan` is loaded here: only ceremonies with a
 * plan need the curves that its identifiers are checked on.
 */
export async function plannedOf(station: Reader, state: CeremonyState): Promise<PlannedCeremony | null> {
  const noted = state.facts.plan;
  if (noted === undefined) return null;
  const room = await import('../../plan/index.ts');
  // It was judged when the ceremony was begun, and its digest is checked whenever the ledger is read.
  const plan = noted.plan as Plan;
  const work: PlannedWork = { room, plan, state, wallets: walletsOf(station, state) };
  const others = othersOf(station, state, plan);
  return {
    ...work,
    others,
    view: {
      departures: departuresSoFar(work),
      checks: checksOf(work, others),
      facts: identifierFacts(work),
      waitsAt: waitingSteps(work),
    },
  };
}

/** What is still to be done by the same plan, so that a wallet that nobody did does not fall between two ceremonies. */
function othersOf({ queries }: Reader, { row, facts }: CeremonyState, plan: Plan): Others {
  const part = new Set(facts.plan?.wallets ?? []);
  const others = plan.wallets.map((_, place) => place).filter((place) => !part.has(place));
  if (others.length === 0) return { wallets: 0, left: [] };
  const same = queries
    .plannedCeremonies()
    .filter((one) => one.plan_sha256 === facts.plan?.sha256 && one.script === row.script && one.environment === row.environment);
  const done = new Set(same.filter((one) => one.state === 'closed').flatMap((one) => JSON.parse(one.wallets) as number[]));
  return { wallets: others.length, left: others.filter((place) => !done.has(place)).map((place) => nameOf(plan.wallets[place])) };
}

function nameOf(wallet: PlanWallet | undefined): string {
  return wallet === undefined ? '' : [wallet.user_identifier, wallet.customer_id].filter((one) => one !== null).join(', ');
}

type StepCheck = EvidenceCheck & { readonly step: StepId };

const NAMED = 8;

function named(names: readonly string[]): string {
  return names.length <= NAMED ? names.join('; ') : `${names.slice(0, NAMED).join('; ')} and ${(names.length - NAMED).toString()} more`;
}

function checksOf(work: PlannedWork, others: Others): StepCheck[] {
  const { plan, state } = work;
  const noted = state.facts.plan;
  if (noted === undefined) return [];
  const part = noted.wallets.length;
  const approved = isApproved(noted.approvals);
  const checks: StepCheck[] = [
    {
      step: 'people',
      id: 'plan',
      result: 'passed',
      what: 'the plan that this ceremony runs by, its words read aloud',
      rests_on: `${plan.title}: ${part.toString()} of ${plan.wallets.length === 1 ? '1 wallet' : `${plan.wallets.length.toString()} wallets`}`,
    },
  ];
  if (approved || !isStrict(state.row.environment)) {
    checks.push({
      step: 'people',
      id: 'plan-approved',
      result: approved ? 'passed' : 'amber',
      what: 'the plan was approved beforehand, by an administrator and a witness of it',
      rests_on: approved
        ? named(noted.approvals.map(({ name, initials }) => `${name} (${initials})`))
        : 'nobody approved it on this station',
    });
  }
  if (others.wallets > 0) {
    checks.push({
      step: 'close',
      id: 'plan-others',
      result: others.left.length === 0 ? 'passed' : 'amber',
      what: 'the plan’s other wallets were done in ceremonies of their own',
      rests_on: others.left.length === 0 ? `${others.wallets.toString()} done` : `not yet: ${named(others.left)}`,
    });
  }
  return [...checks, ...secretChecks(work)];
}

/** How far the files were looked at, and what nobody could check of them. */
function secretChecks(work: PlannedWork): StepCheck[] {
  const files = work.wallets.flatMap((wallet) =>
    wallet.files.map((file) => ({ file, planned: plannedItem(work, wallet, file.name)?.item ?? null })),
  );
  if (work.state.facts.secrets === undefined) return [];
  const looked = files.filter(({ file }) => file.inspected !== null).length;
  const toLookAt = files.filter(({ file }) => !file.made_up).length;
  const unchecked = files.flatMap(({ file, planned }) => {
    if (file.made_up) return [`${file.name}: made up by Coldroom`];
    if (file.inspected === null) return [];
    const { kind, findings, identifier } = file.inspected;
    if (kind === 'opaque') return [`${file.name}: nobody checked what this is`];
    const [locked] = findings.filter(({ code }) => code === 'keystore-locked' || code === 'pem-encrypted');
    if (locked !== undefined) return [`${file.name}: ${locked.message}`];
    return planned !== null && planned.identifier === null && identifier === null ? [`${file.name}: only its form was checked`] : [];
  });
  return [
    ...(toLookAt === 0
      ? []
      : [
          {
            step: 'secrets' as const,
            id: 'inspected',
            result: looked === toLookAt ? ('passed' as const) : ('waits' as const),
            what: 'every file was looked at by the process that seals',
            rests_on: `${looked.toString()} of ${toLookAt.toString()}`,
          },
        ]),
    ...(unchecked.length === 0
      ? []
      : [
          {
            step: 'secrets' as const,
            id: 'unchecked',
            result: 'amber' as const,
            what: 'not everything could be checked',
            rests_on: named(unchecked),
          },
        ]),
  ];
}

/** The public identifiers that were found, for people to compare with the wallet's own record before they put their initials. */
function identifierFacts({ wallets }: PlannedWork): (EvidenceFact & { readonly step: StepId })[] {
  const lines = wallets.flatMap(({ files }) =>
    files.flatMap(({ name, inspected }) => {
      const identifier = inspected?.identifier ?? null;
      if (identifier === null) return [];
      const { type, path, value } = identifier;
      return [`${name}: ${[type, path].filter((one) => one !== null).join(' ')} ${value}`];
    }),
  );
  if (lines.length === 0) return [];
  if (lines.length <= NAMED) return lines.map((value) => ({ step: 'secrets', name: 'identifier', value, kind: 'text' }));
  return [
    { step: 'secrets', name: 'identifiers', value: lines.length.toString(), kind: 'text' },
    { step: 'secrets', name: 'identifier-list', value: sha256(canonicalJson(lines)), kind: 'hex' },
  ];
}
