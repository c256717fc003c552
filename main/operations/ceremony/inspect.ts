import { z } from 'zod';
import { readBoundedFile } from '../../files/index.ts';
import { inputError, isColdroomError, isoTime, type Sha256 } from '../../values/index.ts';
import { ceremonyOutput, requireStep, workOn, type StepWork } from './ceremony.ts';
import { plannedItem } from './departures.ts';
import type { CeremonyWallet, Inspected } from './done.ts';
import { checkNetworkNow } from './network.ts';
import { plannedOf, type PlannedCeremony } from './plan.ts';
import { requireKey } from './subjects.ts';
import { uuid } from '../fields.ts';
import { defineOperation, SEES_SECRETS } from '../operation.ts';
import { inspectedChanged, lookAtPlanned, type PlannedSecret } from '../plan/planned-secret.ts';
import type { Beside } from '../sealing/seal-plan.ts';
import { sealedBefore } from '../sealing/sealed-before.ts';
import { MAX_SECRET_BYTES } from '../sealing/secret-size.ts';
import type { Station } from '../station/station.ts';

/** A chosen file as it is looked at: where it lies stays in main. */
export type FileToInspect = { readonly item_id: string; readonly name: string; readonly size_bytes: number; readonly path: string };

const NOTHING_BESIDE: Beside = { bip39Passphrase: null, password: null };

/** Without these there is no identifier to compare: people are asked for them, and the file waits. */
const NEEDS_PASSWORD: ReadonlySet<string> = new Set(['password-missing']);

/**
 * Looks at a chosen file in this process, against its item of the plan: kind, the kind's own checks, the planned identifier. A file that
 * the plan does not have is recognised. Nothing of the secret is in what comes back.
 * @param beside the caller wipes both. @returns null where the file waits for its BIP-39 passphrase or its password.
 * @throws input those of reading a file, `secret-changed`, and those of a passphrase or password that does not fit.
 */
export async function inspectFile(
  station: Station,
  planned: PlannedCeremony,
  wallet: CeremonyWallet,
  file: FileToInspect,
  beside: Beside = NOTHING_BESIDE,
): Promise<Inspected | null> {
  const found = plannedItem(planned, wallet, file.name);
  if (found?.item.bip39_passphrase === true && beside.bip39Passphrase === null) return null;
  const secret = await readBoundedFile(file.path, { maxBytes: MAX_SECRET_BYTES, what: 'the secret' });
  try {
    if (secret.length !== file.size_bytes) {
      throw inputError('secret-changed', 'the file has another size than when it was chosen', {
        hint: 'find out what changed it, then choose the files again',
      });
    }
    const sha = planned.state.facts.plan?.sha256 ?? '';
    const target =
      found === null
        ? null
        : ({ ...found, planDigest: sha as PlannedSecret['planDigest'], accepted: [], ...beside } satisfies PlannedSecret);
    const look = target === null ? await recognise(secret) : await lookAt(secret, target);
    if (look === null) return null;
    return {
      item_id: file.item_id,
      ...look,
      size_bytes: secret.length,
      password: beside.password !== null,
      mark: station.markOf(secret),
      sealed_before: found === null ? null : beforeOf(station, planned, wallet, found.place),
    };
  } finally {
    secret.fill(0);
  }
}

/** What stands in the ledger of the same item of the plan, for the key that this file is to be sealed for. */
function beforeOf(station: Station, { state }: PlannedCeremony, wallet: CeremonyWallet, place: string): Inspected['sealed_before'] {
  const keyId = wallet.key_id ?? requireKey(station, state).key_id;
  const before = sealedBefore(station, { plan: (state.facts.plan?.sha256 ?? '') as Sha256, place, keyId });
  return before === null ? null : { item_id: before.item_id, state: before.state };
}

type Look = Pick<Inspected, 'kind' | 'valid' | 'findings' | 'identifier' | 'bip39_passphrase'>;

async function lookAt(secret: Buffer, target: PlannedSecret): Promise<Look | null> {
  try {
    const { done, findings } = await lookAtPlanned(secret, target.item.mode, target);
    const { kind, valid, identifier, bip39_passphrase } = done;
    return { kind, valid, identifier, bip39_passphrase, findings: findings.map(({ code, message }) => ({ code, message })) };
  } catch (error) {
    const isLocked = isColdroomError(error) && target.password === null;
    if (isLocked && (NEEDS_PASSWORD.has(error.code) || error.code === 'identifier-not-for-key')) return null;
    throw error;
  }
}

/** What a file is that nobody planned. */
async function recognise(secret: Buffer): Promise<Look> {
  const { inspectSecret } = await import('../../content/index.ts');
  const { kind, valid, findings } = await inspectSecret(secret, { identifiers: [], bip39Passphrase: null });
  return { kind, valid, identifier: null, bip39_passphrase: false, findings: findings.map(({ code, message }) => ({ code, message })) };
}

export const ceremonyInspect = defineOperation({
  name: 'ceremony.inspect',
  summary: 'look at a chosen file with what goes with it: a phrase’s BIP-39 passphrase, a key file’s password',
  roles: SEES_SECRETS,
  input: z.strictObject({
    ceremony: uuid,
    item_id: uuid,
    /** Typed by people. The strings cannot be wiped. */
    bip39_passphrase: z.string().max(1024).nullable(),
    password: z.string().max(1024).nullable(),
  }),
  output: ceremonyOutput,
  run: (context, input) =>
    workOn(context, 'ceremony.inspect', input.ceremony, async (parts) => {
      await requireStep(parts, 'secrets');
      await checkNetworkNow(parts);
      const planned = await requirePlan(parts);
      const { file, wallet } = requireFile(parts, planned, input.item_id);
      const beside = { bip39Passphrase: typed(input.bip39_passphrase), password: typed(input.password) };
      try {
        const inspected = await inspectFile(parts.station, planned, wallet, file, beside);
        if (inspected === null) throw missing(beside);
        const before = parts.state.facts.inspected?.items.find((one) => one.item_id === file.item_id)?.mark ?? inspected.mark;
        // Initials under this step stand for the file that was looked at then: another one is to be chosen anew.
        if (before !== inspected.mark) throw inspectedChanged(file.name);
        keep(parts, file.item_id, beside);
        noteInspected(parts, [inspected]);
        return [];
      } catch (error) {
        wipe(beside);
        throw error;
      }
    }),
});

function typed(text: string | null): Buffer | null {
  return text === null || text === '' ? null : Buffer.from(text, 'utf8');
}

function wipe({ bip39Passphrase, password }: Beside): void {
  bip39Passphrase?.fill(0);
  password?.fill(0);
}

function missing(beside: Beside): Error {
  return beside.bip39Passphrase === null && beside.password === null
    ? inputError('beside-missing', 'the plan’s identifier cannot be computed without what goes with this file', {
        hint: 'type its BIP-39 passphrase, or its password',
      })
    : inputError('beside-other', 'what was typed is not what goes with this file', {
        hint: 'a phrase has a BIP-39 passphrase, a key file a password',
      });
}

/** A shell without a keeper wipes it at once; sealing then asks to look again. */
function keep({ context, state }: StepWork, itemId: string, beside: Beside): void {
  if (context.besides === undefined || (beside.bip39Passphrase === null && beside.password === null)) wipe(beside);
  else context.besides.put(state.row.ceremony_id, itemId, beside);
}

/** Beside what was found of other files; a file that is not chosen any more is forgotten. */
export function noteInspected(
  { context, state, note }: StepWork,
  found: readonly Inspected[],
  chosen?: readonly { item_id: string }[],
): void {
  const before = (state.facts.inspected?.items ?? []).filter((one) => !found.some(({ item_id: id }) => id === one.item_id));
  const items = [...before, ...found].filter((one) => chosen === undefined || chosen.some(({ item_id: id }) => id === one.item_id));
  note('secrets', 'inspected', { items, at: isoTime(context.clock.now()) });
}

/** @throws input `not-planned`. */
export async function requirePlan({ station, state }: StepWork): Promise<PlannedCeremony> {
  const planned = await plannedOf(station, state);
  if (planned !== null) return planned;
  throw inputError('not-planned', 'this ceremony runs by no plan', { hint: 'begin one by a plan' });
}

function requireFile(
  { station, state }: StepWork,
  planned: PlannedCeremony,
  itemId: string,
): { file: FileToInspect; wallet: CeremonyWallet } {
  const file = state.facts.secrets?.files.find((one) => one.item_id === itemId);
  const wallet = planned.wallets.find(({ files }) => files.some((one) => one.item_id === itemId));
  if (file === undefined || wallet === undefined || file.made_up) {
    throw inputError('file-unknown', 'no such file was chosen in this ceremony', { hint: 'choose one of those that are listed' });
  }
  if (station.queries.item(itemId) === null) return { file, wallet };
  throw inputError('file-sealed', 'this file is sealed by now, and what was found in it stands', {
    hint: 'choose the files again to look anew',
  });
}
