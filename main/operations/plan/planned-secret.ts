import type { Finding, IdentifierValue, Inspection, InspectRequest } from '../../content/index.ts';
import type { ItemRow, LedgerQueries, PlannedFacts } from '../../ledger/index.ts';
import type { Departure, DoneItem, PlanItem } from '../../plan/index.ts';
import { canonicalJson, checkError, isColdroomError, quote, type ColdroomError, type Sha256 } from '../../values/index.ts';
import { refusalsAbout } from '../documents/refusals.ts';
import { SEALED_BEFORE, sealedBefore, sealedBeforeDeparture, sealedBeforeHint } from '../sealing/sealed-before.ts';

/** One item of a plan, as one secret is held against it. */
export type PlannedSecret = {
  readonly item: PlanItem;
  /** Where the item stands in the plan: `wallets[0].items[2]`. */
  readonly place: string;
  readonly planDigest: Sha256;
  /** The contents of the file with the phrase's BIP-39 passphrase; the caller wipes it. */
  readonly bip39Passphrase: Buffer | null;
  /** The contents of the file with a key file's password; the caller wipes it. */
  readonly password: Buffer | null;
  /** Codes of departures that people went on with as an exception; none outside of a ceremony. */
  readonly accepted: readonly string[];
  /** What people signed for when this file was looked at, in a ceremony: what is sealed is that, and nothing that has become of it. */
  readonly expected?: Omit<DoneItem, 'mode'>;
  /** Whether these are the very bytes that were looked at then; left out where earlier versions kept nothing to know them by. */
  readonly isSeen?: ((secret: Buffer) => boolean) | undefined;
  /** The item that people saw, and went on, to have been sealed before for this item of the plan. */
  readonly knownBefore?: string | null;
};

/** What a look at a secret came to: public facts alone, and nothing of the secret. */
export type PlannedLook = {
  readonly done: DoneItem;
  readonly findings: readonly Finding[];
  /** All of them, those that were accepted too. */
  readonly departures: readonly Departure[];
};

/** Errors that say what this very key is not, which beside a plan is a departure and no slip of whoever asks. */
const OTHER_KEY: ReadonlySet<string> = new Set(['identifier-not-for-key', 'path-has-no-key', 'path-too-deep']);

/**
 * Holds a secret against its item in the plan, in the process that seals it: its kind, its kind's own checks, its size, the mode, whether
 * a BIP-39 passphrase was given, and the identifier. What does not pass as the planned kind and does as another is said to be that one.
 * @param secret the file's exact bytes, which are not changed. @param mode how it is, or will be, sealed.
 * @throws input `password-missing`, `password-wrong`, `password-not-needed`, `password-too-costly`, and those of a BIP-39 passphrase's
 *   characters: without them there is nothing to compare.
 */
export async function lookAtPlanned(secret: Buffer, mode: string, planned: PlannedSecret): Promise<PlannedLook> {
  const { compareItem } = await import('../../plan/index.ts');
  const { item } = planned;
  const hasPassphrase = isPassphrase(planned.bip39Passphrase);
  const inspection = await inspectPlanned(secret, planned, hasPassphrase);
  const done: DoneItem = {
    name: item.name,
    kind: inspection.kind,
    valid: inspection.valid,
    size_bytes: secret.length,
    identifier: inspection.identifiers[0] ?? null,
    bip39_passphrase: hasPassphrase,
    mode,
  };
  const departures = compareItem(item, done, planned.place).map((departure) =>
    departure.code === 'not-valid' ? withReason(departure, inspection.findings) : departure,
  );
  return { done, findings: inspection.findings, departures };
}

/** A file that holds a line end alone holds no passphrase. */
function isPassphrase(bytes: Buffer | null): boolean {
  return bytes !== null && !/^\r?\n?$/.test(bytes.subarray(0, 3).toString('latin1'));
}

async function inspectPlanned(secret: Buffer, planned: PlannedSecret, hasPassphrase: boolean): Promise<Inspection> {
  const { item } = planned;
  const { inspectSecret } = await import('../../content/index.ts');
  // With a BIP-39 passphrase that is not planned, or without the one that is, every identifier is another wallet's.
  const isComputed = item.identifier !== null && item.bip39_passphrase === hasPassphrase;
  const bip39Passphrase = isComputed && hasPassphrase ? planned.bip39Passphrase : null;
  const request: InspectRequest = { kind: item.kind, identifiers: [], bip39Passphrase };
  const asked: InspectRequest =
    item.identifier === null || !isComputed
      ? request
      : { ...request, identifiers: [{ type: item.identifier.type, path: item.identifier.path }], password: planned.password };
  const inspection = await inspectSecret(secret, asked).catch((error: unknown) => {
    if (!isColdroomError(error) || !OTHER_KEY.has(error.code) || isLockedKeystore(planned)) throw error;
    return inspectSecret(secret, request);
  });
  if (inspection.valid) return inspection;
  const recognised = await inspectSecret(secret, { identifiers: [], bip39Passphrase: null });
  return recognised.valid && recognised.kind !== 'opaque' ? recognised : inspection;
}

/** An Ethereum key file that names no address has one all the same, which its password shows. */
function isLockedKeystore({ item, password }: PlannedSecret): boolean {
  return item.kind === 'keystore-v3' && password === null;
}

function withReason(departure: Departure, [first]: readonly Finding[]): Departure {
  return first === undefined ? departure : { ...departure, message: `${departure.message}: ${first.message}` };
}

/**
 * As {@link lookAtPlanned}, for what goes on only where everything is as planned, or people accepted what is not.
 * @throws check the code of the first departure that was not accepted (`other-identifier`, `not-valid`, …); its place in the plan is what
 *   the ledger keeps of the refusal.
 */
export async function checkPlanned(secret: Buffer, mode: string, planned: PlannedSecret): Promise<PlannedLook> {
  // SECURITY(REQ-RIGHT-SECRET): looks at the very bytes that are sealed next; another file of the same name is another file.
  const look = await lookAtPlanned(secret, mode, planned);
  checkExpected(secret, look.done, planned);
  const left = look.departures.filter(({ code }) => !planned.accepted.includes(code));
  refuseDepartures(left, planned.planDigest);
  return look;
}

/** What an item is, however it is sealed. */
export function withoutMode({ name, kind, valid, size_bytes, identifier, bip39_passphrase }: DoneItem): Omit<DoneItem, 'mode'> {
  return { name, kind, valid, size_bytes, identifier, bip39_passphrase };
}

/** @throws check `inspected-changed`. */
function checkExpected(secret: Buffer, done: DoneItem, { expected, isSeen, item }: PlannedSecret): void {
  // What was found says which wallet's secret it is; of what has no identifier only the bytes themselves say that it is the same.
  const isSame = expected === undefined || canonicalJson(withoutMode(done)) === canonicalJson(expected);
  if (isSame && isSeen?.(secret) !== false) return;
  throw inspectedChanged(item.name);
}

/** A chosen file is another one by now, which nobody put initials to. */
export function inspectedChanged(name: string): ColdroomError {
  return checkError('inspected-changed', `${quote(name)} does not hold what it held when it was looked at`, {
    hint: 'nothing was sealed of it: find out what changed the file, then choose the files again',
  });
}

const HINT = 'stop: find out which is right, the plan or what is at hand; nothing was sealed';

/** @throws check the code of the first departure. */
export function refuseDepartures(departures: readonly Departure[], planDigest: Sha256, hint = HINT): void {
  const [first, ...others] = departures;
  if (first === undefined) return;
  refusalsAbout({ subject: `${first.place} of the plan ${planDigest}` }, () => {
    throw departureError(first, others.length, hint);
  });
}

/** A departure as an error. Its message quotes public facts: what the plan says and what was found. */
function departureError(departure: Departure, others: number, hint: string): ColdroomError {
  const more = others === 0 ? '' : `, and ${others.toString()} more`;
  return checkError(departure.code, `${departure.message} (${departure.place})${more}`, { hint });
}

/**
 * The item that this one was sealed as before, which people went on with; null where it had not been sealed.
 * @throws check `item-sealed-before` where nobody did.
 */
export function checkSealedOnce(station: { readonly queries: LedgerQueries }, keyId: string, planned: PlannedSecret): ItemRow | null {
  const { place, planDigest, knownBefore = null } = planned;
  const before = sealedBefore(station, { plan: planDigest, place, keyId });
  if (before !== null && before.item_id !== knownBefore) {
    refuseDepartures([sealedBeforeDeparture(before, place)], planDigest, sealedBeforeHint(before));
  }
  return before;
}

/** What the ledger keeps of an item that was sealed by a plan. */
export function plannedFacts(planned: PlannedSecret, look: PlannedLook, before: ItemRow | null): PlannedFacts {
  const { item, place, planDigest } = planned;
  return {
    plan: planDigest,
    place,
    name: item.name,
    kind: look.done.kind,
    identifier: kept(look.done.identifier),
    bip39_passphrase: look.done.bip39_passphrase,
    departures: [...new Set([...look.departures.map(({ code }) => code), ...(before === null ? [] : [SEALED_BEFORE])])],
  };
}

function kept(identifier: IdentifierValue | null): PlannedFacts['identifier'] {
  return identifier === null ? null : { type: identifier.type, path: identifier.path, value: identifier.value };
}
