import { itemsOfCeremony, type CeremonyState } from '../../ceremony/index.ts';
import type { AssignedKeyRow, ItemRow } from '../../ledger/index.ts';
import { inputError, type ColdroomError } from '../../values/index.ts';
import type { Station } from '../station/station.ts';

/** Whoever can look into the ledger: an open station, or a reader of its ledger alone. */
type Reader = Pick<Station, 'queries'>;

/** The chosen files that are sealed items by now, or the sealed items that were brought. */
export function sealedItems(station: Reader, state: CeremonyState): ItemRow[] {
  return (itemsOfCeremony(state) ?? []).map((one) => station.queries.item(one.item_id)).filter((item) => item !== null);
}

/** The keys that people read the words of: those assigned for the ceremony's wallets, or those whose packs were brought. */
export function keyIdsOf(station: Reader, state: CeremonyState): string[] {
  const { wallets, brought } = state.facts;
  if (wallets !== undefined) {
    return wallets.wallets.map((one) => station.queries.assignment(one.assignment_id ?? '')?.key_id ?? null).filter((id) => id !== null);
  }
  return state.script.steps.some((step) => step.id === 'packs') ? [...(brought?.subjects ?? [])] : [];
}

/** One document of a ceremony for the other station; `subject` is the key's or the item's id. */
export type Carried = { id: string; kind: 'keypack' | 'sealed' | 'receipt'; subject: string };

/** An envelope is too much for a screen; key packs and receipts never are. */
export function crossesAsCode(station: Reader, { kind, subject }: Carried): boolean {
  return kind !== 'sealed' || station.queries.item(subject)?.mode.startsWith('envelope') !== true;
}

/** The documents that a ceremony hands over: key packs, or sealed items, or receipts. */
export function documentsToCarry(station: Reader, state: CeremonyState): Carried[] {
  const items = sealedItems(station, state);
  const steps = new Set(state.script.steps.map((one) => one.id));
  if (steps.has('wallets')) {
    return keyIdsOf(station, state).map((keyId) => ({
      id: station.queries.assignedKey(keyId)?.document_id ?? '',
      kind: 'keypack',
      subject: keyId,
    }));
  }
  if (steps.has('packs')) return items.map((item) => ({ id: item.document_id, kind: 'sealed', subject: item.item_id }));
  return items.flatMap((item) =>
    item.receipt_id === null ? [] : [{ id: item.receipt_id, kind: 'receipt' as const, subject: item.item_id }],
  );
}

/** The ceremony's assigned key. @throws input `step-not-ready`. */
export function requireKey(station: Reader, state: CeremonyState): AssignedKeyRow {
  const assignment = station.queries.assignment(state.facts.assignment?.assignment_id ?? '');
  const key = station.queries.assignedKey(assignment?.key_id ?? '');
  if (key === null) throw notYet('the assigned key');
  return key;
}

/** What a step works on is not there yet. */
export function notYet(what: string): ColdroomError {
  return inputError('step-not-ready', `${what} is missing in this ceremony so far`, { hint: 'go through the steps in their order' });
}
