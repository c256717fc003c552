import type { Beside } from './seal-plan.ts';

/**
 * Keeps what people typed beside the secrets of one ceremony, in main's memory alone, from when a file was looked at until it is sealed:
 * the bytes that are sealed are looked at again, and their identifier follows from both. It goes one way: nothing here is ever shown.
 * What is taken away is wiped. A window's session has one; a file of another ceremony drives out those before.
 */
export class BesideKeeper {
  #ceremony = '';
  readonly #kept = new Map<string, Beside>();

  /** @param beside the keeper wipes both. */
  put(ceremony: string, itemId: string, beside: Beside): void {
    if (this.#ceremony !== ceremony) this.forget();
    this.#ceremony = ceremony;
    this.drop(ceremony, itemId);
    this.#kept.set(itemId, beside);
  }

  /** Null where nothing is kept for that file. The keeper's own buffers: whoever uses them neither changes nor keeps them. */
  get(ceremony: string, itemId: string): Beside | null {
    return ceremony === this.#ceremony ? (this.#kept.get(itemId) ?? null) : null;
  }

  /** Forgets what goes with one file, wiping it. */
  drop(ceremony: string, itemId: string): void {
    const kept = this.get(ceremony, itemId);
    kept?.bip39Passphrase?.fill(0);
    kept?.password?.fill(0);
    this.#kept.delete(itemId);
  }

  /** Forgets everything, wiping it. */
  forget(): void {
    for (const itemId of [...this.#kept.keys()]) this.drop(this.#ceremony, itemId);
    this.#ceremony = '';
  }
}
