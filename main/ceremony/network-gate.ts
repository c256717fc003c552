import type { NetworkPolicy } from '../ledger/index.ts';
import { runProgram, type RunProgram } from '../machine/index.ts';
import { readDarwinNetwork } from './network-darwin.ts';
import { readLinuxNetwork } from './network-linux.ts';
import { networkStateOf, type NetworkState } from './network-state.ts';
import { readWindowsNetwork } from './network-win32.ts';

export interface NetworkReading {
  /** Which system to ask; this machine's where nothing is said. */
  readonly platform?: NodeJS.Platform;
  /** On Linux: the folder that holds `proc` and `sys`. */
  readonly root?: string;
  /** On macOS and Windows: what runs their programs. */
  readonly run?: RunProgram;
}

/**
 * Looks at this machine's network once. Never throws: what cannot be read is `unknown`, or live. On Linux it reads files and
 * starts no program; on macOS and Windows it runs the system's own programs, for 5 seconds each at the longest.
 *
 * The honest gap: it sees what the system shows to this process. In a container or a network namespace that is the
 * namespace's network, and a machine that lies about its interfaces is believed.
 */
export async function readNetworkState(options: NetworkReading = {}): Promise<NetworkState> {
  const run = options.run ?? runProgram;
  switch (options.platform ?? process.platform) {
    case 'linux':
      return networkStateOf(await readLinuxNetwork(options.root ?? '/'));
    case 'darwin':
      return networkStateOf(await readDarwinNetwork(run));
    case 'win32':
      return networkStateOf(await readWindowsNetwork(run));
    default:
      return networkStateOf({ interfaces: null, routes: null, wifi: 'unknown', bluetooth: 'unknown', seenBy: 'other' });
  }
}

export interface NetworkJudgement {
  readonly gate: 'clear' | 'warn' | 'stop';
  /**
   * Stable codes, each once: `interface-up:NAME`, `default-route:NAME`, `network-unknown` (interfaces or routes cannot be
   * read), `wifi-on`, `wifi-unknown`, `bluetooth-on`, `bluetooth-unknown`. Empty where the gate is clear, and only there.
   */
  readonly reasons: readonly string[];
}

/**
 * Judges a state. A live network warns or stops, as the policy says. A radio that is merely powered, or that cannot be read,
 * warns under either policy: it leads nowhere yet, and it is never clear.
 */
export function judgeNetwork(state: NetworkState, policy: NetworkPolicy): NetworkJudgement {
  const seen = [
    ...state.interfaces.filter(({ up }) => up).map(({ name }) => `interface-up:${name}`),
    ...state.default_routes.map((route) => `default-route:${route.interface}`),
  ];
  // Live although nothing that was seen makes it so: something could not be read.
  const live = state.live || seen.length > 0;
  const unread = live && seen.length === 0 ? ['network-unknown'] : [];
  const radios = (['wifi', 'bluetooth'] as const).flatMap((radio) =>
    state[radio] === 'on' || state[radio] === 'unknown' ? [`${radio}-${state[radio]}`] : [],
  );
  const reasons = [...new Set([...seen, ...unread, ...radios])];
  if (live) return { gate: policy, reasons };
  return { gate: reasons.length > 0 ? 'warn' : 'clear', reasons };
}
