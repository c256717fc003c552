import { randomBytes } from 'node:crypto';
import { checkError, isJsonObject, parseJson, sha256 } from '../values/index.ts';

/** A keychain's single entries, as the OS keeps them: short texts by account name. */
export interface EntryStore {
  get(account: string): Promise<string | null>;
  set(account: string, text: string): Promise<void>;
  delete(account: string): Promise<void>;
}

/**
 * The most of one entry. Windows Credential Manager takes 2,560 bytes and keytar writes UTF-16 there, so 1,200 characters
 * leave room; the same everywhere, so that one code path is tested. Contract, "Environments".
 */
const PART_LENGTH = 1200;

type Index = { gen: string; parts: number; sha256: string };

/**
 * Keeps values of any length in entries that are short. Parts go in under a new generation first, the index last, and the
 * old generation is removed after that: whatever moment a write is cut off at, reading gives the old value or the new one.
 */
export async function setSplit(store: EntryStore, name: string, value: Buffer): Promise<void> {
  const before = await readIndex(store, name);
  const text = value.toString('base64');
  const gen = randomBytes(8).toString('hex');
  const parts = Math.ceil(text.length / PART_LENGTH);
  for (let part = 0; part < parts; part += 1) {
    await store.set(partAccount(name, gen, part), text.slice(part * PART_LENGTH, (part + 1) * PART_LENGTH));
  }
  const index: Index = { gen, parts, sha256: sha256(value) };
  await store.set(name, JSON.stringify(index));
  await deleteParts(store, name, before);
}

/** @returns the value, or null. @throws check `keychain-entry-damaged` where the parts do not give what the index says. */
export async function getSplit(store: EntryStore, name: string): Promise<Buffer | null> {
  const index = await readIndex(store, name);
  if (index === null) return null;
  const parts: string[] = [];
  for (let part = 0; part < index.parts; part += 1) parts.push((await store.get(partAccount(name, index.gen, part))) ?? '');
  const value = Buffer.from(parts.join(''), 'base64');
  if (sha256(value) !== index.sha256) throw damaged();
  return value;
}

/** The index goes first: without it the parts are nothing. */
export async function deleteSplit(store: EntryStore, name: string): Promise<void> {
  const index = await readIndex(store, name);
  await store.delete(name);
  await deleteParts(store, name, index);
}

async function deleteParts(store: EntryStore, name: string, index: Index | null): Promise<void> {
  for (let part = 0; index !== null && part < index.parts; part += 1) await store.delete(partAccount(name, index.gen, part));
}

function partAccount(name: string, gen: string, part: number): string {
  return `${name}.${gen}.${part.toString()}`;
}

async function readIndex(store: EntryStore, name: string): Promise<Index | null> {
  const text = await store.get(name);
  if (text === null) return null;
  const json = readJson(text);
  if (!isJsonObject(json)) throw damaged();
  const { gen, parts, sha256: digest } = json;
  if (typeof gen !== 'string' || typeof parts !== 'number' || parts > 100_000 || typeof digest !== 'string') throw damaged();
  return { gen, parts, sha256: digest };
}

function readJson(text: string): unknown {
  try {
    return parseJson(Buffer.from(text, 'utf8'), { maxBytes: 4096, integersOnly: true });
  } catch {
    throw damaged(); // the reason may quote the entry
  }
}

function damaged(): Error {
  return checkError('keychain-entry-damaged', 'an entry in the keychain is damaged', {
    hint: 'something else changed it; log in again, or restore the keychain',
  });
}
