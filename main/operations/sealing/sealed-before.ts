import type { ItemRow, LedgerQueries } from '../../ledger/index.ts';
import type { Departure } from '../../plan/index.ts';
import type { Sha256 } from '../../values/index.ts';

type Reader = { readonly queries: LedgerQueries };

/** The departure of an item that had been sealed before. */
export const SEALED_BEFORE = 'item-sealed-before';

/** One item of a plan, for one key: what is to be sealed once. */
type OnceSealed = { readonly plan: Sha256; readonly place: string; readonly keyId: string };

/**
 * The item that an item of a plan was sealed as before, for the same key: sealed again, CoinCover may come to hold two ciphertexts of one
 * secret, and nobody knows which of them counts. One that CoinCover refused is out of the world; another key, another ciphertext.
 */
export function sealedBefore({ queries }: Reader, once: OnceSealed): ItemRow | null {
  return queries.itemsOfPlace(once).find(({ state }) => state !== 'refused') ?? null;
}

/** @param before as a fact keeps it. */
export function sealedBeforeDeparture(before: { readonly item_id: string; readonly state: string }, place: string): Departure {
  return {
    code: SEALED_BEFORE,
    place,
    planned: null,
    found: `${before.item_id}, ${before.state}`,
    message: `this item of the plan was sealed before for this key, as ${before.item_id} (${before.state})`,
  };
}

/** What to do in place of sealing again. */
export function sealedBeforeHint({ document_id: documentId, state }: Pick<ItemRow, 'document_id' | 'state'>): string {
  switch (state) {
    case 'stored':
      return 'CoinCover holds it: nothing is left to seal; `coldroom ledger show ID` has its receipt';
    case 'sending':
    case 'unknown':
      return 'CoinCover may hold it: settle that first with `coldroom store --resolve-unknown`';
    default:
      return `store that one: \`coldroom document ${documentId} --out FILE\` writes it again; another one takes a plan that says so`;
  }
}
