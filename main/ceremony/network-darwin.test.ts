import { describe, expect, it } from 'vitest';
import type { RunProgram } from '../machine/index.ts';
import { readNetworkState } from './network-gate.ts';
import { parseAirportPower, parseBluetooth, parseHardwarePorts, parseIfconfig, parseNetstat, routesOf } from './network-darwin.ts';
import type { NetworkState } from './network-state.ts';

// In the form that macOS 14 prints on a MacBook; addresses are made up.
const LOOPBACK = `lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
	options=1203<RXCSUM,TXCSUM,TXSTATUS,SW_TIMESTAMP>
	inet 127.0.0.1 netmask 0xff000000
	inet6 ::1 prefixlen 128 
	inet6 fe80::1%lo0 prefixlen 64 scopeid 0x1 
	nd6 options=201<PERFORMNUD,DAD>
`;
const ALWAYS_THERE = `gif0: flags=8010<POINTOPOINT,MULTICAST> mtu 1280
stf0: flags=0<> mtu 1280
anpi0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	options=400<CHANNEL_IO>
	ether 5e:45:44:c6:ab:dc 
	inet6 fe80::5c45:44ff:fec6:abdc%anpi0 prefixlen 64 scopeid 0x4 
	media: none
	status: inactive
en1: flags=8963<UP,BROADCAST,SMART,RUNNING,PROMISC,SIMPLEX,MULTICAST> mtu 1500
	options=460<TSO4,TSO6,CHANNEL_IO>
	ether 36:87:a2:e2:30:40 
	media: autoselect <full-duplex>
	status: inactive
bridge0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	options=63<RXCSUM,TXCSUM,TSO4,TSO6>
	ether 36:87:a2:e2:30:40 
	Configuration:
		id 0:0:0:0:0:0 priority 0 hellotime 0 fwddelay 0
	member: en1 flags=3<LEARNING,DISCOVER>
	        ifmaxaddr 0 port 8 priority 0 path cost 0
	media: <unknown type>
	status: inactive
utun0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1500
	inet6 fe80::1a2b:3c4d:5e6f:7081%utun0 prefixlen 64 scopeid 0x10 
	nd6 options=201<PERFORMNUD,DAD>
`;
const WIFI = (status: string, more = ''): string => `en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	ether 5c:e9:1e:00:53:11 
${more}	nd6 options=201<PERFORMNUD,DAD>
	media: autoselect
	status: ${status}
`;
const WIFI_ADDRESSES =
  '\tinet6 fe80::870:f1ee:7cd2:8061%en0 prefixlen 64 secured scopeid 0xb \n\tinet 192.0.2.17 netmask 0xffffff00 broadcast 192.0.2.255\n';
const AIRDROP = (status: string): string => `awdl0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	ether 76:1a:2b:00:53:12 
	inet6 fe80::741a:2bff:fe00:5312%awdl0 prefixlen 64 scopeid 0xd 
	media: autoselect
	status: ${status}
`;
const T2 = `en5: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	ether ac:de:48:00:11:22 
	inet6 fe80::aede:48ff:fe00:1122%en5 prefixlen 64 scopeid 0x8 
	media: autoselect (100baseTX <full-duplex>)
	status: active
`;
const ROUTES = (lines4 = '', lines6 = ''): string => `Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
${lines4}127                127.0.0.1          UCS                   lo0       
127.0.0.1          127.0.0.1          UH                    lo0       

Internet6:
Destination                             Gateway                                 Flags               Netif Expire
${lines6}default                                 fe80::%utun0                            UGcIg               utun0       
::1                                     ::1                                     UHL                   lo0       
`;
const WIFI_ROUTE = 'default            192.0.2.1          UGScg                 en0       \n';
const PORTS = `
Hardware Port: Thunderbolt Bridge
Device: bridge0
Ethernet Address: 36:87:a2:e2:30:40

Hardware Port: Wi-Fi
Device: en0
Ethernet Address: 5c:e9:1e:00:53:11

Hardware Port: Thunderbolt 1
Device: en1
Ethernet Address: 36:87:a2:e2:30:40

VLAN Configurations
===================
`;
const BLUETOOTH = (state: string): string =>
  JSON.stringify({
    SPBluetoothDataType: [
      {
        controller_properties: { controller_address: '5C:E9:1E:00:53:13', controller_chipset: 'BCM_4387', controller_state: state },
        device_not_connected: [{ 'Mouse of A': { device_address: '00:00:5E:00:53:14' } }],
      },
    ],
  });

type Mac = { ifconfig: string | null; netstat: string | null; ports: string | null; airport: string; bluetooth: string | null };
const OFFLINE: Mac = {
  ifconfig: LOOPBACK + ALWAYS_THERE + T2 + WIFI('inactive') + AIRDROP('inactive'),
  netstat: ROUTES(),
  ports: PORTS,
  airport: 'Wi-Fi Power (en0): Off\n',
  bluetooth: BLUETOOTH('attrib_off'),
};

async function read(mac: Partial<Mac> = {}): Promise<NetworkState> {
  const { ifconfig, netstat, ports, airport, bluetooth } = { ...OFFLINE, ...mac };
  const run: RunProgram = (path, args) => {
    const command = [path, ...args].join(' ');
    const whole: Readonly<Record<string, string | null>> = {
      '/sbin/ifconfig -a': ifconfig,
      '/usr/sbin/netstat -rn': netstat,
      '/usr/sbin/networksetup -listallhardwareports': ports,
      '/usr/sbin/networksetup -getairportpower en0': airport,
      '/usr/sbin/system_profiler SPBluetoothDataType -json': bluetooth,
    };
    const stdout = whole[command];
    if (stdout === null) return Promise.resolve(null);
    if (stdout !== undefined) return Promise.resolve({ exit: 0, stdout });
    expect(path).toBe('/usr/sbin/networksetup');
    const not = `${args[1] ?? ''} is not a Wi-Fi interface.\n** Error: Error obtaining wireless information.\n`;
    return Promise.resolve({ exit: 10, stdout: not });
  };
  return readNetworkState({ platform: 'darwin', run });
}

const upOnes = ({ interfaces }: NetworkState): string[] => interfaces.filter(({ up }) => up).map(({ name }) => name);

describe('a Mac', () => {
  it('with everything off is not live, whatever macOS keeps up for itself', async () => {
    const state = await read();
    expect(state).toMatchObject({ live: false, default_routes: [], wifi: 'off', bluetooth: 'off', seen_by: 'darwin' });
    expect(upOnes(state)).toEqual([]);
    expect(state.interfaces.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'gif0 virtual',
      'stf0 virtual',
      'anpi0 virtual',
      'en1 wired',
      'bridge0 virtual',
      'utun0 virtual',
      'en5 wired',
      'en0 wireless',
      'awdl0 wireless',
    ]);
  });

  it('on Wi-Fi is live', async () => {
    const state = await read({
      ifconfig: LOOPBACK + ALWAYS_THERE + WIFI('active', WIFI_ADDRESSES),
      netstat: ROUTES(WIFI_ROUTE),
      airport: 'Wi-Fi Power (en0): On\n',
    });
    expect(state).toMatchObject({ live: true, default_routes: [{ family: 4, interface: 'en0' }], wifi: 'on' });
    expect(state.interfaces.find(({ name }) => name === 'en0')).toEqual({ name: 'en0', kind: 'wireless', up: true, addresses: 2 });
  });

  it('is live by AirDrop’s interface while the radio is on, and not while it is off', async () => {
    const ifconfig = LOOPBACK + ALWAYS_THERE + WIFI('inactive') + AIRDROP('active');
    expect(upOnes(await read({ ifconfig, airport: 'Wi-Fi Power (en0): On\n' }))).toEqual(['awdl0']);
    expect(upOnes(await read({ ifconfig }))).toEqual([]);
  });

  it('with a tunnel that has an address of its own is live, and its route counts', async () => {
    const tunnel =
      'utun4: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1380\n\tinet 198.51.100.7 --> 198.51.100.7 netmask 0xffffffff\n';
    const state = await read({
      ifconfig: LOOPBACK + ALWAYS_THERE + tunnel,
      netstat: ROUTES('default            link#25            UCSIg               utun4       \n'),
    });
    expect(upOnes(state)).toEqual(['utun4']);
    expect(state.default_routes).toEqual([{ family: 4, interface: 'utun4' }]);
  });

  it('that its T2 chip’s wire gives an address, or a card without that address has, is live', async () => {
    const addressed = T2.replace('\tmedia', '\tinet 192.0.2.9 netmask 0xffffff00 broadcast 192.0.2.255\n\tmedia');
    expect(upOnes(await read({ ifconfig: LOOPBACK + addressed }))).toEqual(['en5']);
    expect(upOnes(await read({ ifconfig: LOOPBACK + T2.replace('11:22', '11:23') }))).toEqual(['en5']);
  });

  it.each([
    [{ ifconfig: null }, { live: true, interfaces: [], default_routes: [] }],
    [{ ifconfig: '' }, { live: true, interfaces: [] }],
    [{ netstat: null }, { live: true, default_routes: [] }],
    [{ netstat: 'netstat: sysctl: no\n' }, { live: true, default_routes: [] }],
    [{ ports: null }, { live: false, wifi: 'unknown' }],
    [{ ports: 'Hardwareanschluss: WLAN\n' }, { live: false, wifi: 'unknown' }],
    [{ airport: '' }, { live: false, wifi: 'unknown' }],
    [{ bluetooth: null }, { live: false, bluetooth: 'unknown' }],
  ])('that does not answer: %j', async (mac, expected) => {
    expect(await read(mac)).toMatchObject(expected);
  });

  it('without Wi-Fi says so', async () => {
    expect((await read({ ports: PORTS.replace('Device: en0', 'Device: en7') })).wifi).toBe('none');
  });
});

describe('what macOS’ programs say', () => {
  it('networksetup of ports and power', () => {
    expect(parseHardwarePorts(PORTS)).toEqual([
      { port: 'Thunderbolt Bridge', device: 'bridge0' },
      { port: 'Wi-Fi', device: 'en0' },
      { port: 'Thunderbolt 1', device: 'en1' },
    ]);
    expect(parseHardwarePorts('')).toBe(null);
    expect(parseAirportPower('Wi-Fi Power (en0): On\n')).toBe('on');
    expect(parseAirportPower('AirPort Power (en1): Off\n')).toBe('off');
    expect(parseAirportPower('en4 is not a Wi-Fi interface.\n')).toBe('none');
    expect(parseAirportPower('Wi-Fi Power (en0): Perhaps\n')).toBe('unknown');
  });

  it('ifconfig of an interface', () => {
    expect(parseIfconfig(LOOPBACK + WIFI('active', WIFI_ADDRESSES))?.[1]).toEqual({
      name: 'en0',
      flags: ['UP', 'BROADCAST', 'SMART', 'RUNNING', 'SIMPLEX', 'MULTICAST'],
      status: 'active',
      ether: '5c:e9:1e:00:53:11',
      addresses: ['fe80::870:f1ee:7cd2:8061', '192.0.2.17'],
    });
  });

  it('netstat of default routes, in the columns of older systems too', () => {
    const older = `Internet:
Destination        Gateway            Flags        Refs      Use   Netif Expire
default            192.0.2.1          UGSc          104        0     en0
default            192.0.2.9          UGScR           0        0     en3
`;
    expect(parseNetstat(older)?.map((route) => route.interface)).toEqual(['en0', 'en3']);
    expect(routesOf(parseNetstat(older), [])).toEqual([{ family: 4, interface: 'en0' }]);
    const scoped = 'Internet6:\nDestination Gateway Flags Netif Expire\ndefault fe80::%utun9 UGcIg utun9\n';
    // A route by an interface that nobody has seen counts.
    expect(routesOf(parseNetstat(`Internet:\n${scoped}`), [])).toEqual([{ family: 6, interface: 'utun9' }]);
  });

  it('system_profiler of Bluetooth, before macOS 12 and since', () => {
    expect(parseBluetooth(BLUETOOTH('attrib_on'))).toBe('on');
    expect(parseBluetooth(BLUETOOTH('attrib_off'))).toBe('off');
    expect(parseBluetooth('{"SPBluetoothDataType":[{"local_device_title":{"general_power":"attrib_On"}}]}')).toBe('on');
    expect(parseBluetooth('{"SPBluetoothDataType":[{"local_device_title":{"general_power":"attrib_Off"}}]}')).toBe('off');
    expect(parseBluetooth('{"SPBluetoothDataType":[]}')).toBe('none');
    for (const text of ['{"SPBluetoothDataType":[{}]}', BLUETOOTH('attrib_new'), '{}', '', '['])
      expect(parseBluetooth(text)).toBe('unknown');
  });
});
