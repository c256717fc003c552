import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColdroomError } from '../values/index.ts';
import { checkToken } from './token.ts';

const MAX = 16 * 1024;

function refusal(raw: Uint8Array): ColdroomError | null {
  try {
    checkToken(raw);
    return null;
  } catch (error) {
    if (error instanceof ColdroomError) return error;
    throw error;
  }
}

describe('checkToken', () => {
  it.each([
    ['one character', 'a', 'a'],
    ['one LF', 'abc\n', 'abc'],
    ['one CRLF', 'abc\r\n', 'abc'],
    ['the longest less one', 'x'.repeat(MAX - 1), 'x'.repeat(MAX - 1)],
    ['the longest', 'x'.repeat(MAX), 'x'.repeat(MAX)],
    ['the longest and its line end', `${'x'.repeat(MAX)}\r\n`, 'x'.repeat(MAX)],
  ])('takes %s', (_name, raw, token) => {
    expect(checkToken(Buffer.from(raw))).toBe(token);
  });

  it.each([
    ['nothing', '', 'token-empty'],
    ['a line end alone', '\n', 'token-empty'],
    ['two line ends', 'abc\n\n', 'token-malformed'],
    ['a CR alone', 'abc\r', 'token-malformed'],
    ['a line end at the start', '\nabc', 'token-malformed'],
    ['a space inside', 'Bearer abc', 'token-malformed'],
    ['a space at the end', 'abc ', 'token-malformed'],
    ['a tab', 'a\tb', 'token-malformed'],
    ['NUL', 'a\u0000', 'token-malformed'],
    ['DEL', 'a\u007f', 'token-malformed'],
    ['a letter beyond ASCII', 'é', 'token-malformed'],
    ['a byte order mark', '\uFEFFabc', 'token-malformed'],
    ['one too many', 'x'.repeat(MAX + 1), 'token-too-long'],
    ['far too many', 'x'.repeat(MAX + 3), 'token-too-long'],
  ])('refuses %s', (_name, raw, code) => {
    expect(refusal(Buffer.from(raw))).toMatchObject({ family: 'input', code });
  });

  it('reads just the bytes it was given of a larger buffer', () => {
    expect(checkToken(Buffer.from('xxabc\nxx').subarray(2, 6))).toBe('abc');
  });

  it('never repeats what it refuses', () => {
    const canary = 'canary-e7c1';
    for (const raw of [`${canary} x`, `${canary}\n\n`, canary.repeat(MAX)]) {
      const error = refusal(Buffer.from(raw));
      expect(error).not.toBeNull();
      expect(`${error?.message ?? ''}${error?.hint ?? ''}${String(error?.cause)}`).not.toContain(canary);
    }
  });

  it('gives back what it takes, byte for byte, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (raw) => {
        if (refusal(raw) !== null) return;
        const token = checkToken(raw);
        expect([token, `${token}\n`, `${token}\r\n`]).toContain(Buffer.from(raw).toString('latin1'));
        expect(token).toMatch(/^[!-~]+$/);
      }),
    );
  });
});
