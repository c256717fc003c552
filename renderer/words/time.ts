/** Times are in UTC, with the zone shown; the local time is there on hover. */
export function utcTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** Hours and minutes in UTC. */
export function utcMinutes(iso: string): string {
  return iso.slice(11, 16);
}

export function utcDate(iso: string): string {
  return iso.slice(0, 10);
}

/** The same moment where this computer is, with its zone. */
export function localTime(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
}

/** Whole days from a moment to now; 0 for today. */
export function daysSince(iso: string, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - Date.parse(iso)) / 86_400_000));
}

/** A fingerprint in groups of four, as people compare it. */
export function groupedHex(hex: string): string {
  return hex.replace(/(.{4})(?=.)/g, '$1 ');
}
