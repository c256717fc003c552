import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HARDENED, parsePath } from './path.ts';

const refusal = (code: string) => expect.objectContaining({ code, family: 'input' }) as Error;

describe('parsePath', () => {
  it.each([
    ['m', []],
    ['m/0', [0]],
    ['m/0/7', [0, 7]],
    ["m/44'/0'/0'", [HARDENED + 44, HARDENED, HARDENED]],
    ['m/2147483647', [HARDENED - 1]],
    ["m/2147483647'", [2 ** 32 - 1]],
  ])('reads %s', (text, steps) => {
    expect(parsePath(text)).toEqual({ text, steps });
  });
  it.each([
    [
      'path-syntax',
      [
        '',
        'M',
        'M/0',
        '/0',
        '0',
        'm/',
        'm//0',
        'm/0/',
        "m'",
        'm/00',
        'm/01',
        'm/-1',
        'm/+1',
        'm/0x1',
        'm/1.0',
        ' m',
        'm\n',
        'm/0"',
        "m/0''",
        'm/x',
      ],
    ],
    ['path-hardened-mark', ['m/44h', 'm/44H/0', "m/44'/0h", 'm/44\u2019', 'm/44\u2032/0']],
    ['path-step', ['m/2147483648', "m/2147483648'", `m/${'9'.repeat(400)}`]],
  ])('%s', (code, texts) => {
    for (const text of texts) expect(() => parsePath(text), text).toThrow(refusal(code));
  });
  it('takes 255 steps and refuses 256', () => {
    expect(parsePath(`m${'/0'.repeat(255)}`).steps).toHaveLength(255);
    expect(() => parsePath(`m${'/0'.repeat(256)}`)).toThrow(refusal('path-too-deep'));
  });
  it('has one way to write a path', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 255 }), (steps) => {
        const parts = steps.map((step) => (step >= HARDENED ? `${(step - HARDENED).toString()}'` : step.toString()));
        expect(parsePath(['m', ...parts].join('/')).steps).toEqual(steps);
      }),
      { numRuns: 200 },
    );
  });
  it('of any text: a path equal to it, or an error by code', () => {
    const near = fc.string({ unit: fc.constantFrom('m', 'M', '/', "'", 'h', '0', '1', '9', ' '), maxLength: 12 });
    fc.assert(
      fc.property(near, (text) => {
        try {
          expect(parsePath(text).text).toBe(text);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^path-(syntax|hardened-mark|step)$/) as string });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
