import { basename, join } from 'node:path';
import { writeNewFile } from '../../files/index.ts';
import type { Departure, PlanItem } from '../../plan/index.ts';
import { inputError, quote } from '../../values/index.ts';
import { isFolder, listFolder } from '../folders.ts';
import type { ApprovablePlan } from '../plan/file.ts';
import { refuseDepartures } from '../plan/planned-secret.ts';
import { secretsIn } from '../sealing/secret-files.ts';
import { plannedName, readBeside, takesPassword, type Beside } from '../sealing/seal-plan.ts';

/** A secret for one item of a plan, with what goes beside it. */
export type SecretAtHand = {
  readonly file: string;
  readonly bip39PassphraseFile: string | null;
  readonly passwordFile: string | null;
  /** The caller wipes it. */
  readBeside(): Promise<Beside>;
};

function atHand(file: string, bip39PassphraseFile: string | null, passwordFile: string | null): SecretAtHand {
  const files = { bip39_passphrase_file: bip39PassphraseFile ?? undefined, password_file: passwordFile ?? undefined };
  return { file, bip39PassphraseFile, passwordFile, readBeside: () => readBeside(files) };
}

/**
 * The real secrets of a plan, from a folder: each under its item's name, or, where the folder holds folders, under the wallet's name and
 * its item's. What is left out and what is too many is found before anything is done.
 * @returns by the item's place. @throws check `item-left-out`, `item-not-planned`; input `plan-folder-names`, and those of reading a folder.
 */
export async function findSecrets(
  { plan, digest }: ApprovablePlan,
  folder: string,
  beside: { readonly bip39PassphraseFile: string | null; readonly passwordFile: string | null },
): Promise<Map<string, SecretAtHand>> {
  const { placeOf } = await import('../../plan/index.ts');
  const files = await filesIn(folder);
  const found = new Map<string, SecretAtHand>();
  const departures: Departure[] = [];
  const isNested = files.some(({ wallet }) => wallet !== null);
  const used = new Set<string>();
  plan.wallets.forEach((wallet, at) => {
    wallet.items.forEach((item, itemAt) => {
      const place = placeOf(['wallets', at, 'items', itemAt]);
      const file = files.find((one) => one.name === item.name && one.wallet === (isNested ? wallet.user_identifier : null));
      if (file === undefined) {
        departures.push({ code: 'item-left-out', place, planned: item.name, found: null, message: 'an item of the plan was left out' });
        return;
      }
      if (used.has(file.path)) {
        throw inputError('plan-folder-names', `two items of the plan have the name ${quote(item.name)}, and the folder has one such file`, {
          hint: 'put the files of each wallet into a folder of their own, named as the wallet’s user_identifier',
        });
      }
      used.add(file.path);
      const password = takesPassword(item) && beside.passwordFile !== null ? beside.passwordFile : null;
      found.set(place, atHand(file.path, item.bip39_passphrase ? beside.bip39PassphraseFile : null, password));
    });
  });
  for (const { path, name } of files.filter((one) => !used.has(one.path))) {
    const message = `the plan does not have the file ${quote(basename(path).toWellFormed())}`;
    departures.push({ code: 'item-not-planned', place: 'wallets', planned: null, found: name, message });
  }
  refuseDepartures(departures, digest);
  return found;
}

type Found = { readonly wallet: string | null; readonly name: string; readonly path: string };

/** Every file of a folder that holds only files, or of the folders in one that holds only folders. */
async function filesIn(folder: string): Promise<Found[]> {
  if (!(await isFolder(folder))) {
    throw inputError('folder-missing', `${quote(folder)} is no folder`, { hint: 'name the folder with the secrets that the plan lists' });
  }
  const entries = await listFolder(folder);
  if (!entries.some((entry) => entry.isDirectory())) {
    return (await secretsIn(folder)).map((path) => ({ wallet: null, name: plannedName(path), path }));
  }
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const below = join(folder, entry.name);
      if (!entry.isDirectory()) return [{ wallet: null, name: plannedName(below), path: below }];
      return (await secretsIn(below)).map((path) => ({ wallet: plannedName(below), name: plannedName(path), path }));
    }),
  );
  return nested.flat();
}

/**
 * A made-up secret in a file, and the item that it can be held against: the plan's own, with the identifier of this secret in place of
 * the planned value, so that the same type at the same path is computed. Where the kind never has the planned size, none is asked for.
 */
export async function makeUpItem(
  item: PlanItem,
  file: string,
  random: (length: number) => Buffer,
): Promise<{ item: PlanItem; secret: SecretAtHand; hasSize: boolean }> {
  const { inspectSecret, MADE_UP_PASSWORD, makeUpSecret } = await import('../../content/index.ts');
  const { identifier, size_bytes: size } = item;
  const wished = identifier === null ? null : { type: identifier.type, valueLength: identifier.value.length };
  const bytes = makeUpSecret({ kind: item.kind, identifier: wished, size }, random);
  const passphrase = item.bip39_passphrase ? Buffer.from('rehearsal only', 'utf8') : null;
  const password = item.kind === 'keystore-v3' && identifier !== null ? Buffer.from(MADE_UP_PASSWORD, 'utf8') : null;
  await writeNewFile(file, bytes);
  if (passphrase !== null) await writeNewFile(`${file}.bip39`, passphrase);
  if (password !== null) await writeNewFile(`${file}.password`, password);
  const asked = identifier === null ? [] : [{ type: identifier.type, path: identifier.path }];
  const { identifiers } = await inspectSecret(bytes, { kind: item.kind, identifiers: asked, bip39Passphrase: passphrase, password });
  const hasSize = size === null || (bytes.length >= size.min && bytes.length <= size.max);
  const own = identifiers[0];
  return {
    item: {
      ...item,
      size_bytes: hasSize ? size : null,
      identifier: identifier === null || own === undefined ? identifier : { ...identifier, value: own.value },
    },
    secret: atHand(file, passphrase === null ? null : `${file}.bip39`, password === null ? null : `${file}.password`),
    hasSize,
  };
}
