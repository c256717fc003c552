import { z } from 'zod';
import { parseOutput, type RunProgram } from '../machine/index.ts';
import {
  radioStateOf,
  type DefaultRoute,
  type InterfaceKind,
  type NetworkInterface,
  type RadioState,
  type Sighting,
} from './network-state.ts';

/** Asks macOS's own programs. Never throws. */
export async function readDarwinNetwork(run: RunProgram): Promise<Sighting> {
  const output = async (path: string, ...args: string[]): Promise<string | null> => {
    const ended = await run(path, args);
    return ended?.exit === 0 ? ended.stdout : null;
  };
  const [ifconfig, netstat, portList, bluetooth] = await Promise.all([
    output('/sbin/ifconfig', '-a'),
    output('/usr/sbin/netstat', '-rn'),
    output('/usr/sbin/networksetup', '-listallhardwareports'),
    output('/usr/sbin/system_profiler', 'SPBluetoothDataType', '-json'),
  ]);
  const ports = portList === null ? null : parseHardwarePorts(portList);
  const airport = await readAirport(run, ports);
  const wifi = ports === null ? 'unknown' : radioStateOf([...airport.values()]);
  const blocks = ifconfig === null ? null : parseIfconfig(ifconfig);
  const interfaces = blocks === null ? null : interfacesOf(blocks, ports ?? [], airport, wifi);
  return {
    interfaces,
    routes: netstat === null || interfaces === null ? null : routesOf(parseNetstat(netstat), interfaces),
    wifi,
    bluetooth: bluetooth === null ? 'unknown' : parseBluetooth(bluetooth),
    seenBy: 'darwin',
  };
}

export interface HardwarePort {
  /** Its name, in the words of the system's language. */
  readonly port: string;
  readonly device: string;
}

/** `networksetup -listallhardwareports`: blocks of `Hardware Port:`, `Device:`, `Ethernet Address:`. Null where there is none. */
export function parseHardwarePorts(text: string): HardwarePort[] | null {
  const ports = [...text.matchAll(/^Hardware Port: (.*)\nDevice: (\S+)$/gm)].map(([, port = '', device = '']) => ({ port, device }));
  return ports.length > 0 ? ports : null;
}

/** More ports than any Mac has; each is one program to run. */
const MAX_PORTS_ASKED = 16;

/**
 * Every Ethernet-like port is asked whether it is Wi-Fi: the names of ports are translated, the answer is not guessed from them.
 * @returns the power of each device that is Wi-Fi or does not say.
 */
async function readAirport(run: RunProgram, ports: readonly HardwarePort[] | null): Promise<ReadonlyMap<string, RadioState>> {
  const devices = (ports ?? []).map(({ device }) => device).filter((device) => /^en\d{1,3}$/.test(device));
  const asked = await Promise.all(
    devices.map(async (device, index): Promise<[string, RadioState]> => {
      if (index >= MAX_PORTS_ASKED) return [device, 'unknown'];
      const ended = await run('/usr/sbin/networksetup', ['-getairportpower', device]);
      return [device, ended === null ? 'unknown' : parseAirportPower(ended.stdout)];
    }),
  );
  return new Map(asked.filter(([, state]) => state !== 'none'));
}

/** `Wi-Fi Power (en0): Off`; and for a port that is none, `en1 is not a Wi-Fi interface.` with a failing exit code. */
export function parseAirportPower(text: string): RadioState {
  const power = /\(en\d+\): (On|Off)\s*$/m.exec(text)?.[1];
  if (power !== undefined) return power === 'On' ? 'on' : 'off';
  return text.includes(' is not a Wi-Fi interface') ? 'none' : 'unknown';
}

export interface IfconfigBlock {
  readonly name: string;
  readonly flags: readonly string[];
  /** As `status:` has it; null for interfaces that have no such line. */
  readonly status: string | null;
  readonly ether: string | null;
  /** As printed, without a zone. */
  readonly addresses: readonly string[];
}

/** `ifconfig -a`: a line with name and flags for each interface, indented lines about it below. Null where there is no loopback. */
export function parseIfconfig(text: string): IfconfigBlock[] | null {
  const blocks = text
    .split(/^(?=\S+: flags=)/m)
    .map((block): IfconfigBlock | null => {
      const [, name, flags] = /^(\S+): flags=[0-9a-f]+<([^>]*)>/.exec(block) ?? [];
      if (name === undefined || flags === undefined) return null;
      return {
        name,
        flags: flags.split(','),
        status: /^\s+status: (.+?)\s*$/m.exec(block)?.[1] ?? null,
        ether: /^\s+ether (\S+)/m.exec(block)?.[1] ?? null,
        addresses: [...block.matchAll(/^\s+inet6? ([^\s%]+)/gm)].map(([, address = '']) => address),
      };
    })
    .filter((block) => block !== null);
  return blocks.some(({ flags }) => flags.includes('LOOPBACK')) ? blocks : null;
}

/**
 * The wire between an Intel Mac and its own T2 chip: always active, never leaves the machine. All of them have this address,
 * which belongs to no manufacturer.
 */
const T2_ADDRESS = 'ac:de:48:00:11:22';

/** Interfaces of the Wi-Fi radio beside the one with its name: AirDrop's, its low-latency sister, hotspots, Wi-Fi Direct. */
const BESIDE_WIFI = /^(awdl|llw|ap|p2p)\d/;

function interfacesOf(
  blocks: readonly IfconfigBlock[],
  ports: readonly HardwarePort[],
  airport: ReadonlyMap<string, RadioState>,
  wifi: RadioState,
): NetworkInterface[] {
  return blocks
    .filter(({ flags }) => !flags.includes('LOOPBACK'))
    .map((block) => {
      const kind = kindOf(block, ports, airport);
      // AirDrop's interface may call itself active; what rides on a radio that is off does not carry anything.
      const radioOff = kind === 'wireless' && wifi === 'off';
      return { name: block.name.toWellFormed(), kind, up: isUp(block) && !radioOff, addresses: block.addresses.length };
    });
}

/**
 * Switched on, and something at the other end: its status says so; or, for tunnels and others without a status, it has an address
 * that is more than link-local. macOS keeps some tunnels of its own up at all times, with link-local addresses alone.
 */
function isUp({ flags, status, ether, addresses }: IfconfigBlock): boolean {
  if (!flags.includes('UP')) return false;
  const reachable = addresses.some((address) => !/^(fe[89ab][0-9a-f]:|169\.254\.|127\.|::1$)/i.test(address));
  if (status === null || ether === T2_ADDRESS) return reachable;
  return status !== 'inactive';
}

function kindOf({ name }: IfconfigBlock, ports: readonly HardwarePort[], airport: ReadonlyMap<string, RadioState>): InterfaceKind {
  const port = ports.find(({ device }) => device === name)?.port ?? '';
  if (airport.get(name) === 'on' || airport.get(name) === 'off' || BESIDE_WIFI.test(name)) return 'wireless';
  if (/Bluetooth/i.test(port)) return 'bluetooth';
  if (/iPhone|iPad|Modem|WWAN/i.test(port) || /^pdp_ip\d/.test(name)) return 'mobile';
  if (/^(utun|ipsec|ppp|gif|stf|bridge|vmnet|vmenet|vlan|bond|feth|tun|tap|anpi)\d/.test(name)) return 'virtual';
  return /^(en|fw)\d/.test(name) ? 'wired' : 'unknown';
}

export interface NetstatDefault extends DefaultRoute {
  readonly flags: string;
}

/** `netstat -rn`: the lines of the tables `Internet:` and `Internet6:` whose destination is `default` or all zeros. */
export function parseNetstat(text: string): NetstatDefault[] | null {
  if (!/^Internet:$/m.test(text)) return null;
  let family: 4 | 6 = 4;
  let netifColumn = 3;
  const found: NetstatDefault[] = [];
  for (const line of text.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (line.startsWith('Internet6:')) family = 6;
    // Older systems have the columns Refs and Use before Netif.
    if (columns[0] === 'Destination') netifColumn = Math.max(columns.indexOf('Netif'), 3);
    const [destination = '', , flags = ''] = columns;
    const name = columns[netifColumn];
    if (/^(default|0\.0\.0\.0(\/0)?|::\/0)$/.test(destination) && name !== undefined) found.push({ family, interface: name, flags });
  }
  return found;
}

/**
 * The default routes that lead somewhere. macOS keeps one for each of its own tunnels, bound to that interface (`I`), whether or not
 * the tunnel has an end: such a route counts where its interface is up. Those that reject (`R`) lead nowhere.
 */
export function routesOf(defaults: readonly NetstatDefault[] | null, interfaces: readonly NetworkInterface[]): DefaultRoute[] | null {
  if (defaults === null) return null;
  const down = new Set(interfaces.filter(({ up }) => !up).map(({ name }) => name));
  return defaults
    .filter(({ flags, interface: name }) => !flags.includes('R') && !(flags.includes('I') && down.has(name)))
    .map(({ family, interface: name }) => ({ family, interface: name.toWellFormed() }));
}

/** `controller_properties` from macOS 12 on, `local_device_title` before. */
const BLUETOOTH = z.object({
  SPBluetoothDataType: z.array(
    z.object({
      controller_properties: z.object({ controller_state: z.string() }).optional(),
      local_device_title: z.object({ general_power: z.string() }).optional(),
    }),
  ),
});

/** `system_profiler SPBluetoothDataType -json`: `attrib_on`, `attrib_off`; an empty list where there is no controller. */
export function parseBluetooth(text: string): RadioState {
  const parsed = BLUETOOTH.safeParse(parseOutput(text));
  if (!parsed.success) return 'unknown';
  return radioStateOf(
    parsed.data.SPBluetoothDataType.map(({ controller_properties: now, local_device_title: before }) => {
      const power = (now?.controller_state ?? before?.general_power ?? '').toLowerCase();
      return power === 'attrib_on' ? 'on' : power === 'attrib_off' ? 'off' : 'unknown';
    }),
  );
}
