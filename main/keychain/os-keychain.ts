import { ChildCalls } from './child-calls.ts';
import { checkEntryName, type Keychain } from './keychain.ts';
import type { KeychainSpawner } from './protocol.ts';
import { Serial } from './serial.ts';
import { deleteSplit, getSplit, setSplit, type EntryStore } from './split.ts';

const ANSWER_MS = 10_000;
/** macOS asks its user, item by item, and again after an update of the app. Nothing tells us that it does. */
const ASKING_USER_MS = 180_000;
/** Time for a keychain that answers by itself; then the person is told what is being waited for. */
const NOTICE_MS = 1_500;

export interface OsKeychainOptions {
  readonly spawn: KeychainSpawner;
  /** How long one call to the keychain may take; 10 s where nothing is said. */
  readonly answerMs?: number;
  /** The same where the OS may be asking its user, null where it does not ask; 3 minutes on macOS, else null. */
  readonly askingUserMs?: number | null;
  /** Told what is being waited for, when that may be the user. One call of the keychain can ask more than once. */
  readonly onWaiting?: (message: string) => void;
  /** Cancels the wait. */
  readonly signal?: AbortSignal;
}

/**
 * The operating system's keychain, through a child process that is started at the first call and ended by `close`. A child
 * that does not answer in time is killed. What the keychain gives passes through strings, which cannot be wiped: keytar
 * knows nothing else. Two processes that set one entry at once: one of the two values stays, whole.
 * @throws (from its calls) input `keychain-none`, `keychain-locked`, `keychain-no-answer`, `keychain-signature-changed`,
 *   `keychain-cancelled`, `keychain-value-too-large`; check `keychain-entry-damaged`. design.md, "Command line".
 */
export function openOsKeychain(options: OsKeychainOptions): Keychain {
  const asksUser = process.platform === 'darwin';
  const calls = new ChildCalls(options.spawn, {
    answerMs: options.answerMs ?? ANSWER_MS,
    askingUserMs: options.askingUserMs === undefined ? (asksUser ? ASKING_USER_MS : null) : options.askingUserMs,
    onWaiting: options.onWaiting ?? ((): void => undefined),
    noticeMs: NOTICE_MS,
    signal: options.signal ?? null,
  });
  const store: EntryStore = {
    get: (account) => calls.make({ do: 'get', account }),
    set: async (account, text) => {
      await calls.make({ do: 'set', account, text });
    },
    delete: async (account) => {
      await calls.make({ do: 'delete', account });
    },
  };
  const serial = new Serial();
  let closed = false;
  const work = <Result>(name: string, step: () => Promise<Result>): Promise<Result> =>
    serial.run(() => {
      checkEntryName(name);
      // Else a call after `close` would start a child that nobody ends.
      if (closed) throw new Error('the keychain is closed');
      return step();
    });
  return {
    kind: 'os',
    get: (name) => work(name, () => getSplit(store, name)),
    set: (name, value) => work(name, () => setSplit(store, name, value)),
    delete: (name) => work(name, () => deleteSplit(store, name)),
    close: () => {
      // Not in the queue: what waits there may wait for a keychain that hangs.
      closed = true;
      return calls.end();
    },
  };
}
