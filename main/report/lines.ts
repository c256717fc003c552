import type { Face, Fonts } from './fonts.ts';
import { ESCAPE, printable } from './printable.ts';
import type { Style } from './style.ts';

/** One paragraph of a cell; `mark` is drawn before its first line. */
export type Piece = { readonly text: string; readonly style: Style; readonly mark?: Mark };
export type Mark = 'passed' | 'amber' | 'failed' | 'waits';

/** `end` is the space that the break took the place of: it is drawn, so that words are not joined when text is read out or copied. */
export type Line = {
  readonly text: string;
  readonly end: string;
  readonly style: Style;
  readonly mark?: Mark;
  readonly indent: number;
};

/** Room for a mark and its distance to the word. */
const MARK_INDENT = 13;

/** A space may be kerned with its word. */
const SLACK = 0.5;

/** Breaks text into lines: at spaces, and within what is wider than a line, so that nothing is ever cut. */
export class LineBreaker {
  readonly #widths: Readonly<Record<Face, Map<string, number>>> = { sans: new Map(), strong: new Map(), mono: new Map() };
  readonly #fonts: Fonts;

  constructor(fonts: Fonts) {
    this.#fonts = fonts;
  }

  /** As it can be printed in this face. */
  printable(text: string, face: Face): string {
    return printable(text, (codePoint) => this.#fonts[face].hasGlyphForCodePoint(codePoint));
  }

  widthOf(text: string, style: Style): number {
    const units = text.split(' ').reduce((sum, word) => sum + this.#units(word, style.face), 0);
    const spaces = text.length - text.replaceAll(' ', '').length;
    return ((units + spaces * this.#units(' ', style.face)) * style.size) / this.#fonts[style.face].unitsPerEm;
  }

  break(piece: Piece, width: number): Line[] {
    const indent = piece.mark === undefined ? 0 : MARK_INDENT;
    const lines: Line[] = [];
    const room = width - indent - SLACK;
    for (const [text, end] of this.#fill(this.printable(piece.text, piece.style.face), room, piece.style)) {
      const first = lines.length === 0;
      lines.push({
        text,
        end,
        style: piece.style,
        indent,
        ...(first && piece.mark ? { mark: piece.mark } : {}),
      });
    }
    return lines;
  }

  #fill(text: string, room: number, style: Style): [text: string, end: string][] {
    const lines: [string, string][] = [];
    const space = this.widthOf(' ', style);
    let line = '';
    let used = 0;
    for (const word of text.split(' ')) {
      const width = this.widthOf(word, style);
      if (line !== '' && used + space + width <= room) {
        line += ` ${word}`;
        used += space + width;
        continue;
      }
      if (line !== '') lines.push([line, ' ']);
      const parts = width <= room ? [word] : this.#cut(word, room, style);
      lines.push(...parts.slice(0, -1).map((part): [string, string] => [part, '']));
      line = parts.at(-1) ?? '';
      used = this.widthOf(line, style);
    }
    lines.push([line, '']);
    return lines;
  }

  /** As many characters to a line as fit, kerned as they will be drawn. */
  #cut(word: string, room: number, style: Style): string[] {
    const parts: string[] = [];
    let part = '';
    for (const unit of word.split(new RegExp(`(${ESCAPE.source})`, 'u')).flatMap((one) => (ESCAPE.test(one) ? [one] : Array.from(one)))) {
      if (part !== '' && this.widthOf(part + unit, style) > room) {
        parts.push(part);
        part = '';
      }
      part += unit;
    }
    return [...parts, part];
  }

  #units(word: string, face: Face): number {
    const known = this.#widths[face].get(word);
    if (known !== undefined) return known;
    const width = this.#fonts[face].layout(word).advanceWidth;
    this.#widths[face].set(word, width);
    return width;
  }
}
