import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from '../../main/values/index.ts';
import { hidePaths } from './hide-paths.ts';

const home = '/home/ann/coldroom';
const hide = (value: unknown, ...known: string[]) => hidePaths(value, known.length === 0 ? [home] : known);

describe('paths that are hidden', () => {
  it.each([
    ['known', `cannot open ${home}`, 'cannot open coldroom'],
    ['known, twice', `${home} and ${home}`, 'coldroom and coldroom'],
    ['below a known one', `${home}/ledger.sqlite is gone`, 'coldroom/ledger.sqlite is gone'],
    ['quoted and not known', 'cannot read "/media/usb/secret dir/seed.txt" now', 'cannot read "seed.txt" now'],
    ['quoted, below a known one', `cannot read "${home}/locks/a.lock"`, 'cannot read "a.lock"'],
    ['quoted, in a Windows way', `cannot read ${quote('C:\\Users\\ann\\seed.txt')}`, 'cannot read "seed.txt"'],
    ['quoted, on a Windows share', `cannot read ${quote('\\\\server\\share\\seed.txt')}`, 'cannot read "seed.txt"'],
    ['quoted, with a quote in it', `cannot read ${quote('/media/a "b"/c "d".txt')}`, 'cannot read "c \\"d\\".txt"'],
    ['quoted, with control characters in it', `cannot read ${quote('/media/a\nb/c\u202ed')}`, 'cannot read "c\\u{202e}d"'],
    ['quoted, and cut', `cannot read ${quote(`/media/${'x'.repeat(100)}`)}`, `cannot read "${'x'.repeat(73)}…"`],
    ['several', 'from "/a/b" to "/c/d"', 'from "b" to "d"'],
    ['in a JSON text', JSON.stringify({ path: home }), '{"path":"coldroom"}'],
  ])('%s', (_name, text, shown) => {
    expect(hide(text)).toBe(shown);
  });

  it.each(['rehearsal', '14/5 of them', 'https://api.example.com/v1', '"name"', '', 'a "b/c"'])('and what stays: %j', (text) => {
    expect(hide(text)).toBe(text);
  });

  it('of Windows, when they are known', () => {
    expect(hide('cannot open C:\\Users\\ann\\seed.txt', 'C:\\Users\\ann\\seed.txt')).toBe('cannot open seed.txt');
  });

  it('the longer before the shorter, whatever the order they are known in', () => {
    for (const known of [
      [home, `${home}/x`],
      [`${home}/x`, home],
    ])
      expect(hide(`${home}/x`, ...known)).toBe('x');
  });

  it('with a dollar in them as they are', () => {
    expect(hide('at /a/$&b', '/a/$&b')).toBe('at $&b');
  });

  it('wherever they stand: in lists, in members, at any depth; other values stay', () => {
    const value = { a: [home, { b: home, c: 1, d: null, e: true }], f: undefined, [home]: 2 };
    // A member's name is the schema's own, never a path.
    expect(hide(value)).toEqual({ a: ['coldroom', { b: 'coldroom', c: 1, d: null, e: true }], f: undefined, [home]: 2 });
  });

  it('but not the root, which stands in every path', () => {
    expect(hide('a/b', '/')).toBe('a/b');
  });

  it('all of them: no known path survives', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '$', '&', 'é'), minLength: 1, maxLength: 3 });
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
    const text = (known: string[]) =>
      fc.array(fc.oneof(fc.constantFrom(...known), part, fc.constant('/'), fc.constant('"')), { maxLength: 8 });
    const cases = fc.array(path, { minLength: 1, maxLength: 4 }).chain((known) => fc.tuple(fc.constant(known), text(known)));
    fc.assert(
      fc.property(cases, ([known, pieces]) => {
        const shown = hidePaths({ list: [pieces.join('')] }, known) as { list: string[] };
        for (const one of known) expect(shown.list[0]?.includes(one)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
