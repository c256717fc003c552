import type { Mark } from './lines.ts';
import { EDGE, OK, STOP, WARN, WHITE } from './style.ts';

/** A check's result as a shape, for those to whom its colour says nothing. `y` is the middle of the line. */
export function drawMark(pdf: PDFKit.PDFDocument, mark: Mark, x: number, y: number): void {
  const middle = x + 4.2;
  switch (mark) {
    case 'passed':
      pdf.circle(middle, y, 4.2).fill(OK);
      stroke(pdf)
        .moveTo(middle - 2, y + 0.1)
        .lineTo(middle - 0.6, y + 1.6)
        .lineTo(middle + 2.1, y - 1.6)
        .stroke(WHITE);
      break;
    case 'amber':
      pdf
        .moveTo(middle, y - 4.4)
        .lineTo(middle + 4.9, y + 4)
        .lineTo(middle - 4.9, y + 4)
        .fill(WARN);
      stroke(pdf)
        .moveTo(middle, y - 1.5)
        .lineTo(middle, y + 1)
        .moveTo(middle, y + 2.6)
        .lineTo(middle, y + 2.6)
        .stroke(WHITE);
      break;
    case 'failed':
      pdf.rect(middle - 4, y - 4, 8, 8).fill(STOP);
      stroke(pdf)
        .moveTo(middle - 1.8, y - 1.8)
        .lineTo(middle + 1.8, y + 1.8)
        .moveTo(middle + 1.8, y - 1.8)
        .lineTo(middle - 1.8, y + 1.8)
        .stroke(WHITE);
      break;
    case 'waits':
      pdf.lineWidth(1).circle(middle, y, 3.7).stroke(EDGE);
      break;
  }
}

function stroke(pdf: PDFKit.PDFDocument): PDFKit.PDFDocument {
  return pdf.lineWidth(1.1).lineCap('round').lineJoin('round');
}
