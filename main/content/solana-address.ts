import { base58 } from '@scure/base';
import { inputError, quote } from '../values/index.ts';
import type { Identifier } from './identifier.ts';
import { HARDENED } from './path.ts';

/** The Ed25519 public key of SLIP-10 in Base58. */
export const solana: Identifier = {
  checkPath: (path) => {
    if (path.steps.every((step) => step >= HARDENED)) return;
    throw inputError('path-not-for-type', `the path ${quote(path.text)} has a step that is not hardened`, {
      hint: 'Ed25519 has hardened steps only (SLIP-10): put an apostrophe after each',
    });
  },
  compute: (keys, path) => {
    if (keys.ed25519 === null) throw new TypeError('a kind offers solana and has no Ed25519 tree');
    return base58.encode(keys.ed25519(path));
  },
};
