import { timingSafeEqual } from 'node:crypto';
import type { Passphrase } from '../../values/index.ts';

/** A passphrase as a whole, or one of two halves that two people bring. */
export const PARTS = ['whole', 'first', 'second'] as const;
export type Part = (typeof PARTS)[number];

/** How a part came to be; `by`: the initials of whose half it is. */
export type PartOrigin = { readonly how: 'generated' | 'own'; readonly words: number | null; readonly by: string | null };

type Held = { readonly origin: PartOrigin; readonly bytes: Passphrase; confirmed: boolean };

/**
 * Keeps the passphrase of one ceremony, in main's memory alone, from when it is made until everything is sealed under it. What is
 * taken away is wiped. A window's session has one; a passphrase of another ceremony drives out the one before.
 */
export class PassphraseKeeper {
  #ceremony = '';
  readonly #parts = new Map<Part, Held>();

  /** @param bytes the keeper wipes them. @param confirmed false: it counts only once somebody has typed it back. */
  put(ceremony: string, part: Part, origin: PartOrigin, bytes: Passphrase, confirmed: boolean): void {
    if (this.#ceremony !== ceremony) this.forget();
    this.#ceremony = ceremony;
    // A whole one and halves are two ways; the one that is taken up ends the other.
    for (const other of PARTS) if (other === part || (other === 'whole') !== (part === 'whole')) this.#drop(other);
    this.#parts.set(part, { origin, bytes, confirmed });
  }

  /**
   * Compares what was typed with the part that is kept, in constant time; the same confirms it.
   * @returns null where no such part is kept.
   */
  confirm(ceremony: string, part: Part, typed: Passphrase): boolean | null {
    const held = this.#of(ceremony, part);
    if (held === null) return null;
    const same = held.bytes.length === typed.length && timingSafeEqual(held.bytes, typed);
    if (same) held.confirmed = true;
    return same;
  }

  /** What is kept, without the passphrase. */
  parts(ceremony: string): readonly (PartOrigin & { readonly part: Part; readonly confirmed: boolean })[] {
    return PARTS.flatMap((part) => {
      const held = this.#of(ceremony, part);
      return held === null ? [] : [{ part, ...held.origin, confirmed: held.confirmed }];
    });
  }

  /** True when the whole, or both halves, are there and confirmed. */
  isReady(ceremony: string): boolean {
    const confirmed = (part: Part): boolean => this.#of(ceremony, part)?.confirmed === true;
    return confirmed('whole') || (confirmed('first') && confirmed('second'));
  }

  /** The passphrase: the whole, or first half, U+0020, second half. Null where it is not ready. @returns a copy; the caller wipes it. */
  copy(ceremony: string): Passphrase | null {
    if (!this.isReady(ceremony)) return null;
    return this.joined(ceremony);
  }

  /** As {@link copy}, of parts that may still wait for being typed back. */
  joined(ceremony: string): Passphrase | null {
    const [whole, first, second] = PARTS.map((part) => this.#of(ceremony, part)?.bytes);
    if (whole !== undefined) return Buffer.from(whole) as Passphrase;
    if (first === undefined || second === undefined) return null;
    return Buffer.concat([first, Buffer.from(' '), second]) as Passphrase;
  }

  /** Forgets one part, wiping it. */
  drop(ceremony: string, part: Part): void {
    if (ceremony === this.#ceremony) this.#drop(part);
  }

  /** Forgets everything, wiping it. */
  forget(): void {
    for (const part of PARTS) this.#drop(part);
    this.#ceremony = '';
  }

  #of(ceremony: string, part: Part): Held | null {
    return ceremony === this.#ceremony ? (this.#parts.get(part) ?? null) : null;
  }

  #drop(part: Part): void {
    this.#parts.get(part)?.bytes.fill(0);
    this.#parts.delete(part);
  }
}
