import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const vectorFolder = join(import.meta.dirname, '../vectors/second');

/** One file of known answers that the second implementation made. */
export function readVectors(name: string): unknown {
  return (JSON.parse(readFileSync(join(vectorFolder, name), 'utf8')) as { data: unknown }).data;
}

/** Ours has a name for each wrong form of a public key; formats.md has one for all. */
const KEY_FORMS = new Set(['key-der', 'key-trailing-bytes', 'key-not-rsa', 'key-not-4096-bits', 'key-exponent']);

/** Our refusal under the name that both have for it. */
export function commonCode(code: string): string {
  return KEY_FORMS.has(code) ? 'key-form' : code;
}

/** What was given, or the name of the refusal. */
export type Outcome = { readonly gives: unknown; readonly refused: string | null };

export const base64 = (text: string): Buffer => Buffer.from(text, 'base64');
