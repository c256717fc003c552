import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeNetwork, readNetworkState } from './network-gate.ts';
import { radioStateOf, type NetworkState } from './network-state.ts';

const QUIET: NetworkState = { live: false, interfaces: [], default_routes: [], wifi: 'off', bluetooth: 'none', seen_by: 'linux' };
const ETH0 = { name: 'eth0', kind: 'wired', up: true, addresses: 1 } as const;

describe('judging a network', () => {
  const policies = ['warn', 'stop'] as const;

  it.each(policies)('is clear, by the policy %s, where nothing is up and every radio is off or missing', (policy) => {
    for (const wifi of ['off', 'none'] as const) {
      for (const bluetooth of ['off', 'none'] as const) {
        const interfaces = [{ ...ETH0, up: false }];
        expect(judgeNetwork({ ...QUIET, interfaces, wifi, bluetooth }, policy)).toEqual({ gate: 'clear', reasons: [] });
      }
    }
  });

  it.each(policies)('says what the policy %s says of a live network, and why', (policy) => {
    const route = (family: 4 | 6): NetworkState['default_routes'] => [{ family, interface: 'eth0' }];
    const state = { ...QUIET, live: true, interfaces: [ETH0], default_routes: [...route(4), ...route(6)] };
    expect(judgeNetwork(state, policy)).toEqual({ gate: policy, reasons: ['interface-up:eth0', 'default-route:eth0'] });
    expect(judgeNetwork({ ...QUIET, live: true }, policy)).toEqual({ gate: policy, reasons: ['network-unknown'] });
    // A state that contradicts itself is judged by the worse half.
    expect(judgeNetwork({ ...QUIET, interfaces: [ETH0] }, policy)).toEqual({ gate: policy, reasons: ['interface-up:eth0'] });
    expect(judgeNetwork({ ...state, wifi: 'on' }, policy).reasons).toContain('wifi-on');
  });

  it.each(policies)('warns, by the policy %s, of a radio that is powered or cannot be read', (policy) => {
    for (const radio of ['wifi', 'bluetooth'] as const) {
      for (const power of ['on', 'unknown'] as const) {
        expect(judgeNetwork({ ...QUIET, [radio]: power }, policy)).toEqual({ gate: 'warn', reasons: [`${radio}-${power}`] });
      }
    }
  });
});

describe('several radios', () => {
  it.each([
    [[], 'none'],
    [['off', 'off'], 'off'],
    [['off', 'unknown'], 'unknown'],
    [['off', 'unknown', 'on'], 'on'],
    [['none'], 'none'],
  ] as const)('%j are together %s', (states, together) => {
    expect(radioStateOf(states)).toBe(together);
  });
});

describe('another system', () => {
  it('is live and unknown', async () => {
    const state = await readNetworkState({ platform: 'freebsd' });
    expect(state).toEqual({ live: true, interfaces: [], default_routes: [], wifi: 'unknown', bluetooth: 'unknown', seen_by: 'other' });
    expect(judgeNetwork(state, 'stop')).toEqual({ gate: 'stop', reasons: ['network-unknown', 'wifi-unknown', 'bluetooth-unknown'] });
  });
});

const PROBE = `const { readNetworkState } = await import(${JSON.stringify(join(import.meta.dirname, 'network-gate.ts'))});
process.stdout.write(JSON.stringify(await readNetworkState()));`;
const probe = [process.execPath, '--input-type=module', '--eval', PROBE];
const runs = (program: string, ...args: string[]): boolean => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

describe.runIf(process.platform === 'linux')('this machine', () => {
  it('shows the interfaces that Linux lists', async () => {
    const state = await readNetworkState();
    expect(state.seen_by).toBe('linux');
    const listed = readFileSync('/proc/net/dev', 'utf8');
    for (const { name } of state.interfaces) expect(listed).toContain(`${name}:`);
  });

  it('is not live without a network', (context) => {
    if (!runs('unshare', '--net', 'true')) context.skip('unshare --net is not permitted here');
    const state = JSON.parse(execFileSync('unshare', ['--net', ...probe], { encoding: 'utf8' })) as NetworkState;
    expect(state).toMatchObject({ live: false, interfaces: [], default_routes: [] });
  });

  it('is read without a socket and without another program', (context) => {
    if (!runs('strace', '-o', '/dev/null', 'true')) context.skip('strace is not there, or not permitted');
    const folder = mkdtempSync(join(tmpdir(), 'strace-'));
    try {
      const log = join(folder, 'log');
      execFileSync('strace', ['-f', '-e', 'trace=socket,socketpair,connect,execve', '-o', log, ...probe], { stdio: 'ignore' });
      expect(existsSync(log)).toBe(true);
      const calls = readFileSync(log, 'utf8').split('\n');
      expect(calls.filter((line) => /\b(socket|socketpair|connect)\(/.test(line))).toEqual([]);
      expect(calls.filter((line) => line.includes('execve('))).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
