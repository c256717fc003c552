import { inputError, quote } from '../values/index.ts';
import type { IdentifierType } from './kinds.ts';

const MAX_DEPTH = 10;

/**
 * Checks a derivation path: `m`, then `/` and an index below 2^31, hardened by an apostrophe (BIP-32).
 * @throws input `path-invalid`.
 */
export function checkPath(path: string): void {
  const steps = path.split('/');
  const isStep = (step: string) => /^(0|[1-9]\d{0,9})'?$/.test(step) && Number.parseInt(step, 10) < 2 ** 31;
  if (steps[0] === 'm' && steps.length <= MAX_DEPTH + 1 && steps.slice(1).every(isStep)) return;
  throw inputError('path-invalid', `${quote(path)} is no derivation path`, {
    hint: "write it like m/84'/0'/0'/0/0, hardened with an apostrophe",
  });
}

/** Where a phrase's identifier usually lies, when nobody says (BIP-44, 84, 86; Solana's first account). */
export const USUAL_PATHS: Readonly<Partial<Record<IdentifierType, string>>> = {
  'master-fingerprint': 'm',
  xpub: "m/84'/0'/0'",
  'bitcoin-p2pkh': "m/44'/0'/0'/0/0",
  'bitcoin-p2wpkh': "m/84'/0'/0'/0/0",
  'bitcoin-p2tr': "m/86'/0'/0'/0/0",
  ethereum: "m/44'/60'/0'/0/0",
  solana: "m/44'/501'/0'/0'",
  'public-key': 'm',
};
