import type { CeremonyState, StepDeparture, StepId } from '../../ceremony/index.ts';
import type * as planRoom from '../../plan/index.ts';
import type { Departure, DoneItem, Plan, PlanItem } from '../../plan/index.ts';
import { walletStepOf, type CeremonyWallet, type DoneFile } from './done.ts';
import { isApproved, isStrict } from '../plan/approved.ts';
import { sealedBeforeDeparture } from '../sealing/sealed-before.ts';

/** The room's functions. They are loaded where a ceremony has a plan, and passed on from there. */
type PlanRoom = typeof planRoom;

/** A ceremony's plan, and what was done by it so far. */
export type PlannedWork = {
  readonly room: PlanRoom;
  readonly plan: Plan;
  readonly state: CeremonyState;
  readonly wallets: readonly CeremonyWallet[];
};

/** Every departure of a ceremony from its plan, at the step that it concerns, in the order of the steps. */
export function departuresSoFar(work: PlannedWork): StepDeparture[] {
  return [...ofPeople(work), ...ofWallets(work), ...ofSecrets(work), ...ofSealed(work)];
}

/** Steps at which a file still waits for being looked at. */
export function waitingSteps({ wallets, state }: PlannedWork): StepId[] {
  const waits =
    state.facts.secrets !== undefined && wallets.some(({ files }) => files.some((file) => !file.made_up && file.inspected === null));
  return waits ? ['secrets'] : [];
}

function at(step: StepId, subject: string | null, departures: readonly Departure[]): StepDeparture[] {
  return departures.map((one) => ({ ...one, step, subject }));
}

function ofPeople({ room, plan, state }: PlannedWork): StepDeparture[] {
  const { facts, row } = state;
  const noted = facts.plan;
  if (noted === undefined) return [];
  const unapproved: Departure = {
    code: 'plan-not-approved',
    place: '',
    planned: noted.sha256,
    found: null,
    message: 'nobody approved this plan on this station before the ceremony',
  };
  const beginning = { environment: row.environment, account: plan.account, policy_sha256: facts.policy?.sha256 ?? '' };
  return at('people', null, [
    ...room.compareBeginning(plan, beginning),
    ...(isStrict(row.environment) && !isApproved(noted.approvals) ? [unapproved] : []),
    ...(facts.people === undefined ? [] : [...room.comparePeople(plan, facts.people.people), ...otherInitials(plan, state)]),
  ]);
}

/** Who approved the plan is who is here: the same name under other initials is worth stopping for. */
function otherInitials(plan: Plan, state: CeremonyState): Departure[] {
  const people = state.facts.people?.people ?? [];
  return (state.facts.plan?.approvals ?? []).flatMap(({ name, initials }) => {
    const here = people.find((one) => one.name === name);
    if (here === undefined || here.initials === initials) return [];
    const place = `people[${plan.people.findIndex((one) => one.name === name).toString()}]`;
    const message = `${name} approved the plan with the initials ${initials}, and has ${here.initials} here`;
    return [{ code: 'other-initials', place, planned: initials, found: here.initials, message }];
  });
}

/** Where all wallets of the ceremony's part are named at once, one that is missing is left out; where there is one, it is another one. */
const OF_SEVERAL: ReadonlySet<StepId> = new Set<StepId>(['wallets', 'packs', 'items', 'receipts']);

function ofWallets({ room, plan, state, wallets }: PlannedWork): StepDeparture[] {
  const step = walletStepOf(state);
  if (step === null || wallets.length === 0) return [];
  const part = state.facts.plan?.wallets ?? [];
  const named = wallets.map((wallet) => room.findWallet(plan, wallet));
  const each = wallets.flatMap((wallet, index) => {
    const place = named[index] ?? null;
    const isTwice = place !== null && named.indexOf(place) < index;
    return at(step, wallet.key_id, [
      ...room.compareWallet(plan, wallet),
      ...otherAccount(plan, wallet),
      ...(place !== null && !part.includes(place) ? [notOfThis(plan, part, place, wallet)] : []),
      ...(isTwice ? [tooMany('wallet-twice', 'wallets', wallet.user_identifier, 'a wallet was taken twice')] : []),
    ]);
  });
  const left = OF_SEVERAL.has(step) ? part.filter((place) => !named.includes(place)) : [];
  return [
    ...each,
    ...at(
      step,
      null,
      left.map((place) => ({
        code: 'wallet-left-out',
        place: room.placeOf(['wallets', place]),
        planned: plan.wallets[place]?.user_identifier ?? '',
        found: null,
        message: 'a wallet of the plan was left out',
      })),
    ),
  ];
}

function otherAccount(plan: Plan, wallet: CeremonyWallet): Departure[] {
  if (plan.account === wallet.account) return [];
  const message = `the kind of account is ${wallet.account}, and the plan says ${plan.account}`;
  return [{ code: 'other-account', place: 'account', planned: plan.account, found: wallet.account, message }];
}

function notOfThis(plan: Plan, part: readonly number[], place: number, wallet: CeremonyWallet): Departure {
  return {
    code: 'wallet-not-chosen',
    place: `wallets[${place.toString()}]`,
    planned: part.map((one) => plan.wallets[one]?.user_identifier ?? '').join(', '),
    found: wallet.user_identifier,
    message: 'the plan has this wallet, and this ceremony was begun for another one',
  };
}

function tooMany(code: string, place: string, found: string, message: string): Departure {
  return { code, place, planned: null, found, message };
}

/** The planned item of a file, by its name within the wallet. */
export function plannedItem({ room, plan }: Pick<PlannedWork, 'room' | 'plan'>, wallet: CeremonyWallet, name: string) {
  const wallets = room.findWallet(plan, wallet);
  const items = wallets === null ? [] : (plan.wallets[wallets]?.items ?? []);
  const itemAt = items.findIndex((item) => item.name === name);
  const item = items[itemAt];
  return wallets === null || item === undefined ? null : { item, place: room.placeOf(['wallets', wallets, 'items', itemAt]) };
}

function ofSecrets(planned: PlannedWork): StepDeparture[] {
  const { state, wallets } = planned;
  if (state.facts.secrets === undefined) return [];
  return wallets.flatMap((wallet) => [
    ...ofNames('secrets', planned, wallet),
    ...wallet.files.flatMap((file) => at('secrets', file.item_id, ofContent(planned, wallet, file))),
  ]);
}

/** Which items were left out, which are too many. A name that stands there twice is too many the second time. */
function ofNames(step: StepId, { room, plan }: PlannedWork, wallet: CeremonyWallet): StepDeparture[] {
  const { files } = wallet;
  const departures = room.compareItems(
    plan,
    wallet,
    files.map(({ name }) => name),
  );
  const seen = new Map<string, number>();
  return departures.flatMap((departure) => {
    if (departure.found === null) return at(step, wallet.key_id, [departure]);
    const same = files.filter(({ name }) => name === departure.found);
    const index = seen.get(departure.found) ?? (departure.code === 'item-twice' ? 1 : 0);
    seen.set(departure.found, index + 1);
    return at(step, same[index]?.item_id ?? null, [departure]);
  });
}

function ofContent(planned: PlannedWork, wallet: CeremonyWallet, file: DoneFile): Departure[] {
  const found = plannedItem(planned, wallet, file.name);
  const { inspected } = file;
  // What Coldroom made up for a rehearsal has the planned name, and nothing that could be compared.
  if (found === null || inspected === null || file.made_up) return [];
  const { sealed_before: before } = inspected;
  return [
    ...planned.room.compareItem(found.item, doneItem(found.item, inspected), found.place).map((one) => {
      const [first] = inspected.findings;
      return one.code === 'not-valid' && first !== undefined ? { ...one, message: `${one.message}: ${first.message}` } : one;
    }),
    ...(before === null ? [] : [sealedBeforeDeparture(before, found.place)]),
  ];
}

/** An inspected file as the plan's comparison takes it. Its mode is compared once it is sealed. */
export function doneItem(item: PlanItem, inspected: NonNullable<DoneFile['inspected']>): DoneItem {
  const { kind, valid, size_bytes, bip39_passphrase, identifier } = inspected;
  return { name: item.name, kind, valid, size_bytes, bip39_passphrase, identifier: identifier as DoneItem['identifier'], mode: item.mode };
}

/** The steps at which items come sealed, chosen by another station or long ago. */
const BROUGHT: Readonly<Partial<Record<StepId, 'all' | 'some'>>> = { items: 'all', receipts: 'all', backups: 'some' };

function ofSealed(planned: PlannedWork): StepDeparture[] {
  const { state, wallets } = planned;
  const own = walletStepOf(state);
  const brought = own === null ? undefined : BROUGHT[own];
  return wallets.flatMap((wallet) => {
    const names = brought === undefined || own === null ? [] : ofNames(own, planned, wallet);
    return [
      // Whoever recovers one backup leaves out no other.
      ...names.filter((one) => brought === 'all' || one.found !== null),
      ...wallet.files.flatMap((file) => {
        const found = plannedItem(planned, wallet, file.name);
        if (found === null || file.mode === null || brought === 'some') return [];
        const sealed = planned.room.compareSealed(found.item, { size_bytes: file.size_bytes, mode: file.mode }, found.place);
        // Of what was chosen here the size was compared with its content.
        const told = brought === undefined ? sealed.filter(({ code }) => code === 'other-mode') : sealed;
        return at(brought === undefined || own === null ? 'seal' : own, file.item_id, told);
      }),
    ];
  });
}
