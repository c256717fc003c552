import type { CeremonyView } from '../../main/operations/index.ts';
import type { Output } from '../bridge.ts';

export type Candidate = NonNullable<Output<'trust.add'>['confirm']>[number];

/** A signing key that people may compare with their card. */
export type SignerChoice = Candidate & {
  /** Since when it is confirmed on this station; null where it is not yet. */
  readonly confirmedAt: string | null;
  /** Whether the list that was just fetched has it; null where none was fetched. */
  readonly isPublished: boolean | null;
};

/**
 * The signing keys to choose from: those confirmed on this station, and behind them what CoinCover publishes and nobody has
 * confirmed here, once its list was fetched. After a rotation the new one is among the latter.
 */
export function signerChoices(confirmed: CeremonyView['anchors'], fetched: readonly Candidate[] | null): readonly SignerChoice[] {
  const known = confirmed.map(({ fingerprint, words, changed_at: confirmedAt }) => ({
    fingerprint,
    words,
    confirmedAt,
    isPublished: fetched === null ? null : fetched.some((one) => one.fingerprint === fingerprint),
  }));
  const fresh = (fetched ?? []).filter((one) => !confirmed.some((anchor) => anchor.fingerprint === one.fingerprint));
  return [...known, ...fresh.map((one) => ({ ...one, confirmedAt: null, isPublished: true }))];
}
