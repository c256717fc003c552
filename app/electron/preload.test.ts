import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { declarations, play } from '../../test/electron/playing.ts';

type Bridge = { invoke(operation: unknown, input: unknown): Promise<unknown>; on(listener: (...args: unknown[]) => void): unknown };

let exposed: Map<string, unknown>;
let inPage: (() => void)[];
let order: string[];
const invoked: unknown[][] = [];
const heard = new EventEmitter();

beforeEach(async () => {
  exposed = new Map();
  inPage = [];
  order = [];
  invoked.length = 0;
  heard.removeAllListeners();
  vi.resetModules();
  vi.doMock('electron', () => ({
    contextBridge: play(declarations.named('ContextBridge'), 'contextBridge', {
      executeInMainWorld: ({ func }: { func: () => void }) => {
        order.push('taken out');
        inPage.push(func);
      },
      exposeInMainWorld: (name: string, api: unknown) => {
        order.push('given');
        exposed.set(name, api);
      },
    }),
    ipcRenderer: play(declarations.named('IpcRenderer'), 'ipcRenderer', {
      invoke: (...args: unknown[]) => {
        invoked.push(args);
        return Promise.resolve('answer');
      },
      on: (channel: string, listener: (...args: unknown[]) => void) => heard.on(channel, listener),
      off: (channel: string, listener: (...args: unknown[]) => void) => heard.off(channel, listener),
    }),
  }));
  await import('./preload.ts');
});

describe('what the page is given', () => {
  it('is two functions under one name', () => {
    expect([...exposed.keys()]).toEqual(['coldroom']);
    const bridge = exposed.get('coldroom') as Record<string, unknown>;
    expect(Object.keys(bridge).toSorted()).toEqual(['invoke', 'on']);
    expect(Object.values(bridge).every((one) => typeof one === 'function')).toBe(true);
  });
  it('speaks on our channel alone, whatever the page passes', async () => {
    const bridge = exposed.get('coldroom') as Bridge & { invoke(...args: unknown[]): Promise<unknown> };
    await expect(bridge.invoke('status', { a: 1 }, 'other-channel')).resolves.toBe('answer');
    expect(invoked).toEqual([['coldroom', { operation: 'status', input: { a: 1 } }]]);
  });
  it('hears events and not who sent them', () => {
    const got: unknown[][] = [];
    const result = (exposed.get('coldroom') as Bridge).on((...args) => got.push(args));
    heard.emit('coldroom', { sender: 'ipcRenderer' }, { event: 'progress' }, 'more');
    heard.emit('other', {}, { event: 'not ours' });
    expect(got).toEqual([[{ event: 'progress' }]]);
    (result as () => void)();
    heard.emit('coldroom', {}, { event: 'after the page stopped listening' });
    expect(got).toHaveLength(1);
  });
  it('has WebRTC taken out of it before anything is given', () => {
    expect(order).toEqual(['taken out', 'given']);
    const names = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'coldroomKept'];
    for (const name of names) vi.stubGlobal(name, {});
    for (const take of inPage) take();
    expect(names.filter((name) => name in globalThis)).toEqual(['coldroomKept']);
    vi.unstubAllGlobals();
  });
});
