import { readBoundedFile, removeFile, writeFileReplacing } from '../files/index.ts';
import { inputError, isColdroomError, type Clock } from '../values/index.ts';
import type { KeyPool } from './key-pool.ts';
import { damagedRehearsal, MAX_STATE_BYTES } from './saved-state.ts';
import { StandIn, type StandInAddress } from './stand-in.ts';
import { openState, sealState, STATE_BOX_OVERHEAD_BYTES, STATE_KEY_BYTES } from './state-box.ts';

export type KeptStandInOptions = {
  /** The rehearsal's file. It is made at the first opening; its folder must exist. */
  readonly path: string;
  /** 32 bytes, from the keychain and for this rehearsal alone. The caller wipes them, once the opening is over if it likes. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  /** Where RSA-4096 keys come from; by default it makes its own, two ahead. */
  readonly keyPool?: KeyPool;
};

/** A stand-in that listens and goes on after a kill. */
export type KeptStandIn = {
  readonly standIn: StandIn;
  readonly address: StandInAddress;
  /** Whether it goes on with a rehearsal that the file held; false where it begins one. */
  readonly resumed: boolean;
  /** Ends it and leaves the file, to go on later. Changes under way end first, and nothing is written afterwards. */
  readonly close: () => Promise<void>;
  /** Ends it and removes the file. @throws input `file-not-removed`. */
  readonly discard: () => Promise<void>;
};

/**
 * Opens the stand-in of a rehearsal that may be interrupted: what it knows lies in a file of its own, 0600, written whole after
 * every change and before the answer leaves. It listens where it listened before, since an environment's id hangs on host and
 * port; the port also keeps out a second process that would open the same rehearsal.
 *
 * A rehearsal may run on a real secret, and the file holds its ciphertext beside the private key. So the file is encrypted
 * under a key that lies elsewhere, and must be discarded at the end, together with that key. A write that fails makes the call that
 * it was for fail with 500: see to disk space and permissions, and call again.
 * @throws input `rehearsal-file-damaged` (changed, cut short, or sealed under another key), `port-taken`, and what
 *   `readBoundedFile` and `writeFileReplacing` throw. Then nothing listens, and the file is as it was.
 */
export async function openKeptStandIn(options: KeptStandInOptions): Promise<KeptStandIn> {
  const file = new KeptFile(options.path, options.key);
  try {
    const state = await file.read();
    const standIn = standInOf(state, file, options);
    try {
      const address = await listenAgain(standIn);
      if (state === null) await file.write(standIn.save());
      const close = async (): Promise<void> => {
        await standIn.close();
        file.close();
      };
      const discard = async (): Promise<void> => {
        await close();
        await discardKeptStandIn(options.path);
      };
      return { standIn, address, resumed: state !== null, close, discard };
    } catch (error) {
      await standIn.close();
      throw error;
    }
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Removes the file of a rehearsal that is not open, also of one that cannot be opened any more. No file is no error.
 * @throws input `file-not-removed`.
 */
export function discardKeptStandIn(path: string): Promise<void> {
  return removeFile(path);
}

function standInOf(state: Buffer | null, file: KeptFile, { clock, keyPool }: KeptStandInOptions): StandIn {
  const options = {
    ...(keyPool === undefined ? {} : { keyPool }),
    onChange: (standIn: StandIn) => file.write(standIn.save()),
  };
  if (state === null) return new StandIn(clock, options);
  try {
    return StandIn.restore(state, clock, options);
  } finally {
    state.fill(0);
  }
}

async function listenAgain(standIn: StandIn): Promise<StandInAddress> {
  const port = standIn.lastPort ?? 0;
  try {
    return await standIn.listen(port);
  } catch (cause) {
    if (!isColdroomError(cause) || cause.code !== 'port-taken') throw cause;
    throw inputError('port-taken', `the rehearsal’s port ${port.toString()} cannot be used by it now`, {
      hint: 'close the other Coldroom or the program that uses the port, then open the rehearsal again; or discard the rehearsal and start a new one',
      cause,
    });
  }
}

/** The file of one rehearsal, under a copy of its key that is wiped at the end. */
class KeptFile {
  readonly #path: string;
  readonly #key: Buffer;

  constructor(path: string, key: Uint8Array) {
    if (key.length !== STATE_KEY_BYTES) throw new RangeError('the key of a kept stand-in has 32 bytes');
    this.#path = path;
    this.#key = Buffer.from(key);
  }

  /** The state that the file holds, which the caller wipes; null where there is no file. */
  async read(): Promise<Buffer | null> {
    const box = await this.#readBox();
    if (box === null) return null;
    const state = openState(box, this.#key);
    if (state === null) throw damagedRehearsal('its file was changed, or the keychain’s key is not that of this file');
    return state;
  }

  /** @param state is wiped here. @throws input `rehearsal-full`, and what `writeFileReplacing` throws. */
  async write(state: Buffer): Promise<void> {
    let box: Buffer;
    try {
      if (state.length > MAX_STATE_BYTES) {
        throw inputError('rehearsal-full', 'the rehearsal holds more than its file may', { hint: 'discard it and start a new one' });
      }
      box = sealState(state, this.#key);
    } finally {
      state.fill(0);
    }
    await writeFileReplacing(this.#path, box, 0o600);
  }

  close(): void {
    this.#key.fill(0);
  }

  async #readBox(): Promise<Buffer | null> {
    const limits = { maxBytes: MAX_STATE_BYTES + STATE_BOX_OVERHEAD_BYTES, what: 'the rehearsal’s file', allowEmpty: true };
    try {
      return await readBoundedFile(this.#path, limits);
    } catch (error) {
      if (isColdroomError(error) && error.code === 'file-missing') return null;
      if (isColdroomError(error) && error.code === 'file-too-large') throw damagedRehearsal('its file is larger than any that is written');
      throw error;
    }
  }
}
