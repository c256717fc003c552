import { inputError } from '../values/index.ts';

/**
 * Where API keys and station keys are kept. An entry's name is `<scope>/<item>`, each 1–100 of `A–Z a–z 0–9 _ -`; its value
 * is 0–65,536 bytes. Calls of one keychain are done one after the other, in the order they were made. Each kind's opening
 * function says what its calls throw; a name of another form and a call after `close` are bugs and throw a plain Error.
 */
export interface Keychain {
  readonly kind: 'os' | 'file';
  /** The value, or null where there is none. The caller wipes it. */
  get(name: string): Promise<Buffer | null>;
  /** Keeps a value in place of the one before; after an error the entry has the old value or the new one. The caller wipes it. */
  set(name: string, value: Buffer): Promise<void>;
  /** Removes an entry; one that is not there is no error. */
  delete(name: string): Promise<void>;
  /** Gives up what is held: the child process, or the passphrase and the opened entries. To close twice is no error. */
  close(): Promise<void>;
}

/** The most bytes of one value, in either kind of keychain. */
export const MAX_VALUE_BYTES = 65_536;

/** True for `<scope>/<item>`. A full stop is not among the characters: `split.ts` names an entry's parts with it. */
export function isEntryName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}\/[A-Za-z0-9_-]{1,100}$/.test(name);
}

/** @throws {RangeError} where it is no `<scope>/<item>`: names are Coldroom's own, so that is a bug. */
export function checkEntryName(name: string): void {
  if (!isEntryName(name)) throw new RangeError('not the name of a keychain entry');
}

/** @throws input `keychain-value-too-large` for more than {@link MAX_VALUE_BYTES}. */
export function checkValueSize(value: Buffer): void {
  if (value.length <= MAX_VALUE_BYTES) return;
  throw inputError(
    'keychain-value-too-large',
    `a keychain entry takes at most ${MAX_VALUE_BYTES.toString()} bytes, and this has ${value.length.toString()}`,
    { hint: 'check that the right text was given: an API key is far shorter' },
  );
}
