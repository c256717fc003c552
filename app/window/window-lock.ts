import {
  checkSomebodyBack,
  noteReopened,
  readPassphraseText,
  readStationFile,
  runOperation,
  whoIsAtWork,
  type KeychainKeeper,
  type OperationContext,
} from '../../main/operations/index.ts';
import { inputError, isColdroomError, isoTime, type ColdroomError } from '../../main/values/index.ts';
import { IdleLock } from './idle-lock.ts';
import { readSettings } from './settings.ts';

const MINUTE_MS = 60_000;

/** What the lock of a window works with. */
export type LockGround = {
  readonly home: string;
  readonly keychains: KeychainKeeper;
  /** In place of what the station's settings say, for tests. */
  readonly lockAfterMs: number | undefined;
  readonly context: () => OperationContext;
  /** One after the other with the operations. */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly isRunning: () => boolean;
  readonly onSoon: (leftMs: number) => void;
  /** Whatever was typed and read is to be forgotten, and the screen covered. */
  readonly onCover: () => void;
};

/** The cover of a window: when it comes, and who may take it away. */
export class WindowLock {
  readonly #ground: LockGround;
  readonly #idle: IdleLock;
  #settled: Promise<void> | null = null;

  constructor(ground: LockGround) {
    this.#ground = ground;
    this.#idle = new IdleLock({
      afterMs: ground.lockAfterMs ?? Infinity,
      onSoon: ground.onSoon,
      onLock: () => {
        this.#cover();
      },
    });
  }

  /** Null while it is open. */
  get lockedAtMs(): number | null {
    return this.#idle.lockedAtMs;
  }

  lock(): void {
    this.#idle.lock();
  }

  /** There is something to cover from now on. */
  open(): void {
    this.#idle.open();
  }

  active(): void {
    this.#idle.active();
  }

  close(): void {
    this.#idle.close();
  }

  setMinutes(minutes: number): void {
    if (this.#ground.lockAfterMs === undefined) this.#idle.setAfter(minutes * MINUTE_MS);
  }

  /** Once, before the first message is answered: what the settings say, and whether there is anything to cover yet. */
  settle(): Promise<void> {
    const settle = async (): Promise<void> => {
      this.setMinutes((await readSettings(this.#ground.home)).lock_minutes);
      const file = await readStationFile(this.#ground.home).catch(() => null); // damaged: each call says so itself
      if (file?.keychain === 'os') this.#idle.open();
    };
    return (this.#settled ??= settle());
  }

  /** How it stands, and what opens it. */
  async state(keychain: 'os' | 'file' | null) {
    const { lockedAtMs } = this.#idle;
    return {
      locked: lockedAtMs !== null || (keychain === 'file' && !this.#ground.keychains.hasPassphrase),
      locked_since: lockedAtMs === null ? null : isoTime(lockedAtMs),
      unlock: keychain === null ? ('button' as const) : await this.#whatOpens(keychain),
    };
  }

  /** @throws what the passphrase or the keychain file comes to; then it stays locked. */
  unlock(passphrase: string): Promise<Record<string, never>> {
    return this.#reopen(() => this.#unlockWith(passphrase));
  }

  /** Where the keychain is the operating system's. @throws input `window-locked`, and those of initials and PINs. */
  goOn(initials: string | null, pin: string | null): Promise<Record<string, never>> {
    return this.#reopen(() => this.#goOn(initials, pin));
  }

  /**
   * SECURITY(REQ-IDLE-LOCK): what was typed and what was read is forgotten at once, the keychain as soon as nothing works with it: work
   * that is under way goes on, and ends in the ledger.
   */
  #cover(): void {
    this.#ground.onCover();
    void this.#ground.inTurn(async () => {
      if (this.#idle.lockedAtMs !== null) await this.#ground.keychains.forget();
    });
  }

  async #whatOpens(keychain: 'os' | 'file'): Promise<'passphrase' | 'initials' | 'initials-with-pin' | 'button'> {
    if (keychain === 'file') return 'passphrase';
    const atWork = await this.#atWork();
    if (atWork === null || atWork.initials.length === 0) return 'button';
    return atWork.asksPin ? 'initials-with-pin' : 'initials';
  }

  /** Null also where the ledger cannot be read: then no ceremony can go on either, and its own error says so. */
  async #atWork(): ReturnType<typeof whoIsAtWork> {
    try {
      return await whoIsAtWork(this.#ground.context());
    } catch (error) {
      if (isColdroomError(error)) return null;
      throw error;
    }
  }

  /** @param check throws where it stays locked; gives the initials of whoever opened it. */
  async #reopen(check: () => Promise<string | null>): Promise<Record<string, never>> {
    const lockedAtMs = this.#idle.lockedAtMs;
    const by = await check();
    this.#idle.open();
    if (lockedAtMs === null) return {};
    const atWork = await this.#atWork();
    if (atWork === null) return {};
    // After the work that is under way: it may hold the ceremony. That it cannot be noted is no reason to stay locked.
    void this.#ground
      .inTurn(() => noteReopened(this.#ground.context(), atWork.ceremony, { lockedAtMs, by }))
      .catch(() => {
        process.emitWarning('that the window was opened again could not be noted in the ledger');
      });
    return {};
  }

  async #unlockWith(passphrase: string): Promise<null> {
    const { keychains } = this.#ground;
    // While work is under way the keychain is open: what is typed is held against what opened it, so that nobody waits for its end.
    if (!this.#ground.isRunning() || !keychains.hasPassphrase) {
      await this.#ground.inTurn(() => this.#openKeychain(passphrase));
      return null;
    }
    const typed = readPassphraseText(passphrase);
    try {
      keychains.checkPassphrase(typed);
    } finally {
      typed.fill(0);
    }
    return null;
  }

  /** The passphrase is tried at once: a wrong one would otherwise show only in the middle of a ceremony. */
  async #openKeychain(passphrase: string): Promise<void> {
    const { keychains } = this.#ground;
    await keychains.forget();
    keychains.setPassphrase(readPassphraseText(passphrase));
    try {
      await runOperation('status', this.#ground.context(), {});
      const keychain = await keychains.open(() => Promise.reject(new Error('the keychain was opened by now')));
      await keychain.get('unlock/probe');
    } catch (error) {
      await keychains.forget();
      throw error;
    }
  }

  /** An operating system's keychain has no passphrase of ours: a person of the ceremony says that it is them. */
  async #goOn(typed: string | null, pin: string | null): Promise<string | null> {
    const file = await readStationFile(this.#ground.home);
    if (file === null || file.keychain === 'file') throw windowLocked();
    const atWork = await this.#atWork();
    if (atWork === null) return null;
    try {
      return await checkSomebodyBack(this.#ground.context(), atWork, { typed, pin });
    } catch (error) {
      // A PIN is held against the keychain, which a covered window has no business to keep open.
      if (!this.#ground.isRunning()) await this.#ground.keychains.forget();
      throw error;
    }
  }
}

export function windowLocked(): ColdroomError {
  return inputError('window-locked', 'this station is locked', { hint: 'unlock it first' });
}
