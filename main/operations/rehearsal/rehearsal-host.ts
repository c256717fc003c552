import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { LedgerQueries } from '../../ledger/index.ts';
import {
  damagedRehearsal,
  discardKeptStandIn,
  openKeptStandIn,
  type KeptStandIn,
  type KeyPool,
  type ReleasePackage,
  type StandInAddress,
} from '../../rehearsal/index.ts';
import { checkError, isColdroomError, type Clock, type ColdroomError } from '../../values/index.ts';
import { homePaths } from '../station/home.ts';

/** What the host needs of an open station. */
type RehearsalStation = {
  readonly queries: LedgerQueries;
  token(environmentId: string): Promise<string | null>;
  removeToken(environment: { name: string; environment_id: string }): Promise<void>;
  keychainEntry(entry: string): Promise<Buffer | null>;
  setKeychainEntry(entry: string, value: Buffer | null): Promise<void>;
};

const ENTRY = 'rehearsal-key';
const KEY_BYTES = 32;

/**
 * The built-in stand-in inside a window's process. It outlives the process in an encrypted file, so that a rehearsal goes on
 * after a crash, and is thrown away, key and file, when the rehearsal is over: it may hold a real secret's private key.
 */
export class RehearsalHost {
  readonly #home: string;
  readonly #clock: Clock;
  readonly #keyPool: KeyPool | null;
  #kept: KeptStandIn | null = null;
  #problem: ColdroomError | null = null;

  /** @param keyPool where RSA-4096 keys come from; by default the stand-in makes its own. */
  constructor(home: string, clock: Clock, keyPool: KeyPool | null = null) {
    this.#home = home;
    this.#clock = clock;
    this.#keyPool = keyPool;
  }

  /**
   * Starts a kept stand-in again, where there is one. What fails is told when a rehearsal needs it, not before. One whose
   * rehearsal has ended is thrown away: the app died after the last initials and before that was done. Where the port is taken,
   * another window of this station may be running it, and may have closed by the next time.
   */
  async resume(station: RehearsalStation): Promise<void> {
    const isThere = existsSync(homePaths(this.#home).rehearsal);
    if (this.#kept !== null) {
      // Another window has ended the rehearsal: what it could open must not live on here, nor be written down again.
      if (!isThere) await this.close();
      return;
    }
    if (this.#problem !== null && !this.#isPortTaken()) return;
    const wanted = station.queries
      .ceremonies()
      .some((one) => ['rehearsal', 'recovery'].includes(one.script) && one.environment === 'rehearsal' && one.state === 'open');
    if (!isThere) {
      this.#problem = wanted && (await this.#hasKey(station)) ? damagedRehearsal('its file is gone') : null;
      return;
    }
    try {
      await this.#open(station);
      this.#problem = null;
    } catch (error) {
      if (!isColdroomError(error)) throw error;
      this.#problem = error;
    }
    if (!wanted && !this.#isPortTaken()) await this.end(station);
  }

  /** @throws what keeps a kept stand-in from going on for good: without it nobody answers at the rehearsal's address. */
  checkNotDamaged(): void {
    if (this.#problem !== null && !this.#isPortTaken()) throw this.#problem;
  }

  async #hasKey(station: RehearsalStation): Promise<boolean> {
    const key = await station.keychainEntry(ENTRY);
    key?.fill(0);
    return key !== null;
  }

  #isPortTaken(): boolean {
    return this.#problem?.code === 'port-taken';
  }

  /** True where there is a stand-in to go on with, running or not. */
  isKept(): boolean {
    return this.#kept !== null || existsSync(homePaths(this.#home).rehearsal);
  }

  /** True where a stand-in of this process runs at that address. */
  runsAt(api: string): boolean {
    return this.#kept?.address.api === api;
  }

  /**
   * The stand-in, running; a new one where there is none. One that could not be started before is tried again: its port may
   * be free by now. @throws `rehearsal-file-damaged`, `port-taken`.
   */
  async start(station: RehearsalStation): Promise<StandInAddress> {
    if (this.#kept === null) {
      // A new one under the old one's name would leave the rehearsals that are open with somebody who knows nothing of them.
      if (!existsSync(homePaths(this.#home).rehearsal)) this.checkNotDamaged();
      await this.#open(station);
    }
    this.#problem = null;
    return this.#need().address;
  }

  async release(keyId: string, armoredPublicKey: string): Promise<readonly ReleasePackage[]> {
    return this.#need().standIn.release(keyId, armoredPublicKey);
  }

  /**
   * Ends the stand-in for good: its API key, its file and that file's key are gone. Where the rehearsal environment is
   * somebody else's stand-in, that one's API key stays. One that cannot be opened any more is thrown away, too.
   */
  async end(station: RehearsalStation): Promise<void> {
    const environment = station.queries.environment('rehearsal');
    const isHere = environment !== null && (this.runsAt(environment.api) || this.#problem !== null);
    if (environment !== null && isHere && (await station.token(environment.environment_id)) !== null) {
      await station.removeToken(environment);
    }
    const kept = this.#kept;
    this.#kept = null;
    this.#problem = null;
    if (kept === null) await discardKeptStandIn(homePaths(this.#home).rehearsal);
    else await kept.discard();
    await station.setKeychainEntry(ENTRY, null);
  }

  /** Stops it; its file stays for the next start. */
  async close(): Promise<void> {
    const kept = this.#kept;
    this.#kept = null;
    await kept?.close();
  }

  #need(): KeptStandIn {
    if (this.#kept === null) throw checkError('rehearsal-not-running', 'the built-in stand-in is not running');
    return this.#kept;
  }

  async #open(station: RehearsalStation): Promise<void> {
    const known = await station.keychainEntry(ENTRY);
    const key = known ?? randomBytes(KEY_BYTES);
    try {
      if (known === null) await station.setKeychainEntry(ENTRY, key);
      this.#kept = await openKeptStandIn({
        path: homePaths(this.#home).rehearsal,
        key,
        clock: this.#clock,
        ...(this.#keyPool === null ? {} : { keyPool: this.#keyPool }),
      });
    } finally {
      key.fill(0);
    }
  }
}
