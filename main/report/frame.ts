import type { Frame, Sheet } from './sheet.ts';
import { BAR_STRIPE, BARS, HEAD, ICE, LINE, MONO_SMALL, SMALL, WATERMARK, WHITE, coloured } from './style.ts';
import { WORDS } from './words.ts';

export type FrameOptions = {
  readonly environment: string;
  /** What this paper is, with its number. */
  readonly name: string;
  readonly digestLabel: string;
  /** SHA-256 in hex; its first 16 digits stand on every page. */
  readonly digest: string;
};

const HEADER_Y = 30;
const BAR_Y = 47;
const BAR_HEIGHT = 17;
const WATERMARK_SIZE = 84;
/** The hatched ends of the rehearsal's bar. */
const HATCH_WIDTH = 96;

/** Top and foot of every page: what it is, whose, which environment, which digest, which page. All of it artifacts. */
export function frameOf({ environment, name, digestLabel, digest }: FrameOptions): Frame {
  const rehearsal = environment === 'rehearsal';
  return {
    topHeight: rehearsal ? BAR_Y + BAR_HEIGHT + 22 : BAR_Y + 24,
    under: (sheet) => {
      if (rehearsal) watermark(sheet);
    },
    around: (sheet, page, pages) => {
      sheet.artifact(
        () => {
          logo(sheet.pdf, sheet.left, HEADER_Y - 2.5);
          sheet.line(WORDS.app, HEAD, sheet.left + 18, HEADER_Y);
          rightLine(sheet, name, SMALL, HEADER_Y);
          if (rehearsal) rehearsalBar(sheet);
          else environmentLine(sheet, environment);
        },
        { type: 'Pagination', attached: ['Top'] },
      );
      sheet.artifact(
        () => {
          const y = sheet.pdf.page.height - 40;
          sheet.pdf
            .lineWidth(0.6)
            .moveTo(sheet.left, y - 6)
            .lineTo(sheet.right, y - 6)
            .stroke(LINE);
          sheet.line(digestLabel, SMALL, sheet.left, y);
          const groups = (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' ');
          sheet.line(groups, MONO_SMALL, sheet.left + sheet.breaker.widthOf(`${digestLabel} `, SMALL) + 3, y + 0.3);
          rightLine(sheet, WORDS.page(page, pages), SMALL, y);
        },
        { type: 'Pagination', attached: ['Bottom'] },
      );
    },
  };
}

function rightLine(sheet: Sheet, text: string, style: typeof SMALL, y: number): void {
  const printed = sheet.breaker.printable(text, style.face);
  sheet.line(printed, style, sheet.right - sheet.breaker.widthOf(printed, style), y);
}

/** As on screen: nobody can mistake this paper for one of real custody. */
function rehearsalBar(sheet: Sheet): void {
  const { pdf, left, right, width } = sheet;
  pdf.rect(left, BAR_Y, width, BAR_HEIGHT).fill(BARS.rehearsal);
  pdf.save().rect(left, BAR_Y, width, BAR_HEIGHT).clip();
  for (const from of [left, right - HATCH_WIDTH]) {
    for (let x = from - BAR_HEIGHT; x < from + HATCH_WIDTH; x += 9) {
      pdf
        .moveTo(x, BAR_Y + BAR_HEIGHT)
        .lineTo(x + BAR_HEIGHT, BAR_Y)
        .lineTo(x + BAR_HEIGHT + 4.5, BAR_Y)
        .lineTo(x + 4.5, BAR_Y + BAR_HEIGHT);
    }
  }
  pdf.fill(BAR_STRIPE).restore();
  const style = coloured(HEAD, WHITE);
  sheet.line(
    WORDS.rehearsal,
    style,
    left + (width - sheet.breaker.widthOf(WORDS.rehearsal, style)) / 2,
    BAR_Y + (BAR_HEIGHT - HEAD.leading) / 2,
  );
}

/** Every other environment: its name and a line in its colour, which cost less ink. A name too long for the line goes on in the text. */
function environmentLine(sheet: Sheet, environment: string): void {
  const { pdf, left, width } = sheet;
  const colour = BARS[environment] ?? BARS.other;
  const [line] = sheet.breaker.break({ text: environment.toUpperCase(), style: coloured(HEAD, colour) }, width / 2);
  if (line) sheet.line(line.text, line.style, left + 74, HEADER_Y);
  pdf.rect(left, BAR_Y, width, 2).fill(colour);
}

/** As outlines: what is copied out of a table has no stray letters in it. The bar says the word as text. */
function watermark(sheet: Sheet): void {
  const { pdf, fonts } = sheet;
  const [x, y] = [pdf.page.width / 2, pdf.page.height / 2];
  const scale = WATERMARK_SIZE / fonts.strong.unitsPerEm;
  const glyphs = fonts.strong.glyphsForString(WORDS.watermark);
  const width = glyphs.reduce((sum, { advanceWidth }) => sum + advanceWidth, 0) * scale;
  sheet.artifact(
    () => {
      pdf
        .save()
        .rotate(-45, { origin: [x, y] })
        .translate(x - width / 2, y + WATERMARK_SIZE * 0.36)
        .scale(scale, -scale);
      for (const { path, advanceWidth } of glyphs) pdf.path(path.toSVG()).fill(WATERMARK).translate(advanceWidth, 0);
      pdf.restore();
    },
    { type: 'Pagination' },
  );
}

/** The snow crystal of build/icon.svg, at 12 points. */
function logo(pdf: PDFKit.PDFDocument, x: number, y: number): void {
  const [middleX, middleY, arm] = [x + 6, y + 8, 6];
  pdf.lineWidth(1).lineCap('round');
  for (const angle of [90, 30, -30]) {
    const [dx, dy] = [Math.cos((angle * Math.PI) / 180) * arm, Math.sin((angle * Math.PI) / 180) * arm];
    pdf
      .moveTo(middleX - dx, middleY - dy)
      .lineTo(middleX + dx, middleY + dy)
      .stroke(ICE);
  }
  pdf.circle(middleX, middleY, 1.9).fill(ICE);
  pdf.lineCap('butt');
}
