import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** Where RSA-4096 private keys come from. */
export interface KeyPool {
  /** Starts making keys ahead, so that the first `take` need not wait. */
  prepare(): void;
  /** A key that nobody else was given, from a pool that makes its own. */
  take(): Promise<KeyObject>;
  /** Makes no more keys: one that is being made still ends, and keeps the process up to then. */
  stop(): void;
}

const makeKeyPair = promisify(generateKeyPair);

/**
 * Keeps a few keys ahead, since one takes seconds to make. They are made one after the other (two at once would make the first
 * one late), and made again only when none is left: most rehearsals take a single key and end.
 */
export class RsaKeyPool implements KeyPool {
  readonly #size: number;
  readonly #ahead: Promise<KeyObject>[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #stopped = false;

  /** @param size how many keys are made ahead, at least 1. */
  constructor(size = 2) {
    this.#size = size;
  }

  prepare(): void {
    while (this.#ahead.length < this.#size) {
      const key = this.#last.then(() => this.#make());
      // One failure must not end all keys after it, and whoever takes this one meets its error.
      this.#last = key.catch(() => null);
      this.#ahead.push(key);
    }
  }

  take(): Promise<KeyObject> {
    if (this.#ahead.length === 0) this.prepare();
    const key = this.#ahead.shift() ?? this.#make();
    if (this.#ahead.length === 0) this.prepare();
    return key;
  }

  stop(): void {
    this.#stopped = true;
  }

  async #make(): Promise<KeyObject> {
    if (this.#stopped) throw new Error('the key pool was stopped');
    const { privateKey } = await makeKeyPair('rsa', { modulusLength: 4096 });
    return privateKey;
  }
}
