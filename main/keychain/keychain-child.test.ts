import { describe, expect, it } from 'vitest';
import { answerCall, type Keytar } from './keychain-child.ts';
import { isKeychainCall, type KeychainCall } from './protocol.ts';

/** keytar over a map; `failure` is what every call of it fails with. */
class FakeKeytar implements Keytar {
  readonly entries = new Map<string, string>();
  failure: Error | null = null;
  /** A Secret Service that is locked finds nothing and takes nothing. */
  locked = false;

  getPassword(service: string, account: string): Promise<string | null> {
    return this.#do(() => (this.locked ? null : (this.entries.get(`${service} ${account}`) ?? null)));
  }

  setPassword(service: string, account: string, password: string): Promise<void> {
    if (this.locked) return Promise.reject(new Error('Cannot create an item in a locked collection'));
    return this.#do(() => void this.entries.set(`${service} ${account}`, password));
  }

  deletePassword(service: string, account: string): Promise<boolean> {
    return this.#do(() => !this.locked && this.entries.delete(`${service} ${account}`));
  }

  #do<Result>(work: () => Result): Promise<Result> {
    return this.failure === null ? Promise.resolve(work()) : Promise.reject(this.failure);
  }
}

const get: KeychainCall = { id: 1, do: 'get', account: 's/a' };
const set: KeychainCall = { id: 2, do: 'set', account: 's/a', text: 'x' };
const remove: KeychainCall = { id: 3, do: 'delete', account: 's/a' };

describe('the child', () => {
  it.each(['linux', 'darwin', 'win32'] as const)('keeps, gives and deletes under the service Coldroom, on %s', async (platform) => {
    const keytar = new FakeKeytar();
    const answer = (call: KeychainCall): Promise<unknown> => answerCall(call, () => Promise.resolve(keytar), platform);
    expect(await answer(get)).toEqual({ id: 1, ok: true, text: null });
    expect(await answer(set)).toEqual({ id: 2, ok: true, text: null });
    expect([...keytar.entries]).toEqual([['Coldroom s/a', 'x']]);
    expect(await answer(get)).toEqual({ id: 1, ok: true, text: 'x' });
    expect(await answer(remove)).toEqual({ id: 3, ok: true, text: null });
    expect(await answer(remove)).toEqual({ id: 3, ok: true, text: null });
    expect(keytar.entries.size).toBe(0);
  });

  it.each([get, set, remove])('takes a locked Secret Service for no empty one: %j', async (call) => {
    const keytar = new FakeKeytar();
    keytar.entries.set('Coldroom s/a', 'x');
    keytar.locked = true;
    expect(await answerCall(call, () => Promise.resolve(keytar), 'linux')).toEqual({ id: call.id, ok: false, reason: 'failed' });
    expect([...keytar.entries]).toEqual([['Coldroom s/a', 'x']]);
  });

  it('says that there is none where keytar is missing', async () => {
    expect(await answerCall(get, () => Promise.resolve(null), 'linux')).toEqual({ id: 1, ok: false, reason: 'none' });
  });

  it.each([
    ['linux', 'Cannot autolaunch D-Bus without X11 $DISPLAY', 'none'],
    ['linux', 'Failed to execute child process “dbus-launch” (No such file or directory)', 'none'],
    ['linux', 'Could not connect: No such file or directory', 'none'],
    ['linux', 'Could not connect: Connection refused', 'none'],
    ['linux', 'The name org.freedesktop.secrets was not provided by any .service files', 'none'],
    ['linux', 'Cannot create an item in a locked collection', 'failed'],
    ['linux', 'hunter2', 'failed'],
    ['darwin', 'The user name or passphrase you entered is not correct.', 'signature-changed'],
    ['darwin', 'password incorrect', 'signature-changed'],
    ['darwin', 'User canceled the operation.', 'failed'],
    ['win32', 'password incorrect', 'failed'],
  ] as const)('tells only the kind of a failure: on %s %j is %s', async (platform, text, reason) => {
    const keytar = new FakeKeytar();
    keytar.failure = new Error(text);
    expect(await answerCall(get, () => Promise.resolve(keytar), platform)).toEqual({ id: 1, ok: false, reason });
  });
});

describe('isKeychainCall', () => {
  it.each([get, set, remove])('takes %j', (call) => {
    expect(isKeychainCall(call)).toBe(true);
  });

  it.each([
    null,
    [],
    'get',
    {},
    { ...get, id: '1' },
    { ...get, id: 0.5 },
    { ...get, account: 1 },
    { ...get, do: 'list' },
    { ...set, text: 1 },
  ])('refuses %j', (message) => {
    expect(isKeychainCall(message)).toBe(false);
  });
});
