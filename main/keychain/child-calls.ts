import { inputError, type ColdroomError } from '../values/index.ts';
import { isKeychainReply, type KeychainCall, type KeychainChild, type KeychainRefusal, type KeychainSpawner } from './protocol.ts';

/** How long calls may take, and who is told. All times in milliseconds. */
export interface CallLimits {
  readonly answerMs: number;
  /** Takes the place of `answerMs` where the operating system may be asking its user; null where it does not ask. */
  readonly askingUserMs: number | null;
  /** Called once for each call that is still unanswered after `noticeMs`, where the user may be being asked. */
  readonly onWaiting: (message: string) => void;
  readonly noticeMs: number;
  /** Ends the wait, and the child with it. */
  readonly signal: AbortSignal | null;
}

type WithoutId<Call> = Call extends unknown ? Omit<Call, 'id'> : never;
type Pending = { readonly id: number; resolve(text: string | null): void; reject(error: ColdroomError): void };

const FILE_INSTEAD =
  'unlock it and try again; for a machine without one make the station with `init --keychain file --keychain-passphrase-file FILE`';

/**
 * Calls to the child process, one at a time (the caller sees to that). The child is started at the first one. One that does
 * not answer in time, ends, or says what is no answer is killed; the next call starts another.
 */
export class ChildCalls {
  readonly #spawn: KeychainSpawner;
  readonly #limits: CallLimits;
  #child: KeychainChild | null = null;
  #pending: Pending | null = null;
  #lastId = 0;

  constructor(spawn: KeychainSpawner, limits: CallLimits) {
    this.#spawn = spawn;
    this.#limits = limits;
  }

  /**
   * @returns the text that `get` found, else null.
   * @throws input `keychain-none`, `keychain-locked`, `keychain-signature-changed`, `keychain-no-answer`, `keychain-cancelled`.
   */
  async make(call: WithoutId<KeychainCall>): Promise<string | null> {
    const { answerMs, askingUserMs, noticeMs, onWaiting, signal } = this.#limits;
    if (signal?.aborted === true) throw cancelled();
    const limitMs = askingUserMs ?? answerMs;
    const late = setTimeout(() => {
      this.#abandon(noAnswer(`the OS keychain did not answer within ${(limitMs / 1000).toString()} s`));
    }, limitMs);
    const notice = setTimeout(() => {
      if (askingUserMs !== null) onWaiting('waiting for you to allow access in the system’s own window');
    }, noticeMs);
    const abort = (): void => {
      this.#abandon(cancelled());
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<string | null>((resolve, reject) => {
        const child = (this.#child ??= this.#start());
        this.#lastId += 1;
        this.#pending = { id: this.#lastId, resolve, reject };
        child.send({ ...call, id: this.#lastId });
      });
    } finally {
      this.#pending = null;
      clearTimeout(late);
      clearTimeout(notice);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends the child; a call under way is rejected with `keychain-cancelled`. Fulfilled when the child has ended. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#abandon(cancelled());
    await child?.exited;
  }

  #start(): KeychainChild {
    const child = this.#spawn();
    child.onMessage((message) => {
      if (child === this.#child) this.#receive(message);
    });
    void child.exited.then(() => {
      if (child === this.#child) this.#abandon(noAnswer('the process that asks the OS keychain ended without an answer'));
    });
    return child;
  }

  #receive(message: unknown): void {
    if (!isKeychainReply(message) || message.id !== this.#pending?.id) {
      this.#abandon(noAnswer('the process that asks the OS keychain said what is no answer'));
    } else if (message.ok) {
      this.#pending.resolve(message.text);
    } else {
      this.#pending.reject(refusal(message.reason));
    }
  }

  #abandon(error: ColdroomError): void {
    const child = this.#child;
    this.#child = null;
    child?.kill();
    this.#pending?.reject(error);
  }
}

function refusal(reason: KeychainRefusal): ColdroomError {
  switch (reason) {
    case 'none':
      return inputError('keychain-none', 'this machine has no OS keychain that Coldroom can use', {
        hint: 'make the station with `init --keychain file --keychain-passphrase-file FILE`',
      });
    case 'signature-changed':
      return inputError('keychain-signature-changed', 'the macOS keychain refused, as it does when an app’s code signature has changed', {
        hint: 'it calls that "password incorrect": reinstall the signed Coldroom, or remove its entries in Keychain Access and log in again',
      });
    case 'failed':
      return inputError('keychain-locked', 'the OS keychain is locked, or refused', { hint: FILE_INSTEAD });
  }
}

function noAnswer(message: string): ColdroomError {
  return inputError('keychain-no-answer', message, { hint: FILE_INSTEAD });
}

function cancelled(): ColdroomError {
  return inputError('keychain-cancelled', 'waiting for the OS keychain was cancelled');
}
