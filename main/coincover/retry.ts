import type { RawOutcome } from './http.ts';

const TRIES = 3;
const BASE_MS = 500;
const LONGEST_MS = 30_000;

/** Failures of our own making, which another try would only repeat. */
const LASTING = new Set(['address-not-allowed', 'cancelled', 'no-token', 'proxy-not-allowed']);

export type RetryMeans = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now: () => number;
  /** Waits; it may come back early when the signal is aborted, and must not reject then. */
  sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** 0 up to, not including, 1. */
  random: () => number;
  /** Once aborted, the last outcome stands. */
  signal: AbortSignal | undefined;
};

/**
 * Repeats a safe GET while its failure may pass: no connection, a lost answer, 408, 429, 5xx. Three tries, doubling pauses
 * with jitter (250–750 ms, then 500–1,500 ms); a Retry-After longer than that is honoured up to half a minute
 * (RFC 9110 §10.2.3). Never for a POST.
 */
export async function retrySafely(attempt: () => Promise<RawOutcome>, means: RetryMeans): Promise<RawOutcome> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt();
    if (tried === TRIES || !mayPass(outcome)) return outcome;
    const pauseMs = BASE_MS * 2 ** (tried - 1) * (0.5 + means.random());
    await means.sleep(Math.min(LONGEST_MS, Math.max(pauseMs, retryAfterMs(outcome, means.now()))), means.signal);
    if (means.signal?.aborted === true) return outcome;
  }
}

function mayPass(outcome: RawOutcome): boolean {
  if (outcome.kind !== 'answer') return !LASTING.has(outcome.code);
  return outcome.status === 408 || outcome.status === 429 || outcome.status >= 500;
}

function retryAfterMs(outcome: RawOutcome, nowMs: number): number {
  const value = outcome.kind === 'answer' ? outcome.headers['retry-after'] : undefined;
  if (value === undefined) return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs);
}
