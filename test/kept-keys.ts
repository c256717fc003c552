import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyPool } from '../main/rehearsal/index.ts';

/** The one that known answers are for, and one that nothing else is known of. */
const FILES = ['vectors/rsa4096-a.key.pem', 'kept-keys-b.key.pem'] as const;

/**
 * Where a stand-in's RSA-4096 keys come from in suites that are not about making them, which takes seconds each: these two, in turn.
 * Never for what needs a third key that is not one of the first two.
 */
export function keptKeys(): KeyPool {
  const keys: KeyObject[] = FILES.map((name) => createPrivateKey(readFileSync(join(import.meta.dirname, name))));
  return {
    prepare: () => undefined,
    stop: () => undefined,
    take: () => {
      const [next, ...others] = keys;
      if (next === undefined) return Promise.reject(new Error('there are no keys'));
      keys.splice(0, keys.length, ...others, next);
      return Promise.resolve(next);
    },
  };
}
