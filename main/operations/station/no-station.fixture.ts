import { join } from 'node:path';
import type { OperationContext } from '../context.ts';

/** For what needs no station: a folder without one, and a keychain that nobody may ask. */
export function withoutStation(folder: string): OperationContext {
  return {
    home: join(folder, 'no-station'),
    clock: { now: () => Date.now() },
    keychainPassphraseFile: null,
    spawnKeychainChild: () => {
      throw new Error('no keychain is asked');
    },
    onProgress: () => undefined,
    onNote: () => undefined,
  };
}
