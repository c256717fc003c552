import { describe, expect, it } from 'vitest';
import { chooseMode } from '../../main/sealing/index.ts';
import { modeReasons, recommendedModes } from './mode-reasons.ts';

const file = (size: number) => ({ size_bytes: size, recommended: chooseMode(size, false), with_passphrase: chooseMode(size, true) });

describe('why a mode is recommended', () => {
  it.each([
    [446, 'recommended', 'Direct', /^1 file of 446 bytes: fits into one block .* holds 446 bytes/],
    [447, 'recommended', 'Envelope', /^1 file of 447 bytes: more than the 446 bytes that one block holds/],
    [410, 'with_passphrase', 'Passphrase, then direct', /^1 file of 410 bytes: fits .* leaves 410/],
    [411, 'with_passphrase', 'Passphrase, then envelope', /^1 file of 411 bytes: more than the 410 bytes/],
    [1, 'recommended', 'Direct', /^1 file of 1 byte: /],
    [10_000_000, 'recommended', 'Envelope', /^1 file of 10,000,000 bytes: /],
  ] as const)('%i bytes, %s: %s', (size, which, label, reason) => {
    expect(recommendedModes([file(size)], which)).toBe(label);
    const [only, ...more] = modeReasons([file(size)], which);
    expect(only).toMatch(reason);
    expect(more).toEqual([]);
  });

  it('is said once for all files that get it', () => {
    const files = [1, 446, 447, 900].map(file);
    expect(modeReasons(files, 'recommended')).toEqual([
      expect.stringMatching(/^2 files of 1 to 446 bytes: fits/),
      expect.stringMatching(/^2 files of 447 to 900 bytes: more/),
    ]);
    expect(modeReasons([7, 7].map(file), 'recommended')[0]).toMatch(/^2 files of 7 bytes each: /);
    expect(recommendedModes(files, 'recommended')).toBe('Direct, Envelope');
  });

  it('holds for every size: what is said to fit does, what is said to be more is', () => {
    for (let size = 1; size < 600; size += 1) {
      for (const [which, most] of [
        ['recommended', 446],
        ['with_passphrase', 410],
      ] as const) {
        expect([size, modeReasons([file(size)], which)[0]?.includes('more than')]).toEqual([size, size > most]);
      }
    }
  });
});
