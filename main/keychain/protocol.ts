/** What goes to the child that talks to the OS keychain: one JSON object a line. Values are short texts, see `split.ts`. */
export type KeychainCall = { id: number; do: 'get' | 'delete'; account: string } | { id: number; do: 'set'; account: string; text: string };

/** What comes back. `none`: there is no keychain here; `failed`: it did not do it (locked, refused by its user). */
export type KeychainReply =
  { id: number; ok: true; text: string | null } | { id: number; ok: false; reason: 'none' | 'failed' | 'signature-changed' };

/** A child process as the keychain sees it. Each shell starts it in its own way. */
export interface KeychainChild {
  send(line: string): void;
  onLine(listener: (line: string) => void): void;
  /** Called once, however the child ends. */
  onEnd(listener: () => void): void;
  kill(): void;
}

export type KeychainSpawner = () => KeychainChild;
