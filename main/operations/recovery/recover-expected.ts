import type { Plan } from '../../plan/index.ts';
import type { CiphertextAtHand } from '../../recovery/index.ts';
import { inputError, quote, sha256 } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { askOwnLedger } from '../ledger/own-ledger.ts';
import { readPlanFile } from '../plan/file.ts';
import type { ExpectedSecret } from './recovered-secret.ts';

/** What the person says of the secret, beside what the ledger knows. */
export type ExpectedBy = { readonly plan: Plan | null; readonly item?: string | undefined };

/** What this station's ledger knows of a ciphertext; nulls where it knows nothing, or is not there. */
type Known = { readonly name: string | null; readonly user: string | null; readonly expected: ExpectedSecret | null };

/**
 * What a secret should be, before it is opened: by the plan that was named, else by what the ledger kept when it was sealed. Items of one
 * name in several wallets may all be meant, where no ledger says whose it is.
 * @returns empty where nobody knows.
 * @throws input `plan-item-unclear`, `plan-item-unknown`.
 */
export async function expectedOf(context: OperationContext, ciphertext: CiphertextAtHand, by: ExpectedBy): Promise<ExpectedSecret[]> {
  const known = await lookUp(context, sha256(ciphertext.ciphertext));
  const { plan } = by;
  if (plan === null) return known.expected === null ? [] : [known.expected];
  const { placeOf } = await import('../../plan/index.ts');
  const name = by.item ?? ciphertext.name ?? known.name;
  if (name === null) {
    throw inputError('plan-item-unclear', 'nothing says which item of the plan this ciphertext is', { hint: 'add --item NAME' });
  }
  const all = plan.wallets.flatMap((wallet, at) =>
    wallet.items.flatMap((item, itemAt) =>
      item.name === name ? [{ user: wallet.user_identifier, item, place: placeOf(['wallets', at, 'items', itemAt]) }] : [],
    ),
  );
  const own = all.filter(({ user }) => user === known.user);
  if (all.length === 0) {
    throw inputError('plan-item-unknown', `the plan has no item ${quote(name)}`, { hint: 'add --item NAME, as the plan has it' });
  }
  return (own.length > 0 ? own : all).map(({ item, place }) => ({
    by: 'plan',
    place,
    kind: item.kind,
    identifier: item.identifier,
    bip39_passphrase: item.bip39_passphrase,
    departures: [],
  }));
}

async function lookUp(context: OperationContext, ciphertextSha256: string): Promise<Known> {
  const known = await askOwnLedger(context, (queries): Known | null => {
    const item = queries.itemByCiphertext(ciphertextSha256);
    if (item === null) return null;
    const planned = queries.plannedOfItem(item.item_id);
    return {
      name: item.name,
      user: queries.assignedKey(item.key_id)?.user_identifier ?? null,
      expected: planned === null ? null : { ...planned, by: 'ledger' },
    };
  });
  return known ?? { name: null, user: null, expected: null };
}

/** The plan that a person named, or null. @throws those of a plan's file. */
export async function namedPlan(path: string | undefined): Promise<Plan | null> {
  return path === undefined ? null : (await readPlanFile(path)).plan;
}
