import { isJsonObject } from '../values/index.ts';

/** What goes to the child that talks to the OS keychain. Accounts and texts are those of `EntryStore`. */
export type KeychainCall =
  | { readonly id: number; readonly do: 'get' | 'delete'; readonly account: string }
  | { readonly id: number; readonly do: 'set'; readonly account: string; readonly text: string };

/**
 * Why a call was not done. `none`: there is no keychain here; `signature-changed`: macOS no longer takes this app for the
 * one that made the entry; `failed`: anything else, a locked keychain above all.
 */
export type KeychainRefusal = 'none' | 'failed' | 'signature-changed';

/** What comes back. `text` is null where nothing was found, and for `set` and `delete`. */
export type KeychainReply =
  | { readonly id: number; readonly ok: true; readonly text: string | null }
  | { readonly id: number; readonly ok: false; readonly reason: KeychainRefusal };

/** The child process as the keychain sees it. Each shell starts one in its own way; messages survive JSON. */
export interface KeychainChild {
  send(message: KeychainCall): void;
  /** Whatever the child says, unjudged. Set once, before the first `send`. */
  onMessage(listener: (message: unknown) => void): void;
  /** Ends it at once, whatever it waits for. */
  kill(): void;
  /** Fulfilled when it has ended, however it ended, and when it could not be started at all. Never rejects. */
  readonly exited: Promise<void>;
}

/** Starts a child that runs `runKeychainChild`. Secrets may be handed to it through `send` alone, never by argument or environment. */
export type KeychainSpawner = () => KeychainChild;

/** The other end, inside the child. */
export interface KeychainPort {
  send(message: KeychainReply): void;
  onMessage(listener: (message: unknown) => void): void;
}

export function isKeychainCall(message: unknown): message is KeychainCall {
  if (!isJsonObject(message) || !isId(message['id']) || typeof message['account'] !== 'string') return false;
  if (message['do'] === 'set') return typeof message['text'] === 'string';
  return message['do'] === 'get' || message['do'] === 'delete';
}

export function isKeychainReply(message: unknown): message is KeychainReply {
  if (!isJsonObject(message) || !isId(message['id'])) return false;
  const { ok, text, reason } = message;
  if (ok === true) return text === null || typeof text === 'string';
  return ok === false && (reason === 'none' || reason === 'failed' || reason === 'signature-changed');
}

/** Reads one line of JSON. @returns null for a line that is none; null is no message of ours, so it is refused like any other. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // the parser's own message quotes the line, and the line may hold a secret
  }
}

function isId(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value);
}
