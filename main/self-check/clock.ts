import { ok, unlike, type CheckLine } from './line.ts';

const CLOCK = { id: 'clock-plausible', what: 'this machine’s clock is later than what it has made' } as const;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks differ by minutes, and file times by a time zone; a battery that died is off by years. */
const TOLERANCE_MS = DAY_MS;
/** No version is in use for so long. */
const OLDEST_BUILD_MS = 10 * 365 * DAY_MS;

/** Moments that lie behind a clock that is right, in milliseconds; null where there is none. */
export type PastMoments = {
  /** When this program was last changed before it was built. */
  readonly builtMs: number | null;
  /** The ledger's latest event. */
  readonly eventMs: number | null;
  /** The newest change among the station's files. */
  readonly fileMs: number | null;
};

/**
 * Never `failed`: clocks of cold machines drift, and no refusal rests on one. What a ceremony goes by is the witness's clock.
 * @param nowMs this machine's time.
 */
export function judgeClock(nowMs: number, { builtMs, eventMs, fileMs }: PastMoments): CheckLine {
  const mend = 'set the clock by one that is right; the witness’s clock counts in a ceremony';
  const warn = (seen: string): CheckLine => unlike(CLOCK, 'warn', `${timeOf(nowMs)}, ${seen}`, mend);
  if (builtMs !== null && nowMs < builtMs - TOLERANCE_MS) return warn(`before this program was made (${timeOf(builtMs)})`);
  if (eventMs !== null && nowMs < eventMs) return warn(`before the ledger’s latest event (${timeOf(eventMs)})`);
  if (fileMs !== null && nowMs < fileMs - TOLERANCE_MS) return warn(`before a file of the station was written (${timeOf(fileMs)})`);
  if (builtMs !== null && nowMs > builtMs + OLDEST_BUILD_MS) return warn('ten years after this program was made');
  const held = [
    ...(builtMs === null ? [] : ['this program']),
    ...(eventMs === null ? [] : ['the latest event']),
    ...(fileMs === null ? [] : ['the station’s files']),
  ];
  if (held.length === 0)
    return unlike(CLOCK, 'not-checkable', `${timeOf(nowMs)}, nothing to hold it against`, 'compare it with a clock that is right');
  return ok(CLOCK, `${timeOf(nowMs)}, later than ${held.join(', ')}`);
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
