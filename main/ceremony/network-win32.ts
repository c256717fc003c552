import { z } from 'zod';
import { runPowerShell, type RunProgram } from '../machine/index.ts';
import {
  radioStateOf,
  type DefaultRoute,
  type InterfaceKind,
  type NetworkInterface,
  type RadioState,
  type Sighting,
} from './network-state.ts';

/**
 * One call for everything: starting PowerShell is what takes the time. Each part that fails is null by itself. Numbers rather than
 * words wherever Windows has both: words are translated.
 */
const SCRIPT = `
$adapters = $routes = $addresses = $bluetooth = $null
try { $adapters = @(Get-NetAdapter -ErrorAction Stop | ForEach-Object { [ordered]@{
  name = [string]$_.Name; index = [int]$_.InterfaceIndex; admin = [int]$_.InterfaceAdminStatus
  oper = [int]$_.InterfaceOperationalStatus; state = [int]$_.State; medium = [int]$_.NdisPhysicalMedium
  virtual = [bool]$_.Virtual } }) } catch { }
try { $routes = @(Get-NetRoute -ErrorAction Stop | Where-Object { $_.DestinationPrefix -in '0.0.0.0/0', '::/0' } |
  ForEach-Object { [ordered]@{ prefix = [string]$_.DestinationPrefix; name = [string]$_.InterfaceAlias } }) } catch { }
try { $addresses = @(Get-NetIPAddress -ErrorAction Stop | ForEach-Object { [int]$_.InterfaceIndex }) } catch { }
try { $bluetooth = @(Get-PnpDevice -PresentOnly -ErrorAction Stop | Where-Object { $_.Class -eq 'Bluetooth' } |
  ForEach-Object { [ordered]@{ id = [string]$_.InstanceId; problem = [int]$_.Problem } }) } catch { }
$found = [ordered]@{ adapters = $adapters; routes = $routes; addresses = $addresses; bluetooth = $bluetooth }
ConvertTo-Json -InputObject $found -Depth 4 -Compress
`;

/** Asks Windows by one call of PowerShell. Never throws. */
export async function readWindowsNetwork(run: RunProgram): Promise<Sighting> {
  return parseWindowsNetwork(await runPowerShell(run, SCRIPT));
}

const FOUND = z.object({
  adapters: z
    .array(
      z.object({
        name: z.string(),
        index: z.number(),
        admin: z.number(),
        oper: z.number(),
        state: z.number(),
        medium: z.number(),
        virtual: z.boolean(),
      }),
    )
    .nullable(),
  routes: z.array(z.object({ prefix: z.enum(['0.0.0.0/0', '::/0']), name: z.string() })).nullable(),
  addresses: z.array(z.number()).nullable(),
  bluetooth: z.array(z.object({ id: z.string(), problem: z.number() })).nullable(),
});
type Found = z.infer<typeof FOUND>;
type Adapter = NonNullable<Found['adapters']>[number];

/** What the script found; anything else is a machine about which nothing is known. */
export function parseWindowsNetwork(output: unknown): Sighting {
  const parsed = FOUND.safeParse(output);
  const found: Found = parsed.success ? parsed.data : { adapters: null, routes: null, addresses: null, bluetooth: null };
  return {
    interfaces: found.adapters?.map((adapter) => interfaceOf(adapter, found.addresses ?? [])) ?? null,
    routes:
      found.routes?.map(({ prefix, name }): DefaultRoute => ({ family: prefix === '::/0' ? 6 : 4, interface: name.toWellFormed() })) ??
      null,
    wifi: found.adapters === null ? 'unknown' : radioStateOf(found.adapters.filter(isWifi).map(wifiState)),
    bluetooth: found.bluetooth === null ? 'unknown' : bluetoothState(found.bluetooth),
    seenBy: 'win32',
  };
}

// MSFT_NetAdapter, and NDIS_PHYSICAL_MEDIUM in <ntddndis.h>.
const WIRELESS_LAN = [1, 9];
const WIRELESS_WAN = 8;
const BLUETOOTH_MEDIUM = 10;
const WIRED = [14, 15];
/** `InterfaceOperationalStatus` (IF_OPER_STATUS): down, not present, lower layer down. Up, testing, unknown and dormant are none of them. */
const OPER_DOWN = [2, 6, 7];
const OPER_UP = 1;
/** `InterfaceAdminStatus`: 2 is down, a disabled adapter. `State`: 1 is present and 2 started; 3 is disabled. */
const ADMIN_DOWN = 2;
const STATE_DISABLED = 3;

function interfaceOf(adapter: Adapter, addresses: readonly number[]): NetworkInterface {
  return {
    name: adapter.name.toWellFormed(),
    kind: kindOf(adapter),
    up: !isDisabled(adapter) && !OPER_DOWN.includes(adapter.oper),
    addresses: addresses.filter((index) => index === adapter.index).length,
  };
}

function isDisabled({ admin, state }: Adapter): boolean {
  return admin === ADMIN_DOWN || state === STATE_DISABLED;
}

function kindOf({ medium, virtual }: Adapter): InterfaceKind {
  if (virtual) return 'virtual';
  if (WIRELESS_LAN.includes(medium)) return 'wireless';
  if (medium === WIRELESS_WAN) return 'mobile';
  if (medium === BLUETOOTH_MEDIUM) return 'bluetooth';
  return WIRED.includes(medium) ? 'wired' : 'unknown';
}

function isWifi(adapter: Adapter): boolean {
  return WIRELESS_LAN.includes(adapter.medium) && !adapter.virtual;
}

/** An adapter that is enabled and not connected may be searching or in flight mode: these numbers do not tell which. */
function wifiState(adapter: Adapter): RadioState {
  if (isDisabled(adapter)) return 'off';
  return adapter.oper === OPER_UP ? 'on' : 'unknown';
}

/** Where Windows has switched a device off itself: CM_PROB_DISABLED, CM_PROB_HARDWARE_DISABLED in <cfg.h>. */
const PROBLEM_DISABLED = [22, 29];

/**
 * The radio is the device of this class that no Bluetooth driver has made (`BTH\\…`, `BTHENUM\\…`). Its enumerator is there while the
 * radio is on; a radio that works and has none may have been switched off in the settings, which is not proof enough for "off".
 */
function bluetoothState(devices: NonNullable<Found['bluetooth']>): RadioState {
  const made = (id: string): boolean => /^(BTH|BTHENUM|BTHLE|BTHLEDEVICE|BTHHFENUM|SWD|ROOT)\\/i.test(id);
  const enumerated = devices.some(({ id, problem }) => /^BTH\\MS_BTH(BRB|LE)\\/i.test(id) && problem === 0);
  return radioStateOf(
    devices
      .filter(({ id }) => !made(id))
      .map(({ problem }) => {
        if (PROBLEM_DISABLED.includes(problem)) return 'off';
        return problem === 0 && enumerated ? 'on' : 'unknown';
      }),
  );
}
