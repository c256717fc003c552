import { z } from 'zod';
import { MOST_WRONG_TRIES, WIPE_POINTS, type CeremonyState } from '../../ceremony/index.ts';
import type { LedgerQueries } from '../../ledger/index.ts';
import { RELEASED_KINDS } from '../../recovery/index.ts';
import { uuid } from '../fields.ts';
import { openPgpWords, requestText } from '../recovery/recovery-request.ts';

/** What the screens of a recovery show: nothing in it is secret, and no path is. */
export const recoveryView = z.object({
  reason: z.string().nullable(),
  backups: z.array(
    z.object({
      item_id: uuid,
      name: z.string(),
      backup_id: z.string().nullable(),
      key_id: z.string(),
      wallet: z.string(),
      mode: z.string(),
      /** What the ledger kept of it when it was sealed by a plan: what has to come back. */
      identifier: z.object({ type: z.string(), path: z.string().nullable(), value: z.string() }).nullable(),
    }),
  ),
  /** The pair that was made: what goes to CoinCover, and its fingerprint as 20 words. */
  request: z.object({ fingerprint: z.string(), words: z.array(z.string()), text: z.string() }).nullable(),
  raised: z.object({ reference: z.string(), played: z.boolean() }).nullable(),
  found: z.array(z.object({ name: z.string(), what: z.enum(RELEASED_KINDS) })),
  /** Which passphrases opening takes, beside the pair's. */
  asks: z.object({ key: z.boolean(), secret: z.boolean(), bip39: z.boolean() }),
  /** How often a passphrase may still be wrong in the step that is lit. */
  tries_left: z.number(),
  recovered: z.array(
    z.object({
      item_id: uuid,
      name: z.string().nullable(),
      same: z.boolean().nullable(),
      /** Whether it is the wallet that was sealed; null where it was sealed by no plan. */
      controls: z
        .object({
          kind: z.string(),
          type: z.string().nullable(),
          path: z.string().nullable(),
          planned: z.string().nullable(),
          found: z.string().nullable(),
          result: z.enum(['matches', 'differs', 'not-compared']),
          reason: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  wipe: z.array(z.object({ id: z.string(), yes: z.boolean().nullable() })),
});
type RecoveryView = z.output<typeof recoveryView>;

/** Null in a ceremony of another script. */
export function recoveryPart(queries: LedgerQueries, { script, facts, row }: CeremonyState, step: string | null): RecoveryView | null {
  if (script.name !== 'recovery') return null;
  const { recovering, request, raised, released, recovered, wiped } = facts;
  const backups = (recovering?.items ?? []).flatMap(({ item_id: id }) => {
    const item = queries.item(id);
    if (item === null) return [];
    const wallet = queries.assignedKey(item.key_id)?.user_identifier ?? '';
    const backup = queries.backupOfItem(id)?.backup_id ?? null;
    return [
      {
        item_id: id,
        name: item.name,
        backup_id: backup,
        key_id: item.key_id,
        wallet,
        mode: item.mode,
        identifier: queries.plannedOfItem(id)?.identifier ?? null,
      },
    ];
  });
  const left = backups.filter(
    ({ item_id: id }) => recovered?.items.some((one) => one.item_id === id && one.controls?.result !== 'differs') !== true,
  );
  const tries = step === 'released' ? facts['released-tries'] : facts['result-tries'];
  const found = (released?.packages ?? []).map(({ name, what }) => ({
    name,
    what: recoveryView.shape.found.element.shape.what.parse(what),
  }));
  return {
    reason: recovering?.reason ?? null,
    backups,
    request:
      request === undefined || recovering === undefined
        ? null
        : {
            fingerprint: request.fingerprint,
            words: [...openPgpWords(request.fingerprint)],
            text: requestText(queries, row, recovering, request),
          },
    raised: raised === undefined ? null : { reference: raised.reference, played: raised.played },
    found,
    asks: {
      key: found.some(({ what }) => what === 'encrypted-private-key') && !found.some(({ what }) => what === 'private-key'),
      secret: left.some(({ mode }) => mode.includes('passphrase')),
      bip39: left.some(({ item_id: id }) => queries.plannedOfItem(id)?.bip39_passphrase === true),
    },
    tries_left: MOST_WRONG_TRIES - Math.min(MOST_WRONG_TRIES, tries?.wrong ?? 0),
    recovered: (recovered?.items ?? []).map(({ item_id, name, same, controls }) => ({ item_id, name, same, controls })),
    wipe: WIPE_POINTS.map((id) => ({ id, yes: wiped?.answers.find((one) => one.id === id)?.yes ?? null })),
  };
}
