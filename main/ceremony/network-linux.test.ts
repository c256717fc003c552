import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNetworkState } from './network-gate.ts';
import { addressOwners4, parseDefaultRoutes4, parseDefaultRoutes6, parseDeviceNames } from './network-linux.ts';
import type { NetworkState } from './network-state.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'network-'));
  write({ 'proc/net/dev': devices('lo'), 'proc/net/route': '', 'proc/net/ipv6_route': REJECTED_6 });
  addInterface('lo', { flags: '0x9', type: '772', operstate: 'unknown' }, { virtual: true });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const HEADS_4 = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const REJECTED_6 = `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} ffffffff 00000001 00000000 00200200       lo\n`;
const DEFAULT_6 = `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe80${'0'.repeat(27)}1 00000400 00000003 00000000 00000003     wlan0\n`;

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function devices(...names: string[]): string {
  const heads = 'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop\n';
  return heads + names.map((name) => `${name.padStart(6)}:  120  2 0 0\n`).join('');
}

/** An interface as sysfs has it: a link to its place among devices, one file for each attribute. */
function addInterface(
  name: string,
  attributes: Readonly<Record<string, string>>,
  { virtual = false, folders = [] as string[] } = {},
): void {
  const place = join('sys/devices', virtual ? 'virtual' : 'pci0000:00/0000:00:03.0', 'net', name);
  for (const [attribute, value] of Object.entries({ uevent: `INTERFACE=${name}\nIFINDEX=2`, ...attributes })) {
    write({ [join(place, attribute)]: `${value}\n` });
  }
  for (const folder of virtual ? folders : ['device', ...folders]) mkdirSync(join(root, place, folder), { recursive: true });
  mkdirSync(join(root, 'sys/class/net'), { recursive: true });
  symlinkSync(join('../../..', place), join(root, 'sys/class/net', name));
}

function addSwitch(index: number, type: string, soft: string, hard: string): void {
  const folder = `sys/class/rfkill/rfkill${index.toString()}`;
  write({ [`${folder}/type`]: `${type}\n`, [`${folder}/soft`]: `${soft}\n`, [`${folder}/hard`]: `${hard}\n` });
}

const read = (): Promise<NetworkState> => readNetworkState({ platform: 'linux', root });
const UP = { flags: '0x1003', type: '1', operstate: 'up', carrier: '1' };
const UNPLUGGED = { flags: '0x1003', type: '1', operstate: 'down', carrier: '0' };

describe('a Linux machine', () => {
  it('with nothing but loopback is not live', async () => {
    expect(await read()).toEqual({
      live: false,
      interfaces: [],
      default_routes: [],
      wifi: 'none',
      bluetooth: 'none',
      seen_by: 'linux',
    });
  });

  it('on a cable is live, and its addresses are counted', async () => {
    addInterface('eth0', UP);
    write({
      'proc/net/dev': devices('lo', 'eth0'),
      'proc/net/route': `${HEADS_4}eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`,
      'proc/net/fib_trie':
        'Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 192.0.2.2\n        /32 host LOCAL\n     |-- 192.0.2.255\n        /32 link BROADCAST\n     |-- 127.0.0.1\n        /32 host LOCAL\nLocal:\n     |-- 192.0.2.2\n        /32 host LOCAL\n',
      'proc/net/if_inet6': `fe80${'0'.repeat(27)}2 04 40 20 80     eth0\n${'0'.repeat(31)}1 01 80 10 80       lo\n`,
    });
    expect(await read()).toMatchObject({
      live: true,
      interfaces: [{ name: 'eth0', kind: 'wired', up: true, addresses: 2 }],
      default_routes: [{ family: 4, interface: 'eth0' }],
    });
  });

  it.each([
    ['unplugged', UNPLUGGED, false],
    ['switched off', { ...UP, flags: '0x1002', operstate: 'down', carrier: '' }, false],
    ['of a driver that does not tell', { ...UP, operstate: 'unknown' }, true],
    ['waiting for a login at its switch', { ...UP, operstate: 'dormant', carrier: '0' }, true],
    ['with a carrier that its state does not know of', { ...UNPLUGGED, carrier: '1' }, true],
    ['that says nothing', { type: '1' }, true],
  ])('with an interface %s', async (_name, attributes, up) => {
    addInterface('eth0', attributes);
    write({ 'proc/net/dev': devices('lo', 'eth0') });
    expect(await read()).toMatchObject({ live: up, interfaces: [{ name: 'eth0', up }] });
  });

  it.each([
    ['wired', UP, {}],
    ['wireless', UP, { folders: ['wireless'] }],
    ['wireless', UP, { folders: ['phy80211'] }],
    ['wireless', { ...UP, uevent: 'DEVTYPE=wlan\nINTERFACE=x0\nIFINDEX=3' }, {}],
    ['wireless', { ...UP, type: '803' }, { virtual: true }],
    ['mobile', { ...UP, uevent: 'DEVTYPE=wwan\nINTERFACE=x0' }, {}],
    ['mobile', { ...UP, type: '519' }, {}],
    ['bluetooth', { ...UP, uevent: 'DEVTYPE=bluetooth\nINTERFACE=x0' }, {}],
    ['virtual', { ...UP, uevent: 'DEVTYPE=bridge\nINTERFACE=x0' }, { virtual: true }],
    ['virtual', { ...UP, type: '65534', operstate: 'unknown' }, { virtual: true }],
    ['unknown', { ...UP, type: '824' }, {}],
  ])('tells a %s interface', async (kind, attributes, place) => {
    addInterface('x0', attributes, place);
    write({ 'proc/net/dev': devices('lo', 'x0') });
    expect((await read()).interfaces).toEqual([{ name: 'x0', kind, up: true, addresses: 0 }]);
  });

  it('does not describe its interfaces by those of another network', async () => {
    // After `unshare --net`, /sys still shows the network it was mounted in.
    addInterface('eth0', UP);
    expect(await read()).toMatchObject({ live: false, interfaces: [] });
    addInterface('eth1', UNPLUGGED);
    write({ 'proc/net/dev': devices('lo', 'eth1') });
    expect(await read()).toMatchObject({ live: true, interfaces: [{ name: 'eth1', kind: 'unknown', up: true }] });
  });

  it('with a bonding driver lists no file of it', async () => {
    write({ 'sys/class/net/bonding_masters': '\n' });
    expect(await read()).toMatchObject({ live: false, interfaces: [] });
  });

  it('whose interfaces or routes cannot be read is live', async () => {
    rmSync(join(root, 'proc/net/route'));
    expect(await read()).toMatchObject({ live: true, interfaces: [], default_routes: [] });
    write({ 'proc/net/route': 'something else\n' });
    expect((await read()).live).toBe(true);
    write({ 'proc/net/route': HEADS_4 });
    expect((await read()).live).toBe(false);
    write({ 'proc/net/dev': '' });
    expect((await read()).live).toBe(true);
    rmSync(join(root, 'proc/net/dev'));
    expect(await read()).toMatchObject({ live: true, interfaces: [], wifi: 'unknown' });
  });

  it('that shows nothing at all is live and unknown', async () => {
    rmSync(root, { recursive: true });
    mkdirSync(root);
    expect(await read()).toEqual({
      live: true,
      interfaces: [],
      default_routes: [],
      wifi: 'unknown',
      bluetooth: 'unknown',
      seen_by: 'linux',
    });
  });

  it('whose files are no files is live', async () => {
    rmSync(join(root, 'proc/net/dev'));
    mkdirSync(join(root, 'proc/net/dev'));
    expect((await read()).live).toBe(true);
  });

  it.runIf(process.getuid?.() !== 0)('whose files may not be read is live', async () => {
    chmodSync(join(root, 'proc/net/dev'), 0);
    expect((await read()).live).toBe(true);
  });

  it('whose routing table is longer than is read is live', async () => {
    write({ 'proc/net/ipv6_route': REJECTED_6.repeat(8000) });
    expect((await read()).live).toBe(true);
  });
});

describe('the radios of a Linux machine', () => {
  it.each([
    ['off', [['1', '0']]],
    ['off', [['0', '1']]],
    ['on', [['0', '0']]],
    [
      'on',
      [
        ['1', '0'],
        ['0', '0'],
      ],
    ],
    ['unknown', [['2', '0']]],
    [
      'unknown',
      [
        ['1', '0'],
        ['', ''],
      ],
    ],
  ])('are %s with switches at %j', async (state, switches) => {
    for (const [index, [soft = '', hard = '']] of switches.entries()) addSwitch(index, 'wlan', soft, hard);
    expect(await read()).toMatchObject({ wifi: state, bluetooth: 'none' });
    for (const [index, [soft = '', hard = '']] of switches.entries()) addSwitch(10 + index, 'bluetooth', soft, hard);
    expect((await read()).bluetooth).toBe(state);
  });

  it('are unknown where there is one without a switch', async () => {
    write({ 'sys/class/bluetooth/hci0/uevent': 'DEVTYPE=host\n' });
    expect(await read()).toMatchObject({ wifi: 'none', bluetooth: 'unknown' });
    mkdirSync(join(root, 'sys/class/ieee80211/phy0'), { recursive: true });
    expect((await read()).wifi).toBe('unknown');
  });

  it('are unknown where an interface is all there is of one', async () => {
    addInterface('wlan0', UNPLUGGED, { folders: ['wireless'] });
    write({ 'proc/net/dev': devices('lo', 'wlan0') });
    expect(await read()).toMatchObject({ live: false, wifi: 'unknown' });
  });
});

describe('what /proc/net says', () => {
  it('of default routes', () => {
    const route = (flags: string, mask = '00000000'): string => `eth0\t00000000\t010200C0\t${flags}\t0\t0\t100\t${mask}\t0\t0\t0\n`;
    expect(parseDefaultRoutes4(HEADS_4 + route('0003'))).toEqual([{ family: 4, interface: 'eth0' }]);
    expect(parseDefaultRoutes4(HEADS_4 + route('0002') + route('0201') + route('0003', '00000080'))).toEqual([]);
    expect(parseDefaultRoutes4('')).toEqual([]);
    expect(parseDefaultRoutes6(DEFAULT_6 + REJECTED_6)).toEqual([{ family: 6, interface: 'wlan0' }]);
    expect(parseDefaultRoutes6(DEFAULT_6.replace(' 00 ', ' 40 '))).toEqual([]);
  });

  it('of interfaces', () => {
    expect(parseDeviceNames(devices('lo', 'enp0s31f6', 'wlan0.1'))).toEqual(['lo', 'enp0s31f6', 'wlan0.1']);
    expect(parseDeviceNames(devices())).toBe(null);
    expect(parseDeviceNames('lo: 0 0\n')).toBe(null);
  });

  it('of the interface that an address belongs to: the narrowest network around it', () => {
    const routes = `${HEADS_4}wide0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\nnarrow0\t0001000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`;
    const trie = (address: string): string => `Local:\n     |-- ${address}\n        /32 host LOCAL\n`;
    expect(addressOwners4(trie('10.0.1.7'), routes)).toEqual(['narrow0']);
    expect(addressOwners4(trie('10.9.1.7'), routes)).toEqual(['wide0']);
    expect(addressOwners4(trie('192.0.2.1'), routes)).toEqual([]);
  });
});
