import { networkInterfaces } from 'node:os';
import { judgeNetwork, readNetworkState } from '../../main/ceremony/index.ts';

/** What this machine could reach, for the bar. Reasons are main's own codes, such as `wifi-on`. */
export type NetworkSeen = { up: boolean; reasons: string[] };

/** At once, by the addresses alone: some systems take a second to say more. */
export function networkAtFirstSight(): NetworkSeen {
  const live = Object.values(networkInterfaces()).some((addresses) => addresses?.some((one) => !one.internal) === true);
  return { up: live, reasons: [] };
}

/** Interfaces, routes, Wi-Fi and Bluetooth. */
export async function networkState(): Promise<NetworkSeen> {
  const state = await readNetworkState();
  return { up: state.live, reasons: [...judgeNetwork(state, 'warn').reasons] };
}
