import { describe, expect, it } from 'vitest';
import { readNetworkState } from './network-gate.ts';
import { parseWindowsNetwork } from './network-win32.ts';
import type { NetworkState } from './network-state.ts';

const ETHERNET = { name: 'Ethernet', index: 12, admin: 1, oper: 2, state: 2, medium: 14, virtual: false };
const WIFI = { name: 'WLAN', index: 5, admin: 1, oper: 1, state: 2, medium: 9, virtual: false };
const RADIO = { id: 'USB\\VID_8087&PID_0026\\5&1A2B3C4D&0&14', problem: 0 };
const ENUMERATOR = { id: 'BTH\\MS_BTHBRB\\6&4D5E6F&0&1', problem: 0 };
const PAIRED = { id: 'BTHENUM\\DEV_00005E005314\\7&1&0&BLUETOOTHDEVICE', problem: 0 };

type Parts = Readonly<Record<'adapters' | 'routes' | 'addresses' | 'bluetooth', unknown>>;
const OFFLINE: Parts = { adapters: [ETHERNET], routes: [], addresses: [1, 1, 12], bluetooth: [] };

const read = (parts: Partial<Parts> = {}): Promise<NetworkState> =>
  readNetworkState({
    platform: 'win32',
    run: (path, args) => {
      expect(path).toMatch(/^[A-Z]:\\.*\\System32\\WindowsPowerShell\\v1\.0\\powershell\.exe$/i);
      expect(args.slice(0, 4)).toEqual(['-NoLogo', '-NoProfile', '-NonInteractive', '-EncodedCommand']);
      expect(Buffer.from(args[4] ?? '', 'base64').toString('utf16le')).toContain('ConvertTo-Json');
      return Promise.resolve({ exit: 0, stdout: `${JSON.stringify({ ...OFFLINE, ...parts })}\r\n` });
    },
  });

describe('a Windows machine', () => {
  it('whose cable is out is not live', async () => {
    expect(await read()).toEqual({
      live: false,
      interfaces: [{ name: 'Ethernet', kind: 'wired', up: false, addresses: 1 }],
      default_routes: [],
      wifi: 'none',
      bluetooth: 'none',
      seen_by: 'win32',
    });
  });

  it('on Wi-Fi is live', async () => {
    const routes = [
      { prefix: '0.0.0.0/0', name: 'WLAN' },
      { prefix: '::/0', name: 'WLAN' },
    ];
    expect(await read({ adapters: [ETHERNET, WIFI], routes, addresses: [5, 5] })).toMatchObject({
      live: true,
      interfaces: [{ up: false }, { name: 'WLAN', kind: 'wireless', up: true, addresses: 2 }],
      default_routes: [
        { family: 4, interface: 'WLAN' },
        { family: 6, interface: 'WLAN' },
      ],
      wifi: 'on',
    });
  });

  it.each([
    [{ oper: 1 }, true],
    [{ oper: 2 }, false],
    [{ oper: 4 }, true],
    [{ oper: 5 }, true],
    [{ oper: 6 }, false],
    [{ oper: 7 }, false],
    [{ oper: 0 }, true],
    [{ oper: 1, admin: 2 }, false],
    [{ oper: 1, state: 3 }, false],
  ])('has an adapter at %j', async (change, up) => {
    expect(await read({ adapters: [{ ...ETHERNET, ...change }] })).toMatchObject({ live: up, interfaces: [{ up }] });
  });

  it.each([
    [{ medium: 14 }, 'wired'],
    [{ medium: 1 }, 'wireless'],
    [{ medium: 8 }, 'mobile'],
    [{ medium: 10 }, 'bluetooth'],
    [{ medium: 0 }, 'unknown'],
    [{ medium: 9, virtual: true }, 'virtual'],
  ])('has an adapter of %j, which is %s', async (change, kind) => {
    expect((await read({ adapters: [{ ...ETHERNET, ...change }] })).interfaces[0]?.kind).toBe(kind);
  });

  it.each([
    [{ oper: 1 }, 'on'],
    [{ oper: 2 }, 'unknown'],
    [{ oper: 2, admin: 2 }, 'off'],
    [{ oper: 6, state: 3 }, 'off'],
  ])('has Wi-Fi at %j', async (change, wifi) => {
    expect((await read({ adapters: [{ ...WIFI, ...change }] })).wifi).toBe(wifi);
  });

  it.each([
    [[], 'none'],
    [[PAIRED], 'none'],
    [[RADIO, ENUMERATOR, PAIRED], 'on'],
    [[RADIO, PAIRED], 'unknown'],
    [[RADIO, { ...ENUMERATOR, problem: 45 }], 'unknown'],
    [[{ ...RADIO, problem: 22 }], 'off'],
    [[{ ...RADIO, problem: 10 }, ENUMERATOR], 'unknown'],
  ])('has Bluetooth by the devices %j', async (bluetooth, state) => {
    expect((await read({ bluetooth })).bluetooth).toBe(state);
  });

  it.each([
    [{ adapters: null }, { live: true, interfaces: [], wifi: 'unknown' }],
    [{ routes: null }, { live: true, default_routes: [] }],
    [{ addresses: null }, { live: false, interfaces: [{ addresses: 0 }] }],
    [{ bluetooth: null }, { live: false, bluetooth: 'unknown' }],
    [{ adapters: 'none' }, { live: true, interfaces: [], wifi: 'unknown', bluetooth: 'unknown' }],
  ])('that does not answer: %j', async (parts, expected) => {
    expect(await read(parts)).toMatchObject(expected);
  });

  it('whose PowerShell does not answer is live and unknown', async () => {
    const unknown = { live: true, interfaces: [], default_routes: [], wifi: 'unknown', bluetooth: 'unknown' };
    for (const ended of [null, { exit: 1, stdout: JSON.stringify(OFFLINE) }, { exit: 0, stdout: 'The term is not recognized' }]) {
      expect(await readNetworkState({ platform: 'win32', run: () => Promise.resolve(ended) })).toMatchObject(unknown);
    }
  });

  it('with half of a character in a name gives it well formed', () => {
    const sighting = parseWindowsNetwork({ ...OFFLINE, adapters: [{ ...ETHERNET, name: 'x\ud800' }] });
    expect(sighting.interfaces?.[0]?.name).toBe('x\ufffd');
  });
});
