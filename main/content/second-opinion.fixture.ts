import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { SLIP39_WORDS } from './slip39-words.ts';
import { WORD_LISTS } from './word-lists.ts';

/** What Python is asked to judge, and to derive; `type` beside our own: `seed` and `master-key`, the kind `seed` being hex. */
export type Judge = { readonly kind: string; readonly secret: Buffer };
export type Derive = Judge & {
  readonly type: string;
  readonly path: string | null;
  readonly passphrase?: string | undefined;
  readonly password?: string | undefined;
};

/** Asks test/second-opinion.py, in Debian's Python: the word lists are ours, everything else its own. */
export function secondOpinion(judge: readonly Judge[], derive: readonly Derive[]): { judged: boolean[]; derived: string[] } {
  const plain = (one: Judge) => ({ ...one, secret: one.secret.toString('base64') });
  const input = {
    lists: Object.fromEntries(WORD_LISTS.map(({ name, words }) => [name, words])),
    slip39: SLIP39_WORDS,
    judge: judge.map(plain),
    derive: derive.map(plain),
  };
  const script = join(import.meta.dirname, '../../test/second-opinion.py');
  const output = execFileSync('/usr/bin/python3', [script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output) as { judged: boolean[]; derived: string[] };
}
