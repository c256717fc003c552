import { parseAssignmentRequest } from '../../attestation/index.ts';
import type { CeremonyState, FactValue, StepId } from '../../ceremony/index.ts';
import type { AssignedKeyRow, ItemRow } from '../../ledger/index.ts';
import type { DoneWallet } from '../../plan/index.ts';
import { readDocumentOf } from '../../transfer/index.ts';
import { sealedItems } from './subjects.ts';
import type { Station } from '../station/station.ts';

type Reader = Pick<Station, 'queries'>;

export type Inspected = FactValue<'inspected'>['items'][number];

/** A file of a ceremony as far as it has come: chosen, looked at, sealed. At a station that sees no secrets it comes sealed. */
export type DoneFile = {
  readonly item_id: string;
  readonly name: string;
  readonly size_bytes: number;
  readonly made_up: boolean;
  readonly inspected: Inspected | null;
  /** Null until it is sealed. */
  readonly mode: string | null;
};

/** A wallet as people gave it in this ceremony, or as the key that was brought says whose it is. */
export type CeremonyWallet = Omit<DoneWallet, 'items'> & {
  readonly account: string;
  /** Null where the ceremony has one wallet, and before a key was assigned. */
  readonly key_id: string | null;
  readonly files: readonly DoneFile[];
};

/** The step at which each script says whose wallets it works on. */
const WALLET_STEPS: readonly StepId[] = ['wallet', 'wallets', 'packs', 'items', 'receipts', 'backups'];

/** Null of a script without wallets. */
export function walletStepOf({ script }: CeremonyState): StepId | null {
  return script.steps.map(({ id }) => id).find((id) => WALLET_STEPS.includes(id)) ?? null;
}

/** The wallets of a ceremony in the plan's words, as far as its steps have come. */
export function walletsOf(station: Reader, state: CeremonyState): CeremonyWallet[] {
  const { facts } = state;
  switch (walletStepOf(state)) {
    case 'wallet':
      return facts.wallet === undefined ? [] : [{ ...facts.wallet, key_id: null, files: chosenFiles(station, state, null) }];
    case 'wallets':
      return (facts.wallets?.wallets ?? []).map((wallet) => ({ ...wallet, key_id: null, files: [] }));
    case 'packs':
      return (facts.brought?.subjects ?? []).flatMap((id) => walletOfKey(station, id, chosenFiles(station, state, id)));
    default: {
      const items = sealedItems(station, state);
      const keys = [...new Set(items.map((item) => item.key_id))];
      return keys.flatMap((id) =>
        walletOfKey(
          station,
          id,
          items.filter((item) => item.key_id === id).map((item) => sealedFile(item)),
        ),
      );
    }
  }
}

/** @param keyId the key that the files are for, where the ceremony has several. */
function chosenFiles({ queries }: Reader, { facts }: CeremonyState, keyId: string | null): DoneFile[] {
  return (facts.secrets?.files ?? [])
    .filter((file) => file.key_id === keyId)
    .map(({ item_id: id, name, size_bytes, made_up }) => ({
      item_id: id,
      name,
      size_bytes,
      made_up,
      inspected: facts.inspected?.items.find((one) => one.item_id === id) ?? null,
      mode: queries.item(id)?.mode ?? null,
    }));
}

function sealedFile({ item_id, name, size_bytes, mode }: ItemRow): DoneFile {
  return { item_id, name, size_bytes, made_up: false, inspected: null, mode };
}

/** Whose wallet a key is: what was asked for when it was assigned, in the very request that its key pack brings. Empty where that is not kept. */
function walletOfKey({ queries }: Reader, keyId: string, files: readonly DoneFile[]): CeremonyWallet[] {
  const key = queries.assignedKey(keyId);
  const text = key === null ? null : queries.documentText(key.document_id);
  return key === null || text === null ? [] : [{ ...askedFor(key, text), key_id: keyId, files }];
}

function askedFor(key: AssignedKeyRow, text: string): Omit<CeremonyWallet, 'key_id' | 'files'> {
  const { body } = readDocumentOf(Buffer.from(text, 'utf8'), 'the key pack in the ledger', 'keypack/1').document;
  const request = parseAssignmentRequest(Buffer.from(body.request, 'utf8'));
  return {
    user_identifier: key.user_identifier,
    key_environment: key.key_environment,
    account: key.account,
    customer_id: request.organisation?.customer_id ?? null,
    customer_name: request.organisation?.customer_name ?? null,
    package_id: request.package?.package_id ?? null,
    package_name: request.package?.package_name ?? null,
  };
}
