import { z } from 'zod';
import { judgeNetwork, readNetworkState, type CeremonyState, type NetworkState } from '../../ceremony/index.ts';
import type { LedgerQueries, NetworkPolicy, NetworkSeen, Role } from '../../ledger/index.ts';
import { checkError } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { defineOperation, done, EVERY_ROLE } from '../operation.ts';
import { withLedgerForReading, withStation, type Station } from './station.ts';

const power = z.enum(['off', 'on', 'none', 'unknown']);
const shownNetwork = z.object({
  gate: z.enum(['clear', 'warn', 'stop']),
  reasons: z.array(z.string()),
  live: z.boolean(),
  interfaces: z.array(z.object({ name: z.string(), kind: z.string(), up: z.boolean(), addresses: z.number() })),
  default_routes: z.array(z.object({ family: z.union([z.literal(4), z.literal(6)]), interface: z.string() })),
  wifi: power,
  bluetooth: power,
  policy: z.enum(['warn', 'stop']),
});

/** This machine's network as it is now, judged by the station's policy. */
export const networkShow = defineOperation({
  name: 'network.show',
  summary: 'what this machine could reach: interfaces, routes, Wi-Fi, Bluetooth',
  roles: EVERY_ROLE,
  input: z.strictObject({}),
  output: shownNetwork,
  run: async (context) => {
    const state = await readNetworkState();
    return withLedgerForReading(context, ({ file, queries }) => Promise.resolve(done(shown(state, policyOf(file, queries)))));
  },
});

/** Whether a live network stops a cold station or is only shown. A single station talks to CoinCover, so it has no such policy. */
export const networkPolicySet = defineOperation({
  name: 'network.policy',
  summary: 'set what a live network means on this station: warn, or stop',
  roles: ['cold'],
  input: z.strictObject({ policy: z.enum(['warn', 'stop']) }),
  output: z.object({ policy: z.enum(['warn', 'stop']) }),
  run: (context, input) =>
    withStation(context, 'network.policy', (station) => {
      station.ledger.append({ type: 'network-policy-set', data: { policy: input.policy } });
      return Promise.resolve(done({ policy: input.policy }));
    }),
});

/** The state now, judged by a policy: the ceremony's own, or the station's where there is none. */
export async function lookAtNetwork(policy: NetworkPolicy): Promise<z.output<typeof shownNetwork>> {
  return shown(await readNetworkState(), policy);
}

/** An earlier Coldroom let a single station set one and never enforced it. */
export function policyOf({ role }: { role: Role }, queries: LedgerQueries): NetworkPolicy {
  return role === 'cold' ? queries.networkPolicy() : 'warn';
}

/**
 * What a live network means in a ceremony: what its policy said when it was begun, whatever was set since. Ceremonies of earlier
 * versions have none: of those, what the station says now, and `stop` once that was seen.
 */
export function networkGateOf(station: Station, { facts }: Pick<CeremonyState, 'facts'>): NetworkPolicy {
  if (facts.policy !== undefined) return facts.policy.rules.network_gate;
  return facts.network?.policy === 'stop' ? 'stop' : policyOf(station, station.queries);
}

/**
 * Before a secret is read on a cold station: a live network stops it where the policy says so, else it is remarked on.
 * @returns what was seen, for the record of what is sealed now; null at a station that is not cold.
 * @throws check `network-live`.
 */
export async function checkNetworkGate(context: OperationContext, station: Station): Promise<NetworkSeen | null> {
  if (station.role !== 'cold') return null;
  const { gate, reasons, policy } = await lookAtNetwork(policyOf(station, station.queries));
  if (gate === 'stop') throw networkLive(reasons);
  if (gate === 'warn') context.onNote(`this machine is not off every network: ${reasons.join(', ')}`);
  return { gate, policy, reasons };
}

function networkLive(reasons: readonly string[]): Error {
  return checkError('network-live', `this machine has a live network, which this station's policy does not allow: ${reasons.join(', ')}`, {
    hint: 'pull the cable and switch radios off, then look again; or let two people go on in the wizard',
  });
}

function shown(state: NetworkState, policy: NetworkPolicy): z.output<typeof shownNetwork> {
  const { gate, reasons } = judgeNetwork(state, policy);
  return {
    gate,
    reasons: [...reasons],
    live: state.live,
    interfaces: state.interfaces.map((one) => ({ ...one })),
    default_routes: state.default_routes.map((one) => ({ ...one })),
    wifi: state.wifi,
    bluetooth: state.bluetooth,
    policy,
  };
}
