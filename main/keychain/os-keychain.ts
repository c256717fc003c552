import { inputError, type ColdroomError } from '../values/index.ts';
import type { Keychain } from './keychain.ts';
import type { KeychainCall, KeychainChild, KeychainReply, KeychainSpawner } from './protocol.ts';
import { deleteSplit, getSplit, setSplit, type EntryStore } from './split.ts';

const ANSWER_MS = 10_000;
/** macOS asks its user, item by item, and again after an update of the app. */
const ASKING_USER_MS = 180_000;

export type OsKeychainOptions = {
  spawn: KeychainSpawner;
  /** How long one call may take; 10 s, or 3 minutes where the OS may be asking its user. */
  answerMs?: number;
  /** Told once when a call takes longer than 10 s because the OS may be asking its user. */
  onWaiting?: () => void;
  signal?: AbortSignal;
};

const FILE_INSTEAD = 'unlock it, or make the station with `init --keychain file --keychain-passphrase-file FILE`';

/**
 * The operating system's keychain, through a child process that is started at the first call. A child that does not answer
 * in time is ended.
 * @throws (from its calls) input `keychain-none`, `keychain-locked`, `keychain-no-answer`, `keychain-signature-changed`,
 *   `keychain-cancelled`; check `keychain-entry-damaged`. design.md, "Command line".
 */
export function openOsKeychain(options: OsKeychainOptions): Keychain {
  const calls = new Calls(options);
  const store: EntryStore = {
    get: async (account) => calls.make({ do: 'get', account }),
    set: async (account, text) => {
      await calls.make({ do: 'set', account, text });
    },
    delete: async (account) => {
      await calls.make({ do: 'delete', account });
    },
  };
  return {
    kind: 'os',
    get: (name) => getSplit(store, name),
    set: (name, value) => setSplit(store, name, value),
    delete: (name) => deleteSplit(store, name),
    close: () => {
      calls.end();
      return Promise.resolve();
    },
  };
}

type Unnumbered<Call> = Call extends unknown ? Omit<Call, 'id'> : never;
type Waiting = { resolve: (text: string | null) => void; reject: (error: ColdroomError) => void };

/** Calls under way to one child. */
class Calls {
  readonly #options: OsKeychainOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: KeychainChild | null = null;
  #lastId = 0;

  constructor(options: OsKeychainOptions) {
    this.#options = options;
  }

  async make(call: Unnumbered<KeychainCall>): Promise<string | null> {
    const { signal, onWaiting } = this.#options;
    if (signal?.aborted === true) throw cancelled();
    const child = this.#start();
    this.#lastId += 1;
    const id = this.#lastId;
    const limitMs = this.#options.answerMs ?? (process.platform === 'darwin' ? ASKING_USER_MS : ANSWER_MS);
    const cleanUp: (() => void)[] = [];
    try {
      return await new Promise<string | null>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        const late = setTimeout(() => {
          this.#abandon(noAnswer());
        }, limitMs);
        const asking = setTimeout(() => onWaiting?.(), Math.min(ANSWER_MS, limitMs));
        const abort = (): void => {
          this.#abandon(cancelled());
        };
        signal?.addEventListener('abort', abort);
        cleanUp.push(
          () => {
            clearTimeout(late);
          },
          () => {
            clearTimeout(asking);
          },
          () => signal?.removeEventListener('abort', abort),
        );
        child.send(JSON.stringify({ id, ...call }));
      });
    } finally {
      this.#waiting.delete(id);
      for (const step of cleanUp) step();
    }
  }

  end(): void {
    this.#abandon(noAnswer());
  }

  #start(): KeychainChild {
    if (this.#child !== null) return this.#child;
    const child = this.#options.spawn();
    this.#child = child;
    child.onLine((line) => {
      this.#receive(JSON.parse(line) as KeychainReply);
    });
    child.onEnd(() => {
      if (this.#child === child) this.#abandon(noAnswer());
    });
    return child;
  }

  #receive(reply: KeychainReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if (reply.ok) waiting.resolve(reply.text);
    else waiting.reject(refusal(reply.reason));
  }

  /** Ends the child and everything that still waits for it. */
  #abandon(error: ColdroomError): void {
    const child = this.#child;
    this.#child = null;
    child?.kill();
    for (const waiting of this.#waiting.values()) waiting.reject(error);
  }
}

function refusal(reason: 'none' | 'failed' | 'signature-changed'): ColdroomError {
  switch (reason) {
    case 'none':
      return inputError('keychain-none', 'this machine has no OS keychain that Coldroom can use', {
        hint: 'make the station with `init --keychain file --keychain-passphrase-file FILE`',
      });
    case 'signature-changed':
      return inputError(
        'keychain-signature-changed',
        'macOS refused: it says "password incorrect" when an app’s code signature has changed',
        {
          hint: 'reinstall the signed Coldroom, or remove its entries in Keychain Access and log in again',
        },
      );
    case 'failed':
      return inputError('keychain-locked', 'the OS keychain is locked, or refused', { hint: FILE_INSTEAD });
  }
}

function noAnswer(): ColdroomError {
  return inputError('keychain-no-answer', 'the OS keychain did not answer', { hint: FILE_INSTEAD });
}

function cancelled(): ColdroomError {
  return inputError('keychain-cancelled', 'waiting for the OS keychain was cancelled');
}
