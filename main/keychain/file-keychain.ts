import { readBoundedFile, writeFileReplacing } from '../files/index.ts';
import { openBox, sealBox } from '../sealing/index.ts';
import { inputError, isColdroomError, quote, type Passphrase } from '../values/index.ts';
import { damagedFile, encodeEntries, MAX_CONTENT_BYTES, parseEntries, wipeEntries, type Entries } from './file-entries.ts';
import { checkEntryName, checkValueSize, type Keychain } from './keychain.ts';
import { Serial } from './serial.ts';

/** design.md, "Sealing formats": a box begins with these four bytes and is 36 bytes longer than its content. */
const BOX_START = 'CRB1';
const BOX_OVERHEAD_BYTES = 36;

export interface FileKeychainOptions {
  /** The keychain's file. It is made at the first `set`; its folder must exist. */
  readonly path: string;
  /** Wiped by `close`. */
  readonly passphrase: Passphrase;
  /** Runs `work` while no other process changes the file. Called for one piece of work at a time. */
  readonly exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * A keychain for machines that have none: one file, 0600, holding a passphrase box over `{v: 1, entries: {name: base64}}`.
 *
 * Two processes lose nothing of each other's: a change reads the file again, edits that and replaces the file in one step,
 * all under the lock. Reading takes no lock, since it sees the file of before or after.
 *
 * An opened file is kept until its bytes change, so that reading costs one scrypt in a process's life (a third of a second)
 * and each change one more: a box has a fresh salt. Entries pass through strings while they are parsed, which cannot be wiped.
 * @throws (from its calls) input `keychain-passphrase-wrong`, `keychain-file-missing`, `keychain-full`,
 *   `keychain-value-too-large`, what `readBoundedFile` (but `file-missing`), `writeFileReplacing` and `exclusively` throw;
 *   check `keychain-file-damaged`.
 */
export function openFileKeychain(options: FileKeychainOptions): Keychain {
  // SECURITY(REQ-KEYCHAIN): entries are read into memory and nowhere else; the file is under the passphrase whole.
  return new FileKeychain(options);
}

class FileKeychain implements Keychain {
  readonly kind = 'file';
  readonly #options: FileKeychainOptions;
  readonly #serial = new Serial();
  /** The file as it was last seen, and what it holds. */
  #opened: { readonly box: Buffer; readonly entries: Entries } | null = null;
  #closed = false;

  constructor(options: FileKeychainOptions) {
    this.#options = options;
  }

  get(name: string): Promise<Buffer | null> {
    return this.#work(name, async () => {
      const value = (await this.#load()).get(name);
      return value === undefined ? null : Buffer.from(value);
    });
  }

  set(name: string, value: Buffer): Promise<void> {
    return this.#work(name, () => {
      checkValueSize(value);
      return this.#options.exclusively(async () => {
        await this.#replace((await this.#load()).set(name, Buffer.from(value)));
      });
    });
  }

  delete(name: string): Promise<void> {
    return this.#work(name, () =>
      this.#options.exclusively(async () => {
        const entries = await this.#load();
        if (entries.delete(name)) await this.#replace(entries);
      }),
    );
  }

  close(): Promise<void> {
    return this.#serial.run(() => {
      this.#closed = true;
      this.#forget();
      this.#options.passphrase.fill(0);
      return Promise.resolve();
    });
  }

  #work<Result>(name: string, step: () => Promise<Result>): Promise<Result> {
    return this.#serial.run(() => {
      checkEntryName(name);
      // The passphrase has been wiped: a new file would be sealed under zeros.
      if (this.#closed) throw new Error('the keychain is closed');
      return step();
    });
  }

  /** What the file holds now, as a map of the caller's own; its buffers stay those of the keychain. */
  async #load(): Promise<Map<string, Buffer>> {
    const { path, passphrase } = this.#options;
    const box = await readBox(path);
    if (box === null) {
      // Writing on would make a file that holds the one new entry, and the station's keys would be gone.
      if (this.#opened !== null) throw missing(path);
      return new Map();
    }
    if (this.#opened?.box.equals(box) !== true) {
      const entries = await openEntries(box, passphrase, path);
      this.#forget();
      this.#opened = { box, entries };
    }
    return new Map(this.#opened.entries);
  }

  /** Writes first and remembers then: after an error this process knows no more than the file. */
  async #replace(entries: Entries): Promise<void> {
    const { path, passphrase } = this.#options;
    const before = this.#opened?.entries;
    try {
      const box = await sealEntries(entries, passphrase);
      await writeFileReplacing(path, box, 0o600);
      this.#opened = { box, entries };
      wipeEntries(before, entries);
    } catch (error) {
      wipeEntries(entries, before);
      throw error;
    }
  }

  #forget(): void {
    wipeEntries(this.#opened?.entries);
    this.#opened = null;
  }
}

async function readBox(path: string): Promise<Buffer | null> {
  const limits = { maxBytes: MAX_CONTENT_BYTES + BOX_OVERHEAD_BYTES, what: 'the keychain file', allowEmpty: true };
  try {
    return await readBoundedFile(path, limits);
  } catch (error) {
    if (isColdroomError(error) && error.code === 'file-missing') return null;
    throw error;
  }
}

async function openEntries(box: Buffer, passphrase: Passphrase, path: string): Promise<Entries> {
  if (box.length <= BOX_OVERHEAD_BYTES || box.toString('latin1', 0, BOX_START.length) !== BOX_START) throw damagedFile(path);
  const content = await openContent(box, passphrase, path);
  try {
    return parseEntries(content, path);
  } finally {
    content.fill(0);
  }
}

async function openContent(box: Buffer, passphrase: Passphrase, path: string): Promise<Buffer> {
  try {
    return await openBox(box, passphrase);
  } catch (error) {
    if (!isColdroomError(error) || error.code !== 'box-cannot-open') throw error;
    throw inputError(
      'keychain-passphrase-wrong',
      `the passphrase does not open the keychain file ${quote(path)}, or the file was changed`,
      {
        hint: 'check the file named with --keychain-passphrase-file; if that is right, restore the keychain from a copy of the home folder',
        cause: error,
      },
    );
  }
}

async function sealEntries(entries: Entries, passphrase: Passphrase): Promise<Buffer> {
  const content = encodeEntries(entries);
  try {
    return await sealBox(content, passphrase);
  } finally {
    content.fill(0);
  }
}

function missing(path: string): Error {
  return inputError('keychain-file-missing', `the keychain file ${quote(path)} was there and is gone`, {
    hint: 'put it back, from a copy of the home folder if need be; nothing was written',
  });
}
