import type { Fonts } from './fonts.ts';
import { LineBreaker, type Line, type Mark, type Piece } from './lines.ts';
import { drawMark } from './marks.ts';
import { newPdf, pdfBytes, type PdfOptions } from './pdf.ts';
import { INK, LINE, SECTION, STEP, TITLE, type Style } from './style.ts';

export type Tag = PDFKit.PDFStructureElement;

/** What pdfkit knows of a structure element and its types leave out. */
type TagOptions = { alt?: string; scope?: 'Column' | 'Row'; bbox?: [number, number, number, number]; placement?: 'Block' };

/** What stands on every page around its content. */
export type Frame = {
  /** Drawn when a page is begun, below everything that follows. */
  readonly under: (sheet: Sheet) => void;
  /** Drawn when the number of pages is known. */
  readonly around: (sheet: Sheet, page: number, pages: number) => void;
  readonly topHeight: number;
};

const SIDE = 54;
const BOTTOM_HEIGHT = 58;

/**
 * Pages under a cursor that moves down. Everything drawn is either tagged content or an artifact, so that a screen reader reads
 * the form in its order and skips rules, bars and page numbers.
 */
export class Sheet {
  readonly pdf: PDFKit.PDFDocument;
  readonly breaker: LineBreaker;
  readonly fonts: Fonts;
  readonly #frame: Frame;
  readonly #root: Tag;
  y = 0;

  constructor(fonts: Fonts, options: PdfOptions, frame: Frame) {
    this.pdf = newPdf(fonts, options);
    this.breaker = new LineBreaker(fonts);
    this.fonts = fonts;
    this.#frame = frame;
    this.#root = this.pdf.struct('Document');
    this.newPage();
  }

  get left(): number {
    return SIDE;
  }

  get right(): number {
    return this.pdf.page.width - SIDE;
  }

  get width(): number {
    return this.right - this.left;
  }

  get bottom(): number {
    return this.pdf.page.height - BOTTOM_HEIGHT;
  }

  /** How much a page holds. */
  get pageRoom(): number {
    return this.bottom - this.#frame.topHeight;
  }

  get room(): number {
    return this.bottom - this.y;
  }

  newPage(): void {
    this.pdf.addPage();
    this.y = this.#frame.topHeight;
    this.#frame.under(this);
  }

  /** Goes on to a new page unless this much fits here; what is higher than a page begins where it is. */
  need(height: number): void {
    if (height > this.room && height <= this.pageRoom) this.newPage();
  }

  gap(height: number): void {
    this.y = Math.min(this.y + height, this.bottom);
  }

  tag(parent: Tag | null, type: string, options: TagOptions = {}): Tag {
    const tag = this.pdf.struct(type, options);
    (parent ?? this.#root).add(tag);
    return tag;
  }

  /** Draws as content of a tag. One tag may be drawn to several times, on several pages. */
  content(tag: Tag, type: string, draw: () => void): void {
    tag.add(this.pdf.markStructureContent(type));
    draw();
    this.pdf.endMarkedContent();
  }

  artifact(draw: () => void, options: PDFKit.Mixins.MarkingOptions = { type: 'Layout' }): void {
    this.pdf.markContent('Artifact', options);
    draw();
    this.pdf.endMarkedContent();
  }

  rule(y: number, colour: string = LINE, from = this.left, to = this.right): void {
    this.artifact(() => {
      this.pdf.lineWidth(0.6).moveTo(from, y).lineTo(to, y).stroke(colour);
    });
  }

  mark(mark: Mark, x: number, y: number): void {
    this.artifact(() => {
      drawMark(this.pdf, mark, x, y);
    });
  }

  /** One line as it is, `y` being the top of its leading. @param text printable already. */
  line(text: string, style: Style, x: number, y: number): void {
    if (text === '') return;
    const baseline = y + style.leading / 2 + style.size * 0.36;
    this.pdf.font(style.face, style.size).fillColor(style.colour).text(text, x, baseline, { lineBreak: false, baseline: 'alphabetic' });
  }

  lines(lines: readonly Line[], x: number, y: number): void {
    let top = y;
    for (const line of lines) {
      this.line(line.text + line.end, line.style, x + line.indent, top);
      top += line.style.leading;
    }
  }

  /** @param needed how high what follows at once is: a heading never ends a page. */
  heading(level: 1 | 2 | 3, text: string, needed: number, style: Style = level === 1 ? TITLE : level === 2 ? SECTION : STEP): void {
    const type = `H${level.toString()}`;
    if (level === 2) {
      this.gap(18);
      this.need(needed + 30);
      this.rule(this.y, INK);
      this.gap(8);
    } else if (level === 3) {
      this.gap(12);
      this.need(needed + 19);
    }
    this.#flow({ text, style }, type);
    this.gap(level === 1 ? 0 : 4);
    if (level === 2) this.pdf.outline.addItem(this.breaker.printable(text, style.face));
  }

  paragraph(text: string, style: Style, mark?: Mark): void {
    this.#flow({ text, style, ...(mark ? { mark } : {}) }, 'P');
  }

  #flow(piece: Piece, type: string): void {
    const tag = this.tag(null, type);
    for (const line of this.breaker.break(piece, this.width)) {
      this.need(line.style.leading);
      if (line.mark) this.mark(line.mark, this.left, this.y + line.style.leading / 2);
      this.content(tag, type, () => {
        this.line(line.text + line.end, line.style, this.left + line.indent, this.y);
      });
      this.gap(line.style.leading);
    }
  }

  async finish(): Promise<Buffer> {
    const { count } = this.pdf.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.pdf.switchToPage(page);
      this.#frame.around(this, page + 1, count);
    }
    this.pdf.addStructure(this.#root);
    this.#root.end();
    return await pdfBytes(this.pdf);
  }
}
