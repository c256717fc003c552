import type { Sha256 } from '../values/index.ts';

const LONGEST_MS = 600_000;

export type FetchedJwks = { bytes: Buffer; fetchedAtMs: number };

const kept = new Map<Sha256, FetchedJwks & { untilMs: number }>();

/**
 * Signing keys of this process's last fetch, per environment and never by `kid` (two environments share one), for as long as
 * the answer's max-age allows. A command line runs too briefly to profit; a window open for a whole ceremony does.
 */
export function cachedJwks(environmentId: Sha256, nowMs: number): FetchedJwks | null {
  const entry = kept.get(environmentId);
  return entry !== undefined && entry.fetchedAtMs <= nowMs && nowMs < entry.untilMs
    ? { bytes: entry.bytes, fetchedAtMs: entry.fetchedAtMs }
    : null;
}

export function keepJwks(environmentId: Sha256, fetched: FetchedJwks, cacheControl: string | undefined): void {
  const maxAge = /(?:^|[\s,])max-age=(\d{1,9})(?:[\s,]|$)/.exec(cacheControl ?? '')?.[1];
  const noStore = /\bno-(?:store|cache)\b/.test(cacheControl ?? '');
  const lifetimeMs = noStore || maxAge === undefined ? 0 : Math.min(LONGEST_MS, Number(maxAge) * 1000);
  kept.set(environmentId, { ...fetched, untilMs: fetched.fetchedAtMs + lifetimeMs });
}
