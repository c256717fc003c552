/** How long before it locks the page says so. */
export const WARNING_MS = 30_000;
/** How often it is looked at how long nobody did anything. */
const LOOK_EVERY_MS = 1000;

export type IdleLockOptions = {
  readonly afterMs: number;
  /** Once for each time that it comes near; milliseconds that are left. */
  readonly onSoon: (leftMs: number) => void;
  /** Whatever must be covered and forgotten, at once. */
  readonly onLock: () => void;
};

/**
 * Locks a window that nobody uses. It is main's own clock that decides, not the page's. Time that the machine slept counts: both the
 * clock that people see and the one that only runs are asked, and the longer idleness holds; a clock that is set forward locks early.
 */
export class IdleLock {
  #afterMs: number;
  readonly #options: IdleLockOptions;
  readonly #timer: NodeJS.Timeout;
  #active = { wallMs: Date.now(), runningMs: performance.now() };
  #isArmed = false;
  #isWarned = false;
  #lockedAtMs: number | null = null;

  constructor(options: IdleLockOptions) {
    this.#options = options;
    this.#afterMs = options.afterMs;
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** When it was locked, in milliseconds; null while it is open. */
  get lockedAtMs(): number | null {
    return this.#lockedAtMs;
  }

  /** Somebody is there. Of a window that is locked this changes nothing. */
  active(): void {
    if (this.#lockedAtMs !== null) return;
    this.#active = { wallMs: Date.now(), runningMs: performance.now() };
    this.#isWarned = false;
  }

  /** From now on there is something to cover; also opens a locked window. */
  open(): void {
    this.#lockedAtMs = null;
    this.#isArmed = true;
    this.active();
  }

  setAfter(afterMs: number): void {
    this.#afterMs = afterMs;
    this.active();
  }

  /** Locks now, where there is something to cover that is not covered yet. */
  lock(): void {
    if (!this.#isArmed || this.#lockedAtMs !== null) return;
    this.#lockedAtMs = Date.now();
    this.#options.onLock();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (!this.#isArmed || this.#lockedAtMs !== null) return;
    const idleMs = Math.max(Date.now() - this.#active.wallMs, performance.now() - this.#active.runningMs);
    const leftMs = this.#afterMs - idleMs;
    if (leftMs <= 0) {
      this.lock();
    } else if (leftMs <= Math.min(WARNING_MS, this.#afterMs / 4) && !this.#isWarned) {
      this.#isWarned = true;
      this.#options.onSoon(leftMs);
    }
  }
}
