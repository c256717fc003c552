import { networkInterfaces } from 'node:os';

/** The interfaces that are up and lead off this machine. Loopback is none of them. */
export function networkState(): { up: boolean; interfaces: number } {
  const live = Object.values(networkInterfaces()).filter((addresses) => addresses?.some((one) => !one.internal) === true);
  return { up: live.length > 0, interfaces: live.length };
}
