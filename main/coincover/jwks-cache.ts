import type { Sha256 } from '../values/index.ts';

/** Contract, "The enclave's signature": max-age=600 is what CoinCover sends; more is not believed. */
const LONGEST_MS = 600_000;

export type FetchedJwks = {
  /** The document's exact body bytes. */
  bytes: Buffer;
  /** Milliseconds since 1970-01-01T00:00:00Z, by this machine's clock. */
  fetchedAtMs: number;
};

const kept = new Map<Sha256, FetchedJwks & { untilMs: number }>();

/**
 * Signing keys of this process's last fetch, per environment and never by `kid` (two environments share one), for as long as
 * the answer allowed. A command line runs too briefly to profit; a window open for a whole ceremony does.
 * @returns null where none are kept, where they are too old, or where the clock stands before their fetch.
 */
export function cachedJwks(environmentId: Sha256, nowMs: number): FetchedJwks | null {
  const entry = kept.get(environmentId);
  if (entry === undefined || nowMs < entry.fetchedAtMs || nowMs >= entry.untilMs) return null;
  return { bytes: Buffer.from(entry.bytes), fetchedAtMs: entry.fetchedAtMs };
}

/** Keeps what was fetched for max-age less Age (RFC 9111 §4.2), at most ten minutes; without a max-age, not at all. */
export function keepJwks(environmentId: Sha256, fetched: FetchedJwks, headers: Readonly<Record<string, string>>): void {
  const untilMs = fetched.fetchedAtMs + lifetimeMs(headers);
  kept.set(environmentId, { bytes: Buffer.from(fetched.bytes), fetchedAtMs: fetched.fetchedAtMs, untilMs });
}

function lifetimeMs(headers: Readonly<Record<string, string>>): number {
  const control = (headers['cache-control'] ?? '').toLowerCase();
  const maxAge = /(?:^|[\s,])max-age=(\d{1,9})(?:[\s,]|$)/.exec(control)?.[1];
  if (maxAge === undefined || /\bno-(?:store|cache)\b/.test(control)) return 0;
  const age = headers['age'];
  // An Age that is no number leaves it open how old the document is already.
  if (age !== undefined && !/^\d{1,9}$/.test(age)) return 0;
  return Math.min(LONGEST_MS, Math.max(0, Number(maxAge) - Number(age ?? 0)) * 1000);
}
