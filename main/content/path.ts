import { inputError, quote } from '../values/index.ts';

/** Added to a step's number when it is hardened (BIP-32, "Extended keys"). */
export const HARDENED = 0x80000000;

/** The serialised depth of BIP-32 is one byte, so no key lies deeper. */
const MAX_STEPS = 255;

/** A derivation path as it was written, and its steps: each 0 … 2^32 − 1, hardened ones from 2^31 up. */
export type DerivationPath = {
  readonly text: string;
  readonly steps: readonly number[];
};

/**
 * Reads `m`, `m/0/7`, `m/44'/0'/0'`: decimal steps without leading zeros, below 2^31, an apostrophe for hardened. There is
 * one way to write a path, so that two that are equal are equal as text, in a plan as in a report.
 * @throws input `path-hardened-mark` for `h`, `H` and typographic apostrophes, `path-syntax`, `path-step`, `path-too-deep`.
 */
export function parsePath(text: string): DerivationPath {
  if (/^[mM](\/[0-9]+['hH\u2018\u2019\u2032]?)+$/.test(text) && /[hH\u2018\u2019\u2032]/.test(text)) {
    throw inputError('path-hardened-mark', `the path ${quote(text)} marks a hardened step with something else than an apostrophe`, {
      hint: "write it as in m/44'/0'/0'",
    });
  }
  if (!/^m(\/(0|[1-9][0-9]*)'?)*$/.test(text)) {
    throw inputError('path-syntax', `${quote(text)} is no derivation path`, { hint: "write it as in m/44'/0'/0'" });
  }
  const parts = text.split('/').slice(1);
  if (parts.length > MAX_STEPS) {
    throw inputError('path-too-deep', `the path has ${parts.length.toString()} steps, and BIP-32 ends at ${MAX_STEPS.toString()}`);
  }
  return { text, steps: parts.map((part) => parseStep(part, text)) };
}

function parseStep(part: string, path: string): number {
  const isHardened = part.endsWith("'");
  const index = Number(isHardened ? part.slice(0, -1) : part);
  if (index >= HARDENED) {
    throw inputError('path-step', `the path ${quote(path)} has a step that is not below 2^31`, {
      hint: 'write a hardened step with an apostrophe, not with 2^31 added',
    });
  }
  return isHardened ? index + HARDENED : index;
}
