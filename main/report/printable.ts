/**
 * Code points that a covering font draws with the very glyph of a likelier one (ʼ as ’, Ohm's sign as omega): printed, the two
 * could not be told apart, nor copied out of the file again.
 */
const LOOKS_LIKE_ANOTHER = /[\u{269}\u{2bc}\u{2ee}\u{2126}\u{2206}\u{25ba}\u{25bb}\u{25c4}\u{25c5}\u{2780}-\u{2789}]/u;

/** Controls, formats (bidi among them), surrogates, private use, unassigned; every separator but the space; marks that join no letter. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{M}]|[^ \P{Zs}]/u;

/** One escape: a line is never broken within it. */
export const ESCAPE = /\\u\{[0-9a-f]+\}/u;

/**
 * Text as it can be printed: what the font lacks, what cannot be seen, and what would look like something else is written as its
 * code point, `\u{4e2d}`, so that nothing is lost silently and nothing prints as what it is not. Letters and their marks are joined
 * (NFC) first. A backslash that would read as the beginning of an escape is one itself, and so is a space at either end or after
 * another: what is printed can be turned back into the text.
 */
export function printable(text: string, covers: (codePoint: number) => boolean): string {
  const characters = Array.from(text.normalize('NFC'));
  return characters
    .map((character, at) => {
      const codePoint = character.codePointAt(0) ?? 0;
      const plain =
        character === ' '
          ? at > 0 && at < characters.length - 1 && characters[at - 1] !== ' '
          : !UNSEEN.test(character) &&
            !LOOKS_LIKE_ANOTHER.test(character) &&
            !(character === '\\' && characters[at + 1] === 'u' && characters[at + 2] === '{') &&
            covers(codePoint);
      return plain ? character : `\\u{${codePoint.toString(16)}}`;
    })
    .join('');
}
