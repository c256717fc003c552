import { readCeremony, type CeremonyState } from '../../ceremony/index.ts';
import type { LedgerQueries } from '../../ledger/index.ts';
import type { Plan } from '../../plan/index.ts';
import { inputError, isColdroomError, quote } from '../../values/index.ts';
import { isSameWallet, type WalletName } from './wallet.ts';

/**
 * The stand-in assigns one key to a wallet, as CoinCover does, and forgets it with the rehearsals that it plays for: beside one that is
 * open, a second rehearsal of the same wallet would come as far as its key, and no further.
 * @param wallets those of the plan that a ceremony in the environment `rehearsal` is to be begun for.
 * @throws input `rehearsal-open`.
 */
export function checkNotRehearsed(queries: LedgerQueries, wallets: readonly WalletName[]): void {
  for (const row of queries.ceremonies()) {
    if (row.state !== 'open' || row.environment !== 'rehearsal') continue;
    const taken = walletsTaken(queries, row.ceremony_id);
    const wallet = wallets.find((one) => taken.some((other) => isSameWallet(one, other)));
    if (wallet === undefined) continue;
    throw inputError(
      'rehearsal-open',
      `ceremony ${row.number.toString()} rehearses the wallet ${quote(wallet.user_identifier)}, and is open`,
      {
        hint: `go on with ceremony ${row.number.toString()}, or stop it and begin again`,
      },
    );
  }
}

/** Whom a ceremony asks for keys for, or will: as people typed them, else as its plan has them. */
function walletsTaken(queries: LedgerQueries, id: string): readonly WalletName[] {
  const { script, facts } = readable(queries, id) ?? {};
  if (script?.steps.some((step) => step.id === 'wallet' || step.id === 'wallets') !== true || facts === undefined) return [];
  if (facts.wallet !== undefined) return [facts.wallet];
  const planned = (facts.plan?.plan as unknown as Plan | undefined)?.wallets ?? [];
  return [...(facts.wallets?.wallets ?? []), ...(facts.plan?.wallets ?? []).flatMap((at) => planned[at] ?? [])];
}

/** One that this version cannot read keeps no other from beginning: it cannot be gone on with here. */
function readable(queries: LedgerQueries, id: string): CeremonyState | null {
  try {
    return readCeremony(queries, id);
  } catch (error) {
    if (isColdroomError(error)) return null;
    throw error;
  }
}
