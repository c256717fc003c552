/** What carries an interface's packets, as far as its system says so. */
export type InterfaceKind = 'wired' | 'wireless' | 'mobile' | 'virtual' | 'bluetooth' | 'unknown';

/** A radio's power: `none` where the machine has none, `unknown` where it cannot be read. */
export type RadioState = 'off' | 'on' | 'none' | 'unknown';

export interface NetworkInterface {
  /** As the system names it, well formed; showing it safely is the caller's work. */
  readonly name: string;
  readonly kind: InterfaceKind;
  /** Whether it can carry packets off the machine now. What does not say counts as up. */
  readonly up: boolean;
  /** How many IPv4 and IPv6 addresses it has, link-local ones included. */
  readonly addresses: number;
}

export interface DefaultRoute {
  readonly family: 4 | 6;
  readonly interface: string;
}

/** What a machine says about its network at one moment. Loopback is no interface here. */
export interface NetworkState {
  /** An interface is up, a default route exists, or either of them cannot be read. */
  readonly live: boolean;
  readonly interfaces: readonly NetworkInterface[];
  readonly default_routes: readonly DefaultRoute[];
  readonly wifi: RadioState;
  readonly bluetooth: RadioState;
  /** The reader that looked. */
  readonly seen_by: 'linux' | 'darwin' | 'win32' | 'other';
}

/** What one system's reader found; null for what could not be read. */
export interface Sighting {
  readonly interfaces: readonly NetworkInterface[] | null;
  readonly routes: readonly DefaultRoute[] | null;
  readonly wifi: RadioState;
  readonly bluetooth: RadioState;
  readonly seenBy: NetworkState['seen_by'];
}

/** Fails closed: interfaces or routes that could not be read are taken for live ones. */
export function networkStateOf({ interfaces, routes, wifi, bluetooth, seenBy }: Sighting): NetworkState {
  const unread = interfaces === null || routes === null;
  return {
    live: unread || interfaces.some(({ up }) => up) || routes.length > 0,
    interfaces: interfaces ?? [],
    default_routes: routes ?? [],
    wifi,
    bluetooth,
    seen_by: seenBy,
  };
}

/** The state of several radios of one sort together: one that is on is enough, one that is unknown spoils "off". */
export function radioStateOf(states: readonly RadioState[]): RadioState {
  const worst = (['on', 'unknown', 'off'] as const).find((state) => states.includes(state));
  return worst ?? 'none';
}
