import type { StepDeparture } from '../../ceremony/index.ts';
import type { Mode } from '../../sealing/index.ts';
import { inputError, quote } from '../../values/index.ts';
import type { StepWork } from './ceremony.ts';
import type { ChosenFile } from './choose-plan.ts';
import { doneItem, plannedItem } from './departures.ts';
import type { Inspected } from './done.ts';
import type { PlannedCeremony } from './plan.ts';
import { withoutMode, type PlannedSecret } from '../plan/planned-secret.ts';

type Item = PlannedSecret['item'];

/** The item of the plan that a chosen file is; null where the plan has none of that name. */
function itemFor(planned: PlannedCeremony, file: ChosenFile): { item: Item; place: string } | null {
  const wallet = planned.wallets.find(({ files }) => files.some((one) => one.item_id === file.item_id));
  return wallet === undefined ? null : plannedItem(planned, wallet, file.name);
}

/** The mode that the plan says for a file; `auto` for one that it does not have. */
export function plannedMode(planned: PlannedCeremony, file: ChosenFile): Mode | 'auto' {
  return itemFor(planned, file)?.item.mode ?? 'auto';
}

/**
 * What the bytes of a file are held against when they are sealed: the plan, the departures that people went on with, and what they
 * signed for when it was looked at. Null for what Coldroom made up.
 * @throws input `inspect-again` where what was typed beside the file is not at hand any more.
 */
export function secretByPlan({ context, station, state }: StepWork, planned: PlannedCeremony, file: ChosenFile): PlannedSecret | null {
  const digest = state.facts.plan?.sha256;
  const inspected = state.facts.inspected?.items.find((one) => one.item_id === file.item_id);
  if (file.made_up) return null;
  // Nobody signs the step before every file was looked at; were it otherwise, a file would be sealed that was held against nothing.
  if (inspected === undefined || digest === undefined) throw inspectAgain(file, 'nobody has looked at it so far');
  const beside = context.besides?.get(state.row.ceremony_id, file.item_id) ?? null;
  if (beside === null && (inspected.bip39_passphrase || inspected.password)) {
    throw inspectAgain(file, 'what was typed for it is not kept any more');
  }
  const found = itemFor(planned, file) ?? { item: asFound(file, inspected), place: 'wallets' };
  return {
    ...found,
    planDigest: digest as PlannedSecret['planDigest'],
    bip39Passphrase: beside?.bip39Passphrase ?? null,
    password: beside?.password ?? null,
    accepted: acceptedFor(planned.view.departures, file),
    expected: withoutMode(doneItem(found.item, inspected)),
    isSeen: inspected.mark === null ? undefined : (secret) => station.markOf(secret) === inspected.mark,
    knownBefore: inspected.sealed_before?.item_id ?? null,
  };
}

function inspectAgain({ name }: ChosenFile, why: string): Error {
  return inputError('inspect-again', `${quote(name)} has to be looked at again: ${why}`, {
    hint: 'look at the file again, with its passphrase or password, then seal',
  });
}

/** Of a file that nobody planned only this can be held against it: that it is still what it was when people went on with it. */
function asFound({ name }: ChosenFile, { kind }: Inspected): Item {
  return { name, kind: kind as Item['kind'], identifier: null, bip39_passphrase: false, size_bytes: null, mode: 'envelope' };
}

/** The step of the secrets is signed, so that each of its departures has its exception; another mode stops the step of sealing. */
function acceptedFor(departures: readonly StepDeparture[], file: ChosenFile): string[] {
  const own = departures.filter(({ step, subject }) => step === 'secrets' && subject === file.item_id);
  return [...own.map(({ code }) => code), 'other-mode'];
}
