import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { checkError, decodeBase64, isJsonObject, parseJson, type ColdroomError, type JsonObject } from '../values/index.ts';
import { checkValueSize } from './keychain.ts';

/** A keychain's entries as the operating system keeps them: short ASCII texts by account name, each replaced in one step. */
export interface EntryStore {
  get(account: string): Promise<string | null>;
  set(account: string, text: string): Promise<void>;
  delete(account: string): Promise<void>;
}

/**
 * The most characters of one entry. Windows Credential Manager takes 2,560 bytes and keytar writes UTF-16 there: 1,200
 * characters are 2,400 bytes. The same everywhere, so that there is one path to test. Contract, "Environments".
 */
export const ENTRY_LENGTH = 1200;
/** More than a value of the largest size needs; keeps a damaged index from asking for millions. */
const MAX_PARTS = 100;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A value that is being replaced while it is read is read again; each round needs another writer to have come between. */
const READ_ATTEMPTS = 5;

/** What an entry's own account holds: a short value itself, or where the parts of a long one are and what opens them. */
type Head = { readonly value: Buffer } | { readonly gen: string; readonly parts: number; readonly key: Buffer };

/**
 * Keeps a value of any length up to 65,536 bytes in entries that are short. A short one goes into its own account, in one
 * step. A long one is sealed with AES-256-GCM under a key and nonce made for this write; its parts go in under a new
 * generation first, the index that holds the key last, and the old generation is removed after that. Whatever step is the
 * last one done, reading gives the old value or the new one; and what an interrupted or overtaken write leaves behind is
 * ciphertext without its key, not pieces of an API key that nothing would ever remove.
 * @throws what the store throws; input `keychain-value-too-large`.
 */
export async function setSplit(store: EntryStore, name: string, value: Buffer): Promise<void> {
  checkValueSize(value);
  const before = parseHead(await store.get(name));
  const inline = JSON.stringify({ value: value.toString('base64') });
  await store.set(name, inline.length <= ENTRY_LENGTH ? inline : await setParts(store, name, value));
  await discard(store, name, before);
}

/** @returns the text of the index. */
async function setParts(store: EntryStore, name: string, value: Buffer): Promise<string> {
  const gen = randomBytes(8).toString('hex');
  const key = randomBytes(KEY_BYTES + NONCE_BYTES);
  const text = sealParts(value, key, gen).toString('base64');
  const parts = Math.ceil(text.length / ENTRY_LENGTH);
  for (let part = 0; part < parts; part += 1) {
    await store.set(partAccount(name, gen, part), text.slice(part * ENTRY_LENGTH, (part + 1) * ENTRY_LENGTH));
  }
  const index = JSON.stringify({ gen, parts, key: key.toString('base64') });
  key.fill(0);
  return index;
}

/**
 * @returns the value, or null; the caller wipes it.
 * @throws what the store throws; check `keychain-entry-damaged` where the parts do not give what the index says.
 */
export async function getSplit(store: EntryStore, name: string): Promise<Buffer | null> {
  let before: string | null = null;
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    const text = await store.get(name);
    // The same index twice: nobody replaced it in between, so the parts it names are not there or are not its own.
    if (text !== null && text === before) throw damaged();
    before = text;
    const head = parseHead(text);
    if (head === null) return null;
    if (head === 'damaged') throw damaged();
    if ('value' in head) return head.value;
    const value = openParts(await getParts(store, name, head.gen, head.parts), head.key, head.gen);
    head.key.fill(0);
    if (value !== null) return value;
  }
  throw damaged();
}

async function getParts(store: EntryStore, name: string, gen: string, parts: number): Promise<Buffer | null> {
  let text = '';
  for (let part = 0; part < parts; part += 1) text += (await store.get(partAccount(name, gen, part))) ?? '';
  return decodeBase64(text);
}

/**
 * Removes a value. The index goes first: with it goes the key, and the parts are nothing. A damaged entry is removed too.
 * @throws what the store throws.
 */
export async function deleteSplit(store: EntryStore, name: string): Promise<void> {
  const head = parseHead(await store.get(name));
  await store.delete(name);
  await discard(store, name, head);
}

/** Removes what a head that no longer stands pointed to, and wipes what it held. */
async function discard(store: EntryStore, name: string, head: Head | 'damaged' | null): Promise<void> {
  if (head === null || head === 'damaged') return;
  if ('value' in head) {
    head.value.fill(0);
    return;
  }
  head.key.fill(0);
  for (let part = 0; part < head.parts; part += 1) await store.delete(partAccount(name, head.gen, part));
}

function partAccount(name: string, gen: string, part: number): string {
  return `${name}.${gen}.${part.toString()}`;
}

/** The generation is authenticated with the content: parts open only as those that their index names. */
function sealParts(value: Buffer, key: Buffer, gen: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key.subarray(0, KEY_BYTES), key.subarray(KEY_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(gen, 'latin1'));
  return Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

function openParts(sealed: Buffer | null, key: Buffer, gen: string): Buffer | null {
  if (sealed === null || sealed.length < TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key.subarray(0, KEY_BYTES), key.subarray(KEY_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(gen, 'latin1'));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const unverified = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
    return unverified;
  } catch {
    unverified.fill(0);
    return null; // the tag's only message is "not these parts", which is the answer
  }
}

function parseHead(text: string | null): Head | 'damaged' | null {
  if (text === null) return null;
  const json = readObject(text);
  if (json === null) return 'damaged';
  const value = bytesOf(json['value']);
  if (value !== null) return { value };
  const { gen, parts } = json;
  const key = bytesOf(json['key']);
  if (typeof gen !== 'string' || !/^[0-9a-f]{16}$/.test(gen)) return 'damaged';
  if (typeof parts !== 'number' || parts < 1 || parts > MAX_PARTS) return 'damaged';
  if (key?.length !== KEY_BYTES + NONCE_BYTES) return 'damaged';
  return { gen, parts, key };
}

function bytesOf(json: unknown): Buffer | null {
  return typeof json === 'string' ? decodeBase64(json) : null;
}

function readObject(text: string): JsonObject | null {
  try {
    const json = parseJson(Buffer.from(text, 'utf8'), { maxBytes: ENTRY_LENGTH, integersOnly: true });
    return isJsonObject(json) ? json : null;
  } catch {
    return null; // whatever is wrong with it, it is not an entry that Coldroom wrote
  }
}

function damaged(): ColdroomError {
  return checkError('keychain-entry-damaged', 'an entry in the OS keychain is not as Coldroom wrote it', {
    hint: 'something else changed it: for an API key log in again, for a station key restore the keychain',
  });
}
