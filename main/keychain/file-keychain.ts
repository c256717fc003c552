import { readFile } from 'node:fs/promises';
import { writeFileReplacing } from '../files/index.ts';
import { openBox, sealBox } from '../sealing/index.ts';
import {
  checkError,
  decodeBase64,
  inputError,
  isColdroomError,
  isJsonObject,
  parseJson,
  quote,
  systemCode,
  type Passphrase,
} from '../values/index.ts';
import type { Keychain } from './keychain.ts';

const MAX_FILE_BYTES = 16 * 1024 * 1024;

export type FileKeychainOptions = {
  path: string;
  /** Wiped when the keychain is closed. */
  passphrase: Passphrase;
  /** Runs `work` while no other process changes the file. */
  exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

type Entries = Map<string, Buffer>;

/**
 * A keychain for machines that have none: a passphrase box over JSON `{v: 1, entries: {name: base64}}`, mode 0600. The file
 * is read once and again before each write, under a lock, so that two processes lose nothing of each other's. Each opening
 * and each write cost one scrypt, about a third of a second: a box has a fresh salt.
 * @throws (from its calls) input `keychain-passphrase-wrong`, `keychain-file-unreadable`; check `keychain-file-damaged`.
 */
export function openFileKeychain(options: FileKeychainOptions): Keychain {
  let current: { box: Buffer | null; entries: Entries } | null = null;

  const load = async (): Promise<Entries> => {
    const box = await readBox(options.path);
    const unchanged = current !== null && (box === null ? current.box === null : current.box?.equals(box) === true);
    if (!unchanged) {
      wipe(current?.entries);
      current = { box, entries: box === null ? new Map<string, Buffer>() : await openEntries(box, options.passphrase) };
    }
    return current?.entries ?? new Map<string, Buffer>();
  };
  const change = (edit: (entries: Entries) => void): Promise<void> =>
    options.exclusively(async () => {
      const entries = await load();
      edit(entries);
      const box = await sealEntries(entries, options.passphrase);
      await writeFileReplacing(options.path, box);
      current = { box, entries };
    });

  return {
    kind: 'file',
    get: async (name) => {
      const value = (current?.entries ?? (await load())).get(name);
      return value === undefined ? null : Buffer.from(value);
    },
    set: (name, value) =>
      change((entries) => {
        entries.get(name)?.fill(0);
        entries.set(name, Buffer.from(value));
      }),
    delete: (name) =>
      change((entries) => {
        entries.get(name)?.fill(0);
        entries.delete(name);
      }),
    close: () => {
      wipe(current?.entries);
      current = null;
      options.passphrase.fill(0);
      return Promise.resolve();
    },
  };
}

async function readBox(path: string): Promise<Buffer | null> {
  try {
    const box = await readFile(path);
    if (box.length > MAX_FILE_BYTES) throw damaged(path);
    return box;
  } catch (cause) {
    if (isColdroomError(cause)) throw cause;
    if (systemCode(cause) === 'ENOENT') return null;
    throw inputError(
      'keychain-file-unreadable',
      `the keychain file ${quote(path)} cannot be read (${systemCode(cause) ?? 'unknown error'})`,
      {
        hint: 'check who may read it',
        cause,
      },
    );
  }
}

async function openEntries(box: Buffer, passphrase: Passphrase): Promise<Entries> {
  const json = await openJson(box, passphrase);
  try {
    const parsed = parseJson(json, { maxBytes: MAX_FILE_BYTES, integersOnly: true });
    if (!isJsonObject(parsed) || parsed['v'] !== 1 || !isJsonObject(parsed['entries'])) throw damaged();
    return new Map(Object.entries(parsed['entries']).map(([name, value]) => [name, decodeValue(value)]));
  } catch {
    throw damaged(); // what the reader says may quote a secret
  } finally {
    json.fill(0);
  }
}

async function openJson(box: Buffer, passphrase: Passphrase): Promise<Buffer> {
  try {
    return await openBox(box, passphrase);
  } catch (cause) {
    throw inputError('keychain-passphrase-wrong', 'the passphrase does not open this station’s keychain file, or the file was changed', {
      hint: 'check the file named with --keychain-passphrase-file; the keychain cannot be opened without it',
      cause,
    });
  }
}

function decodeValue(value: unknown): Buffer {
  const bytes = typeof value === 'string' ? decodeBase64(value) : null;
  if (bytes === null) throw damaged();
  return bytes;
}

async function sealEntries(entries: Entries, passphrase: Passphrase): Promise<Buffer> {
  const values = Object.fromEntries([...entries].map(([name, value]) => [name, value.toString('base64')]));
  const json = Buffer.from(JSON.stringify({ v: 1, entries: values }), 'utf8');
  try {
    return await sealBox(json, passphrase);
  } finally {
    json.fill(0);
  }
}

function wipe(entries: Entries | undefined): void {
  for (const value of entries?.values() ?? []) value.fill(0);
}

function damaged(path?: string): Error {
  return checkError('keychain-file-damaged', `the keychain file${path === undefined ? '' : ` ${quote(path)}`} holds no keychain`, {
    hint: 'restore it from a copy of the home folder',
  });
}
