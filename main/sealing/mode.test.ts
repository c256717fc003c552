import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkModeHolds, checkSecret, chooseMode, SEALED_BYTES_HIGHEST_LIMIT, SEALED_BYTES_LIMIT, sealedSize, type Mode } from './mode.ts';

const input = (code: string) => expect.objectContaining({ family: 'input', code }) as unknown;

describe('chooseMode', () => {
  it.each<[number, boolean, Mode]>([
    [1, false, 'direct'],
    [445, false, 'direct'],
    [446, false, 'direct'],
    [447, false, 'envelope'],
    [1, true, 'passphrase'],
    [409, true, 'passphrase'],
    [410, true, 'passphrase'],
    [411, true, 'envelope+passphrase'],
  ])('recommends for %i bytes, passphrase %s: %s', (sizeBytes, withPassphrase, mode) => {
    expect(chooseMode(sizeBytes, withPassphrase)).toBe(mode);
    expect(() => {
      checkModeHolds(mode, sizeBytes, SEALED_BYTES_LIMIT);
    }).not.toThrow();
  });
});

describe('checkModeHolds', () => {
  const check = (mode: Mode, sizeBytes: number, limitBytes: number) => () => {
    checkModeHolds(mode, sizeBytes, limitBytes);
  };

  it('names both sizes when a block is too small', () => {
    expect(check('direct', 447, SEALED_BYTES_LIMIT)).toThrow(input('mode-too-small'));
    expect(check('direct', 447, SEALED_BYTES_LIMIT)).toThrow(/446.*447/);
    expect(check('passphrase', 411, SEALED_BYTES_LIMIT)).toThrow(/410.*411/);
  });

  it.each<Mode>(['envelope', 'envelope+passphrase'])('holds %s to the limit of the sealed size, to the byte', (mode) => {
    const overhead = sealedSize(mode, 9_000_000) - 9_000_000;
    const most = SEALED_BYTES_LIMIT - overhead;
    expect(sealedSize(mode, most)).toBe(SEALED_BYTES_LIMIT);
    expect(check(mode, most - 1, SEALED_BYTES_LIMIT)).not.toThrow();
    expect(check(mode, most, SEALED_BYTES_LIMIT)).not.toThrow();
    expect(check(mode, most + 1, SEALED_BYTES_LIMIT)).toThrow(input('sealed-too-large'));
    expect(check(mode, most + 1, SEALED_BYTES_HIGHEST_LIMIT)).not.toThrow();
  });

  it('holds one block to a limit too', () => {
    expect(check('direct', 1, 512)).not.toThrow();
    expect(check('direct', 1, 511)).toThrow(input('sealed-too-large'));
  });

  it.each([0, -1, 1.5, Number.NaN, SEALED_BYTES_HIGHEST_LIMIT + 1])('refuses the limit %d', (limitBytes) => {
    expect(check('envelope', 1, limitBytes)).toThrow(input('limit-out-of-range'));
  });

  it('takes the highest limit', () => {
    expect(check('envelope', 1, SEALED_BYTES_HIGHEST_LIMIT)).not.toThrow();
  });
});

describe('checkSecret', () => {
  const check = (text: string) => () => {
    checkSecret(Buffer.from(text));
  };

  it('refuses nothing at all, and what starts like a box', () => {
    expect(check('')).toThrow(input('secret-empty'));
    expect(check('CRB1')).toThrow(input('secret-looks-sealed'));
    expect(check('CRB1 is how it starts')).toThrow(input('secret-looks-sealed'));
  });

  it.each(['C', 'CRB', 'CRB2', ' CRB1', 'crb1'])('takes %j', (text) => {
    expect(check(text)).not.toThrow();
  });
});

describe('between the modes', () => {
  const limits = fc.integer({ min: 4096, max: SEALED_BYTES_HIGHEST_LIMIT });

  /** The largest secret that some mode still seals, by trying: the sealed size grows with it. */
  function most(withPassphrase: boolean, limitBytes: number): number {
    let [fits, over] = [1, limitBytes];
    while (over - fits > 1) {
      const middle = Math.floor((fits + over) / 2);
      if (holds(middle, withPassphrase, limitBytes)) fits = middle;
      else over = middle;
    }
    return fits;
  }

  function holds(sizeBytes: number, withPassphrase: boolean, limitBytes: number): boolean {
    try {
      checkModeHolds(chooseMode(sizeBytes, withPassphrase), sizeBytes, limitBytes);
      return true;
    } catch {
      return false;
    }
  }

  it.each([false, true])('is no hole from 1 byte to 4,096, with a passphrase: %s', (withPassphrase) => {
    for (let size = 1; size <= 4096; size += 1) expect([size, holds(size, withPassphrase, SEALED_BYTES_LIMIT)]).toEqual([size, true]);
  });

  it('is none up to any limit, and the limit is used to its last bytes', () => {
    fc.assert(
      fc.property(fc.boolean(), limits, fc.double({ min: 0, max: 1, noNaN: true }), (withPassphrase, limitBytes, share) => {
        const last = most(withPassphrase, limitBytes);
        const mode = chooseMode(last, withPassphrase);
        expect(sealedSize(mode, last)).toBeLessThanOrEqual(limitBytes);
        expect(limitBytes - sealedSize(mode, last)).toBeLessThan(8); // a length field of DER may grow by a byte or two at once
        expect(holds(1 + Math.floor(share * (last - 1)), withPassphrase, limitBytes)).toBe(true);
        expect(holds(last + 1, withPassphrase, limitBytes)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is a mode that needs a passphrase exactly where there is one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: SEALED_BYTES_LIMIT }), fc.boolean(), (size, withPassphrase) => {
        expect(chooseMode(size, withPassphrase).includes('passphrase')).toBe(withPassphrase);
      }),
    );
  });
});
