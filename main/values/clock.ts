import { inputError } from './error.ts';

/** Where the time comes from; tests and the fault suite pass their own. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Between these a year has four digits; ISO 8601 writes others in a form that no document and no event may hold. */
const EARLIEST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * A moment as every document and event writes it: `2026-11-24T10:00:00.000Z`.
 * @throws input `clock-unusable` where its year has no four digits, as a broken clock says.
 */
export function isoTime(atMs: number): string {
  if (atMs < EARLIEST_MS || atMs > LATEST_MS) {
    throw inputError('clock-unusable', 'this machine’s clock says a year that no document can hold', {
      hint: 'set the clock, then do it again',
    });
  }
  return new Date(atMs).toISOString();
}
