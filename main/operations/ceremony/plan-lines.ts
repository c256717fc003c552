import { exceptionFor, type StepDeparture } from '../../ceremony/index.ts';
import type { PlanItem, PlanWallet } from '../../plan/index.ts';
import { plannedItem } from './departures.ts';
import { isStrict } from '../plan/approved.ts';
import { walletStepOf, type CeremonyWallet, type DoneFile } from './done.ts';
import type { PlannedCeremony } from './plan.ts';

/**
 * One line of plan against done, as a report has it. `elsewhere`: wallets that the ceremony was not for. `rehearsal`: the one difference
 * that a rehearsal has. `unchecked`: as planned as far as it shows, and nobody could check it here.
 */
export type PlanLine = {
  readonly place: string;
  readonly planned: string | null;
  readonly done: string | null;
  readonly result: 'as-planned' | 'rehearsal' | 'excepted' | 'departs' | 'not-done' | 'elsewhere' | 'unchecked';
  readonly exceptions: readonly { readonly code: string; readonly reason: string; readonly initials: readonly string[] }[];
};

type Draft = Pick<PlanLine, 'place' | 'planned' | 'done'> & {
  /** Whether a departure of this place belongs to this line. */
  readonly isOf: (place: string) => boolean;
  /** What it comes to where nothing departs. */
  readonly otherwise: PlanLine['result'];
};

/** Everything that the plan says of this ceremony, line by line, then what was done beyond it. */
export function planLines(planned: PlannedCeremony): PlanLine[] {
  const drafts = [...ofCeremony(planned), ...ofPeople(planned), ...ofWallets(planned)];
  const lines = drafts.map((draft) => lineOf(planned, draft));
  const beyond = planned.view.departures.filter((one) => !drafts.some(({ isOf }) => isOf(one.place)));
  return [
    ...lines,
    ...beyond.map((one) => ({ ...judged(planned, [one], 'departs'), place: one.place, planned: one.planned, done: one.found })),
  ];
}

function lineOf(planned: PlannedCeremony, { isOf, otherwise, ...told }: Draft): PlanLine {
  const departures = planned.view.departures.filter(({ place }) => isOf(place));
  return { ...told, ...judged(planned, departures, otherwise) };
}

function judged(
  { state }: PlannedCeremony,
  departures: readonly StepDeparture[],
  otherwise: PlanLine['result'],
): Pick<PlanLine, 'result' | 'exceptions'> {
  if (departures.length === 0) return { result: otherwise, exceptions: [] };
  const exceptions = departures.flatMap((one) => {
    const exception = exceptionFor(state.facts.excepted, one);
    return exception === null ? [] : [{ code: one.code, reason: exception.reason, initials: [...exception.initials] }];
  });
  return { result: exceptions.length < departures.length ? 'departs' : 'excepted', exceptions };
}

const only = (place: string) => (one: string) => one === place;

function ofCeremony({ plan, state, wallets }: PlannedCeremony): Draft[] {
  const { environment } = state.row;
  const accounts = [...new Set(wallets.map(({ account }) => account))];
  const policy = state.facts.policy?.sha256 ?? null;
  const { approvals = [] } = state.facts.plan ?? {};
  return [
    {
      place: 'environment',
      planned: plan.environment,
      done: environment,
      isOf: only('environment'),
      otherwise: environment === plan.environment ? 'as-planned' : 'rehearsal',
    },
    {
      place: '',
      planned: 'approved beforehand',
      done: approvals.length === 0 ? null : approvals.map(({ name, initials }) => `${name} (${initials})`).join(', '),
      isOf: only(''),
      otherwise: approvals.length > 0 ? 'as-planned' : isStrict(environment) ? 'departs' : 'not-done',
    },
    {
      place: 'account',
      planned: plan.account,
      done: accounts.length === 0 ? null : accounts.join(', '),
      isOf: only('account'),
      otherwise: accounts.length === 0 ? 'not-done' : 'as-planned',
    },
    {
      place: 'policy',
      planned: plan.policy === null ? 'that of the station' : 'the plan’s own',
      done: policy,
      isOf: only('policy'),
      otherwise: 'as-planned',
    },
  ];
}

function ofPeople({ plan, state, room }: PlannedCeremony): Draft[] {
  const people = state.facts.people?.people ?? [];
  return plan.people.map(({ name, role }, at) => {
    const place = room.placeOf(['people', at]);
    const here = people.find((one) => one.name === name);
    return {
      place,
      planned: `${name}, ${role}`,
      done: here === undefined ? null : `${here.name}, ${here.role}`,
      isOf: (one) => one === place || one.startsWith(`${place}.`),
      otherwise: here === undefined ? 'not-done' : 'as-planned',
    };
  });
}

function ofWallets(planned: PlannedCeremony): Draft[] {
  const { plan, state, room, others } = planned;
  if (walletStepOf(state) === null) return [];
  const lines = (state.facts.plan?.wallets ?? []).flatMap((at) => {
    const wallet = plan.wallets[at];
    if (wallet === undefined) return [];
    const place = room.placeOf(['wallets', at]);
    const done = planned.wallets.find((one) => room.findWallet(plan, one) === at) ?? null;
    return [
      walletLine(wallet, done, place),
      ...wallet.items.flatMap((item, itemAt) => itemLines(planned, done, item, `${place}.items[${itemAt.toString()}]`)),
    ];
  });
  if (others.wallets === 0) return lines;
  const count = `${others.wallets.toString()} other ${others.wallets === 1 ? 'wallet' : 'wallets'} of the plan`;
  const left = others.left.length === 0 ? 'each in a ceremony of its own' : `not yet done: ${others.left.length.toString()}`;
  return [...lines, { place: 'wallets', planned: count, done: left, isOf: () => false, otherwise: 'elsewhere' }];
}

function walletLine(wallet: PlanWallet, done: CeremonyWallet | null, place: string): Draft {
  return {
    place,
    planned: walletText(wallet),
    done: done === null ? null : walletText(done),
    isOf: (one) => one === place || (one.startsWith(`${place}.`) && !one.startsWith(`${place}.items`)),
    otherwise: done === null ? 'not-done' : 'as-planned',
  };
}

function walletText(wallet: Omit<PlanWallet, 'items' | 'key_environment'> & { readonly key_environment: string }): string {
  const { user_identifier, key_environment, customer_id, customer_name, package_id, package_name } = wallet;
  return [user_identifier, key_environment, customer_id, customer_name, package_id, package_name].filter((one) => one !== null).join(', ');
}

/** The item, and on a line of its own what proves that it is the right secret. Scripts that have no items have no such lines. */
function itemLines(planned: PlannedCeremony, wallet: CeremonyWallet | null, item: PlanItem, place: string): Draft[] {
  const { script } = planned.state;
  const seesSecrets = script.steps.some(({ id }) => id === 'secrets');
  if (!seesSecrets && !script.steps.some(({ id }) => id === 'items' || id === 'receipts' || id === 'backups')) return [];
  const file = wallet?.files.find(({ name }) => name === item.name && plannedItem(planned, wallet, name)?.place === place) ?? null;
  const isSeen = file !== null && file.inspected !== null;
  const isUnchecked = file !== null && (file.made_up || (seesSecrets && item.kind === 'opaque'));
  const own: Draft = {
    place,
    planned: [item.name, item.kind, sizeText(item.size_bytes), item.mode].join(', '),
    done:
      file === null ? null : [file.name, file.inspected?.kind, `${file.size_bytes.toString()} bytes`, file.mode].filter(Boolean).join(', '),
    isOf: (one) => one === place || (one.startsWith(`${place}.`) && !one.startsWith(`${place}.identifier`)),
    otherwise: file === null ? 'not-done' : isUnchecked ? 'unchecked' : 'as-planned',
  };
  if (item.identifier === null) return [own];
  const { type, path, value } = item.identifier;
  const withPassphrase = item.bip39_passphrase ? ' (with its BIP-39 passphrase)' : '';
  return [
    own,
    {
      place: `${place}.identifier`,
      planned: `${[type, path].filter((one) => one !== null).join(' ')} ${value}${withPassphrase}`,
      done: identifierOf(file),
      isOf: (one) => one.startsWith(`${place}.identifier`),
      otherwise: file === null ? 'not-done' : isSeen ? 'as-planned' : 'unchecked',
    },
  ];
}

function identifierOf(file: DoneFile | null): string | null {
  return file?.inspected?.identifier?.value ?? null;
}

function sizeText(size: PlanItem['size_bytes']): string {
  if (size === null) return 'of any size';
  return size.min === size.max ? `${size.min.toString()} bytes` : `${size.min.toString()} to ${size.max.toString()} bytes`;
}
