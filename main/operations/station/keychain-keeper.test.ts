import { describe, expect, it } from 'vitest';
import type { Keychain } from '../../keychain/index.ts';
import { inputError, type Passphrase } from '../../values/index.ts';
import { KeychainKeeper } from './keychain-keeper.ts';

/** A keychain that answers when it is told to, and ends what waits when it is closed, as the OS's does. */
class SlowKeychain implements Keychain {
  readonly kind: 'os' | 'file';
  closed = 0;
  #waiting: ((error: Error | null) => void)[] = [];

  constructor(kind: 'os' | 'file') {
    this.kind = kind;
  }

  get(): Promise<Buffer | null> {
    if (this.closed > 0) return Promise.reject(new Error('the keychain is closed'));
    return new Promise((answer, refuse) => {
      this.#waiting.push((error) => {
        if (error === null) answer(Buffer.from('value'));
        else refuse(error);
      });
    });
  }

  set(): Promise<void> {
    return this.closed > 0 ? Promise.reject(new Error('the keychain is closed')) : Promise.resolve();
  }

  delete(): Promise<void> {
    return this.set();
  }

  close(): Promise<void> {
    this.closed += 1;
    this.#end(inputError('keychain-cancelled', 'cancelled'));
    return Promise.resolve();
  }

  answer(): void {
    this.#end(null);
  }

  #end(error: Error | null): void {
    for (const one of this.#waiting.splice(0)) one(error);
  }
}

class Opened {
  readonly keychains: SlowKeychain[] = [];
  readonly #kind: 'os' | 'file';

  constructor(kind: 'os' | 'file') {
    this.#kind = kind;
  }

  readonly open = (): Promise<Keychain> => {
    const keychain = new SlowKeychain(this.#kind);
    this.keychains.push(keychain);
    return Promise.resolve(keychain);
  };
}

const passphrase = () => Buffer.from('a passphrase', 'utf8') as Passphrase;
const soon = () => new Promise((done) => setImmediate(done));

describe('a keychain that is kept', () => {
  it('is opened once, and stays open when an operation closes it', async () => {
    const opened = new Opened('file');
    const keeper = new KeychainKeeper();
    for (let operations = 0; operations < 3; operations += 1) {
      const keychain = await keeper.open(opened.open);
      await keychain.set('a', Buffer.from('b'));
      await keychain.close();
    }
    expect(opened.keychains.map((one) => one.closed)).toEqual([0]);
    await keeper.forget();
    expect(opened.keychains.map((one) => one.closed)).toEqual([1]);
  });

  it('is not kept when it could not be opened', async () => {
    const keeper = new KeychainKeeper();
    await expect(keeper.open(() => Promise.reject(inputError('keychain-none', 'none')))).rejects.toThrow(
      expect.objectContaining({ code: 'keychain-none' }),
    );
    const opened = new Opened('os');
    await keeper.open(opened.open);
    expect(opened.keychains).toHaveLength(1);
  });

  it('of the OS is not waited for any more once the operation is cancelled, and is there for the next one', async () => {
    const opened = new Opened('os');
    const keeper = new KeychainKeeper();
    const cancelled = new AbortController();
    const keychain = await keeper.open(opened.open, cancelled.signal);
    const value = keychain.get('a');
    await soon();
    cancelled.abort();
    await expect(value).rejects.toThrow(expect.objectContaining({ code: 'keychain-cancelled' }));
    // What the cancelled operation still has to write down, and the next operation.
    await keychain.set('a', Buffer.from('b'));
    const next = await keeper.open(opened.open, new AbortController().signal);
    await next.set('a', Buffer.from('b'));
    expect(opened.keychains.map((one) => one.closed)).toEqual([1, 0]);
  });

  it('of the OS is not closed by an operation that was cancelled while it did something else', async () => {
    const opened = new Opened('os');
    const keeper = new KeychainKeeper();
    const cancelled = new AbortController();
    const keychain = await keeper.open(opened.open, cancelled.signal);
    await keychain.set('a', Buffer.from('b'));
    cancelled.abort();
    await keychain.set('a', Buffer.from('b'));
    expect(opened.keychains.map((one) => one.closed)).toEqual([0]);
  });

  it('in a file ends what it began, cancelled or not', async () => {
    const opened = new Opened('file');
    const keeper = new KeychainKeeper();
    const cancelled = new AbortController();
    const keychain = await keeper.open(opened.open, cancelled.signal);
    const value = keychain.get('a');
    await soon();
    cancelled.abort();
    opened.keychains[0]?.answer();
    expect(await value).toEqual(Buffer.from('value'));
    expect(opened.keychains.map((one) => one.closed)).toEqual([0]);
  });
});

describe('the passphrase', () => {
  it('is given in copies, and wiped when it is forgotten or another takes its place', async () => {
    const keeper = new KeychainKeeper();
    expect(() => keeper.copyPassphrase()).toThrow(expect.objectContaining({ code: 'keychain-passphrase-missing' }));
    const [first, second] = [passphrase(), passphrase()];
    keeper.setPassphrase(first);
    const copy = keeper.copyPassphrase();
    keeper.setPassphrase(second);
    expect([first.every((byte) => byte === 0), copy.toString()]).toEqual([true, 'a passphrase']);
    await keeper.forget();
    expect([second.every((byte) => byte === 0), keeper.hasPassphrase]).toEqual([true, false]);
    expect(() => keeper.copyPassphrase()).toThrow(expect.objectContaining({ code: 'keychain-passphrase-missing' }));
  });
});
