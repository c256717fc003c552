import { describe, expect, it } from 'vitest';
import { isPlainFileName } from './index.ts';

describe('a plain file name', () => {
  it.each(['a', 'wallet 7.sealed.json', 'Zoë (2)', '秘密.txt', 'console', 'com10', 'nul-1', '.hidden', 'x'.repeat(200)])(
    'is %j',
    (name) => {
      expect(isPlainFileName(name)).toBe(true);
    },
  );

  it.each([
    ['nothing', ''],
    ['this folder', '.'],
    ['the folder above', '..'],
    ['a path', 'a/b'],
    ['a path of Windows', 'a\\b'],
    ['a NUL', 'a\0b'],
    ['a new line', 'a\nb'],
    ['a dot at the end', 'a.'],
    ['a space at the end', 'a '],
    ['a device', 'NUL'],
    ['a device with an ending', 'com1.txt'],
    ['a device with a space before its ending', 'con .txt'],
    ['a device by a superscript', 'LPT²'],
    ['the console', 'CONIN$'],
    ['a hidden stream', 'a.txt:b'],
    ['a wildcard', 'a*'],
    ['a turned line', 'a\u202efdp.exe'],
    ['a zero width', 'a\u200bb'],
    ['half of a surrogate pair', 'a\ud800'],
    ['too many bytes', 'ä'.repeat(101)],
  ])('is not %s', (_what, name) => {
    expect(isPlainFileName(name)).toBe(false);
  });
});
