import { EventEmitter } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  Reflect.deleteProperty(process, 'parentPort');
});

it('the utility process answers calls through its parent’s port', async () => {
  const port = new EventEmitter();
  const replies: unknown[] = [];
  Object.defineProperty(process, 'parentPort', {
    configurable: true,
    value: { on: port.on.bind(port), postMessage: (message: unknown) => replies.push(message) },
  });
  vi.doMock('keytar', () => ({ default: { getPassword: (service: string, account: string) => Promise.resolve(`${service} ${account}`) } }));
  await import('./keychain-child.ts');
  port.emit('message', { data: 'no call', ports: [] });
  port.emit('message', { data: { id: 7, do: 'get', account: 'station-key' }, ports: [] });
  await vi.waitFor(() => {
    expect(replies).toEqual([{ id: 7, ok: true, text: 'Coldroom station-key' }]);
  });
});
