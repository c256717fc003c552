import { timingSafeEqual } from 'node:crypto';
import type { Keychain } from '../../keychain/index.ts';
import { inputError, type Passphrase } from '../../values/index.ts';

/**
 * Keeps a station's keychain open from one operation to the next, and a file keychain's passphrase with it: a window's user
 * types it once, and its scrypt costs a third of a second each time. `forget` wipes and closes.
 */
export class KeychainKeeper {
  #opened: Promise<Keychain> | null = null;
  #passphrase: Passphrase | null = null;

  /** Takes the passphrase over and wipes it later. */
  setPassphrase(passphrase: Passphrase): void {
    this.#passphrase?.fill(0);
    this.#passphrase = passphrase;
  }

  get hasPassphrase(): boolean {
    return this.#passphrase !== null;
  }

  /**
   * Whether a passphrase is the one that is kept, in constant time: how a locked window is opened while work that uses the keychain goes on.
   * @throws input `keychain-passphrase-wrong`; also where none is kept.
   */
  checkPassphrase(typed: Passphrase): void {
    const kept = this.#passphrase;
    if (kept?.length === typed.length && timingSafeEqual(kept, typed)) return;
    throw inputError('keychain-passphrase-wrong', 'this is not the passphrase that the keychain was opened with', {
      hint: 'type the passphrase of the keychain file',
    });
  }

  /** A copy for the keychain, which wipes its own. @throws input `keychain-passphrase-missing`. */
  copyPassphrase(): Passphrase {
    if (this.#passphrase === null) {
      throw inputError('keychain-passphrase-missing', 'this station is locked: its keychain’s passphrase was not given', {
        hint: 'unlock it with the keychain’s passphrase',
      });
    }
    return Buffer.from(this.#passphrase) as Passphrase;
  }

  /**
   * The open keychain; its `close` does nothing, `forget` does. One that cannot be opened is not kept.
   * @param openNow must not take the signal of the operation that happens to be the first: the keychain outlives it.
   * @param signal of the operation that asks: ends its wait for an OS keychain, which is opened again for the next call.
   */
  async open(openNow: () => Promise<Keychain>, signal?: AbortSignal): Promise<Keychain> {
    const { kind } = await this.#current(openNow);
    const call = <Result>(work: (keychain: Keychain) => Promise<Result>): Promise<Result> => this.#call(openNow, signal ?? null, work);
    return {
      kind,
      get: (name) => call((keychain) => keychain.get(name)),
      set: (name, value) => call((keychain) => keychain.set(name, value)),
      delete: (name) => call((keychain) => keychain.delete(name)),
      close: () => Promise.resolve(),
    };
  }

  async #current(openNow: () => Promise<Keychain>): Promise<Keychain> {
    const opened = (this.#opened ??= openNow());
    try {
      return await opened;
    } catch (error) {
      if (this.#opened === opened) this.#opened = null;
      throw error;
    }
  }

  /** A keychain in a file asks nobody, and what it writes down has happened already: only the OS's is waited for in vain. */
  async #call<Result>(
    openNow: () => Promise<Keychain>,
    signal: AbortSignal | null,
    work: (keychain: Keychain) => Promise<Result>,
  ): Promise<Result> {
    const keychain = await this.#current(openNow);
    if (keychain.kind === 'file' || signal === null) return work(keychain);
    const opened = this.#opened;
    const cancel = (): void => {
      if (this.#opened === opened) this.#opened = null;
      void keychain.close();
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await work(keychain);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  async forget(): Promise<void> {
    this.#passphrase?.fill(0);
    this.#passphrase = null;
    const opened = this.#opened;
    this.#opened = null;
    await (await opened)?.close();
  }
}
