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
