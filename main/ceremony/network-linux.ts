import { join } from 'node:path';
import { listSystemFolder, readSystemLink, readSystemText } from '../machine/index.ts';
import {
  radioStateOf,
  type DefaultRoute,
  type InterfaceKind,
  type NetworkInterface,
  type RadioState,
  type Sighting,
} from './network-state.ts';

// Flags and types from Linux's uapi headers: <linux/if.h>, <linux/if_arp.h>, <linux/route.h>.
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const RTF_UP = 0x1;
const RTF_REJECT = 0x200;
const ARPHRD_LOOPBACK = '772';
/** Native IEEE 802.11, and what monitors it. */
const ARPHRD_WIRELESS = ['801', '802', '803'];
/** Raw IP, as mobile broadband modems have it; and "none", as tunnels do. */
const ARPHRD_RAWIP = '519';
const ARPHRD_NONE = '65534';
const ARPHRD_ETHER = '1';

/** Documentation/networking/operstates: these three say that nothing passes. `unknown` is what drivers say that do not tell. */
const DOWN_STATES = ['down', 'lowerlayerdown', 'notpresent'];

/** What `DEVTYPE=` in an interface's uevent says, where its driver says it. */
const KIND_OF_DEVTYPE: Readonly<Record<string, InterfaceKind>> = { wlan: 'wireless', wwan: 'mobile', bluetooth: 'bluetooth' };

/** Reads `/proc` and `/sys` under `root`: no program is started, no socket is made. Never throws. */
export async function readLinuxNetwork(root: string): Promise<Sighting> {
  const interfaces = await orNull(() => readInterfaces(root));
  return {
    interfaces,
    routes: await orNull(() => readRoutes(root)),
    wifi: (await orNull(() => readWifi(root, interfaces))) ?? 'unknown',
    bluetooth: (await orNull(() => readBluetooth(root))) ?? 'unknown',
    seenBy: 'linux',
  };
}

/** What cannot be read is not known; what that means is for `networkStateOf` to say. */
async function orNull<T>(read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch {
    return null;
  }
}

/**
 * `/proc/net` is this process's own network; `/sys/class/net` is the one of whoever mounted it, and stays so after
 * `unshare --net`. So the former says which interfaces there are. The latter describes them only where it lists the same ones:
 * else it speaks of other interfaces of the same names, and all but `lo` count as up.
 */
async function readInterfaces(root: string): Promise<NetworkInterface[] | null> {
  const devices = await readSystemText(join(root, 'proc/net/dev'));
  if (devices === null) return null;
  const names = parseDeviceNames(devices);
  if (names === null) return null;
  const described = ((await listSystemFolder(join(root, 'sys/class/net'))) ?? []).filter((name) => name !== 'bonding_masters');
  const same = described.length === names.length && names.every((name) => described.includes(name));
  const count = await readAddressCounts(root);
  const found: NetworkInterface[] = [];
  for (const name of names) {
    const traits = same ? await readTraits(join(root, 'sys/class/net', name)) : null;
    if (traits === null ? name === 'lo' : isLoopback(traits)) continue;
    const addresses = count.get(name) ?? 0;
    found.push({
      name: name.toWellFormed(),
      kind: traits === null ? 'unknown' : kindOf(traits),
      up: traits === null || isUp(traits),
      addresses,
    });
  }
  return found;
}

/** The interfaces that `/proc/net/dev` lists below its two lines of heads; null where it lists none, not even `lo`. */
export function parseDeviceNames(text: string): string[] | null {
  const lines = text.split('\n');
  if (!(lines[0] ?? '').startsWith('Inter-|')) return null;
  // The kernel allows neither white space nor `/` nor `:` in a name (net/core/dev.c, dev_valid_name).
  const names = lines.slice(2).flatMap((line) => /^\s*([^\s:/]+):/.exec(line)?.[1] ?? []);
  return names.length > 0 ? names : null;
}

/** What `/sys/class/net/NAME` says; null for an attribute that is not there. */
interface InterfaceTraits {
  readonly flags: number | null;
  readonly type: string | null;
  readonly operstate: string | null;
  readonly carrier: string | null;
  readonly devtype: string | null;
  /** It has a `wireless` folder, or one for its radio. */
  readonly wireless: boolean;
  /** Whether it belongs to a device, or its place among devices is `virtual`. */
  readonly device: boolean;
}

async function readTraits(folder: string): Promise<InterfaceTraits> {
  const text = async (name: string): Promise<string | null> => (await readSystemText(join(folder, name)))?.trim() ?? null;
  const flags = await text('flags');
  const place = await readSystemLink(folder);
  return {
    flags: flags !== null && /^0x[0-9a-f]+$/i.test(flags) ? Number(flags) : null,
    type: await text('type'),
    operstate: await text('operstate'),
    carrier: await text('carrier'),
    devtype: /^DEVTYPE=(\w+)$/m.exec((await text('uevent')) ?? '')?.[1] ?? null,
    wireless: (await listSystemFolder(join(folder, 'wireless'))) !== null || (await listSystemFolder(join(folder, 'phy80211'))) !== null,
    device: (await listSystemFolder(join(folder, 'device'))) !== null && place?.includes('/virtual/') !== true,
  };
}

function isLoopback({ flags, type }: InterfaceTraits): boolean {
  return type === ARPHRD_LOOPBACK || ((flags ?? 0) & IFF_LOOPBACK) !== 0;
}

/** Switched on by its system, and not known to have nothing at the other end. */
function isUp({ flags, operstate, carrier }: InterfaceTraits): boolean {
  if (flags !== null && (flags & IFF_UP) === 0) return false;
  return carrier === '1' || operstate === null || !DOWN_STATES.includes(operstate);
}

function kindOf({ type, devtype, wireless, device }: InterfaceTraits): InterfaceKind {
  const named = devtype === null ? undefined : KIND_OF_DEVTYPE[devtype];
  if (named !== undefined) return named;
  if (wireless || ARPHRD_WIRELESS.includes(type ?? '')) return 'wireless';
  if (type === ARPHRD_RAWIP) return 'mobile';
  if (!device || type === ARPHRD_NONE) return 'virtual';
  return type === ARPHRD_ETHER ? 'wired' : 'unknown';
}

/** Addresses by interface. Only shown, never judged by, so what is not there counts nothing. */
async function readAddressCounts(root: string): Promise<ReadonlyMap<string, number>> {
  const text = async (name: string): Promise<string> => (await orNull(() => readSystemText(join(root, 'proc/net', name)))) ?? '';
  const of4 = addressOwners4(await text('fib_trie'), await text('route'));
  const of6 = (await text('if_inet6')).split('\n').flatMap((line) => /\s(\S+)\s*$/.exec(line)?.[1] ?? []);
  const counts = new Map<string, number>();
  for (const name of [...of4, ...of6]) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/**
 * The interface of each IPv4 address of this machine. No file of `/proc` says it without a socket: `fib_trie` has the addresses,
 * and the route to the network around an address (in `route`) has the interface. Addresses without such a network have none.
 */
export function addressOwners4(fibTrie: string, routes: string): string[] {
  const networks = parseRoutes4(routes).filter(({ gateway, mask }) => gateway === 0 && mask !== 0);
  return parseLocalAddresses(fibTrie).flatMap((address) => {
    const around = networks.filter(({ destination, mask }) => (address & mask) >>> 0 === destination);
    // Masks are in the kernel's byte order, little-endian here: the longest prefix has the most bits, not the largest value.
    return around.sort((a, b) => bitCount(b.mask) - bitCount(a.mask))[0]?.name ?? [];
  });
}

/** IPv4 addresses in the byte order of `/proc/net/route`. */
function parseLocalAddresses(fibTrie: string): number[] {
  const found = new Set<number>();
  let last: number | null = null;
  for (const line of fibTrie.split('\n')) {
    const leaf = /\|-- (\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(line.trimEnd());
    if (leaf !== null) last = Buffer.from(leaf.slice(1).map(Number)).readUInt32LE();
    else if (last !== null && line.includes('/32 host LOCAL')) found.add(last);
  }
  return [...found];
}

function bitCount(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length;
}

interface Route4 {
  readonly name: string;
  readonly destination: number;
  readonly gateway: number;
  readonly flags: number;
  readonly mask: number;
}

/** `/proc/net/route`: the main table, columns by tabs, numbers in hex, addresses in the machine's byte order. */
function parseRoutes4(text: string): Route4[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length >= 8)
    .map(([name = '', destination = '', gateway = '', flags = '', , , , mask = '']) => ({
      name,
      destination: parseInt(destination, 16),
      gateway: parseInt(gateway, 16),
      flags: parseInt(flags, 16),
      mask: parseInt(mask, 16),
    }));
}

async function readRoutes(root: string): Promise<DefaultRoute[] | null> {
  const routes4 = await readSystemText(join(root, 'proc/net/route'));
  // In an empty network namespace the file has not even its line of heads.
  if (routes4 === null || !/^(Iface\t|$)/.test(routes4)) return null;
  // A kernel without IPv6 has no such file, and no such routes.
  const routes6 = (await readSystemText(join(root, 'proc/net/ipv6_route'))) ?? '';
  return [...parseDefaultRoutes4(routes4), ...parseDefaultRoutes6(routes6)];
}

/** The default routes of `/proc/net/route` that lead somewhere. */
export function parseDefaultRoutes4(text: string): DefaultRoute[] {
  return parseRoutes4(text)
    .filter(({ destination, mask, flags }) => destination === 0 && mask === 0 && (flags & RTF_UP) !== 0 && (flags & RTF_REJECT) === 0)
    .map(({ name }) => ({ family: 4, interface: name.toWellFormed() }));
}

/** The same of `/proc/net/ipv6_route`; the kernel always lists one by `lo` there that rejects. */
export function parseDefaultRoutes6(text: string): DefaultRoute[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([destination, prefix, , , , , , , flags, name]) =>
        name !== undefined && /^0{32}$/.test(destination ?? '') && prefix === '00' && (parseInt(flags ?? '', 16) & RTF_REJECT) === 0,
    )
    .map((columns) => ({ family: 6, interface: (columns[9] ?? '').toWellFormed() }));
}

/** Wi-Fi's radios have their switches in rfkill; a card without one is told by its interface or by its class. */
async function readWifi(root: string, interfaces: readonly NetworkInterface[] | null): Promise<RadioState> {
  const switches = await readSwitches(root, 'wlan');
  if (switches.length > 0) return radioStateOf(switches);
  const cards = (await listSystemFolder(join(root, 'sys/class/ieee80211'))) ?? [];
  if (interfaces === null) return 'unknown';
  return cards.length > 0 || interfaces.some(({ kind }) => kind === 'wireless') ? 'unknown' : 'none';
}

/** A Bluetooth controller without a switch cannot be asked for its power without a socket. */
async function readBluetooth(root: string): Promise<RadioState> {
  const switches = await readSwitches(root, 'bluetooth');
  if (switches.length > 0) return radioStateOf(switches);
  const controllers = (await listSystemFolder(join(root, 'sys/class/bluetooth'))) ?? [];
  return controllers.length > 0 ? 'unknown' : 'none';
}

/**
 * The switches of one type of radio (Documentation/ABI/stable/sysfs-class-rfkill). One that neither software nor hardware
 * blocks is on: whether its driver has powered it just now, rfkill does not say.
 * @throws where the kernel's classes cannot be listed: then an absent rfkill would say nothing.
 */
async function readSwitches(root: string, type: 'wlan' | 'bluetooth'): Promise<RadioState[]> {
  if ((await listSystemFolder(join(root, 'sys/class'))) === null) throw new Error('the kernel shows no classes of devices');
  const folder = join(root, 'sys/class/rfkill');
  const states: RadioState[] = [];
  for (const name of (await listSystemFolder(folder)) ?? []) {
    const text = async (attribute: string): Promise<string | null> => (await readSystemText(join(folder, name, attribute)))?.trim() ?? null;
    if ((await text('type')) !== type) continue;
    states.push(switchState(await text('soft'), await text('hard')));
  }
  return states;
}

function switchState(soft: string | null, hard: string | null): RadioState {
  if (soft === '1' || hard === '1') return 'off';
  return soft === '0' && hard === '0' ? 'on' : 'unknown';
}
