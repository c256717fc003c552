import { checkError, decodeBase64, inputError, isJsonObject, parseJson, quote, type ColdroomError, type Json } from '../values/index.ts';
import { isEntryName, MAX_VALUE_BYTES } from './keychain.ts';

/** What a keychain file holds: values by name. */
export type Entries = ReadonlyMap<string, Buffer>;

/** The most bytes of a keychain file's content: some 45 values of the largest size, thousands of the usual one. */
export const MAX_CONTENT_BYTES = 4 * 1024 * 1024;

/**
 * The content of a keychain file: `{v: 1, entries: {name: base64}}` in UTF-8. The caller wipes it.
 * @throws input `keychain-full`, where the file could not be read again for its size.
 */
export function encodeEntries(entries: Entries): Buffer {
  const values = Object.fromEntries(Array.from(entries, ([name, value]) => [name, value.toString('base64')]));
  const content = Buffer.from(JSON.stringify({ v: 1, entries: values }), 'utf8');
  if (content.length <= MAX_CONTENT_BYTES) return content;
  content.fill(0);
  throw inputError('keychain-full', 'the keychain file has no room for this entry', { hint: 'log out of environments that are not used' });
}

/**
 * Reads what {@link encodeEntries} made, and nothing else.
 * @param content the caller wipes it. @param path for the message. @returns buffers that the caller wipes.
 * @throws check `keychain-file-damaged`.
 */
export function parseEntries(content: Buffer, path: string): Entries {
  const json = readContent(content);
  if (!isJsonObject(json) || json['v'] !== 1 || !isJsonObject(json['entries']) || Object.keys(json).length !== 2) throw damagedFile(path);
  const entries = new Map<string, Buffer>();
  for (const [name, text] of Object.entries(json['entries'])) {
    const value = typeof text === 'string' ? decodeBase64(text) : null;
    if (value === null || value.length > MAX_VALUE_BYTES || !isEntryName(name)) {
      wipeEntries(entries);
      throw damagedFile(path);
    }
    entries.set(name, value);
  }
  return entries;
}

function readContent(content: Buffer): Json {
  try {
    return parseJson(content, { maxBytes: MAX_CONTENT_BYTES, maxDepth: 2, integersOnly: true });
  } catch {
    return null; // no content either, and what the reader says may quote a secret
  }
}

/** Wipes every value but those that `kept` holds as well. */
export function wipeEntries(entries: Entries | undefined, kept?: Entries): void {
  for (const [name, value] of entries ?? []) if (kept?.get(name) !== value) value.fill(0);
}

/** The box opened, or is none at all: it is not a wrong passphrase. */
export function damagedFile(path: string): ColdroomError {
  return checkError('keychain-file-damaged', `${quote(path)} holds no keychain that Coldroom can read`, {
    hint: 'restore it from a copy of the home folder',
  });
}
