import { basename } from 'node:path';
import { parseAssignmentRequest } from '../../attestation/index.ts';
import { readBoundedFile } from '../../files/index.ts';
import type { Departure, DoneWallet, Plan, PlanItem } from '../../plan/index.ts';
import type { KeyPack } from '../../transfer/index.ts';
import { inputError, type Sha256 } from '../../values/index.ts';
import type { ApprovablePlan } from '../plan/file.ts';
import { lookAtPlanned, refuseDepartures, type PlannedSecret } from '../plan/planned-secret.ts';
import { MAX_SECRET_BYTES } from './secret-size.ts';

const MAX_BESIDE_BYTES = 4096;

/** What is given beside secrets, as its files have it. Wiped by {@link wipeBeside}. */
export type Beside = { readonly bip39Passphrase: Buffer | null; readonly password: Buffer | null };

/** The files that a plan's identifiers may need. @throws those of reading a file. */
export async function readBeside(files: {
  readonly bip39_passphrase_file?: string | undefined;
  readonly password_file?: string | undefined;
}): Promise<Beside> {
  const read = async (path: string | undefined, what: string): Promise<Buffer | null> =>
    path === undefined ? null : readBoundedFile(path, { maxBytes: MAX_BESIDE_BYTES, what, allowEmpty: true });
  const bip39Passphrase = await read(files.bip39_passphrase_file, 'the BIP-39 passphrase file');
  try {
    return { bip39Passphrase, password: await read(files.password_file, 'the password file') };
  } catch (error) {
    bip39Passphrase?.fill(0);
    throw error;
  }
}

export function wipeBeside({ bip39Passphrase, password }: Beside): void {
  bip39Passphrase?.fill(0);
  password?.fill(0);
}

/** Whose key a key pack brings, as a plan says it: what CoinCover was asked for. */
function walletOfKeyPack({ body }: KeyPack): Omit<DoneWallet, 'items'> {
  const request = parseAssignmentRequest(Buffer.from(body.request, 'utf8'));
  return {
    user_identifier: request.user_identifier,
    key_environment: request.key_environment,
    customer_id: request.organisation?.customer_id ?? null,
    customer_name: request.organisation?.customer_name ?? null,
    package_id: request.package?.package_id ?? null,
    package_name: request.package?.package_name ?? null,
  };
}

/** A file's name as a plan has it: some file systems keep an accent apart from its letter. */
export function plannedName(path: string): string {
  return basename(path).toWellFormed().normalize('NFC');
}

/** What is to be sealed by a plan: for which key, under which policy, from which files. */
export type PlannedWish = ApprovablePlan & {
  readonly keyPack: KeyPack;
  readonly policySha256: Sha256;
  /** Every file that was named, in the order in which they are sealed. */
  readonly sources: readonly string[];
  /** The item that a single file is; null: the item of the file's name, as in a folder, of which nothing may be left out. */
  readonly item: string | null;
  readonly beside: Beside;
};

/**
 * Finds the planned item of each file. Everything that the plan says of the key is compared first, and where the files are a wallet's
 * whole folder, both what was left out and what is too many.
 * @returns one for each source.
 * @throws check the code of the first departure; input `password-not-needed`.
 */
export async function planSecrets(wish: PlannedWish): Promise<PlannedSecret[]> {
  const { compareBeginning, compareItems, compareWallet } = await import('../../plan/index.ts');
  const { plan, digest, keyPack, sources, item, beside } = wish;
  const wallet = walletOfKeyPack(keyPack);
  const names = sources.map((source) => item ?? plannedName(source));
  const { environment, account } = keyPack.body;
  const found = await findItems(plan, wallet, names);
  refuseDepartures(
    [
      ...compareBeginning(plan, { environment, account, policy_sha256: wish.policySha256 }),
      ...compareWallet(plan, wallet),
      ...(item === null ? compareItems(plan, wallet, names) : []),
      ...found.flatMap((one) => ('code' in one ? [one] : [])),
    ],
    digest,
  );
  const items = found.flatMap((one) => ('code' in one ? [] : [one]));
  const hasOneWithPassphrase = items.some((one) => one.item.bip39_passphrase);
  const hasOneWithPassword = items.some((one) => takesPassword(one.item));
  if (beside.password !== null && !hasOneWithPassword) {
    throw inputError('password-not-needed', 'a password was given, and the plan asks for no identifier that it would show', {
      hint: 'leave it out',
    });
  }
  return items.map((one) => ({
    ...one,
    planDigest: digest,
    // Where no item has one, whoever gave it meant another plan: then each says so.
    bip39Passphrase: one.item.bip39_passphrase || !hasOneWithPassphrase ? beside.bip39Passphrase : null,
    password: takesPassword(one.item) ? beside.password : null,
    accepted: [],
  }));
}

/** Whether an identifier is planned that may only show with a key file's password. */
export function takesPassword({ kind, identifier }: PlanItem): boolean {
  return identifier !== null && (kind === 'pem-key' || kind === 'keystore-v3');
}

type Found = { readonly item: PlanItem; readonly place: string };

/** The items of these names in the key's wallet; one that the plan has for another wallet alone is a departure of this key. */
async function findItems(plan: Plan, wallet: Omit<DoneWallet, 'items'>, names: readonly string[]): Promise<(Found | Departure)[]> {
  const { findWallet, placeOf } = await import('../../plan/index.ts');
  const at = findWallet(plan, wallet);
  const items = at === null ? [] : (plan.wallets[at]?.items ?? []);
  return names.map((name) => {
    const itemAt = items.findIndex((one) => one.name === name);
    const item = items[itemAt];
    if (at !== null && item !== undefined) return { item, place: placeOf(['wallets', at, 'items', itemAt]) };
    const owner = plan.wallets.findIndex((one) => one.items.some((each) => each.name === name));
    const place = at === null ? 'wallets' : placeOf(['wallets', at, 'items']);
    const message =
      owner === -1
        ? 'the plan does not have this item'
        : `the plan has this item for another wallet than the key’s, at ${placeOf(['wallets', owner])}`;
    return { code: 'item-not-planned', place, planned: null, found: name, message };
  });
}

/**
 * Looks at every secret before the first is sealed, so that a folder with one wrong file is not half sealed.
 * @throws check the code of the first departure, and as `lookAtPlanned`.
 */
export async function checkAllPlanned(
  jobs: readonly { readonly source: string; readonly planned: PlannedSecret; readonly mode: string }[],
): Promise<void> {
  for (const { source, planned, mode } of jobs) {
    const secret = await readBoundedFile(source, { maxBytes: MAX_SECRET_BYTES, what: 'the secret', allowEmpty: true });
    try {
      const { departures } = await lookAtPlanned(secret, mode, planned);
      refuseDepartures(departures, planned.planDigest);
    } finally {
      secret.fill(0);
    }
  }
}
