import { expect, it } from 'vitest';
import { visible } from './visible.ts';

it.each([
  ['plain', 'share 1 (копия) é😀.txt', 'share 1 (копия) é😀.txt'],
  ['turned round', 'b\u202egnp.txt', 'b⟨U+202E⟩gnp.txt'],
  ['isolated', '\u2066a\u2069', '⟨U+2066⟩a⟨U+2069⟩'],
  ['of nothing', 'a\u200bb\ufeff', 'a⟨U+200B⟩b⟨U+FEFF⟩'],
  ['with a line in it', 'a\nb\tc', 'a⟨U+000A⟩b⟨U+0009⟩c'],
  ['joined, as Persian is', 'می\u200cخواهم', 'می\u200cخواهم'],
])('a name %s', (_, name, shown) => {
  expect(visible(name)).toBe(shown);
});
