import { encode } from 'uqr';
import { fingerprintWords, type Sha256 } from '../values/index.ts';
import type { Sheet } from './sheet.ts';
import { BODY, INK, MONO, SMALL, WHITE, type Style } from './style.ts';
import { WORDS } from './words.ts';

/** Its dark part. */
const QR_SIZE = 92;
const QUIET_UNITS = 4;
const COLUMNS = 4;
const HEX: Style = { ...MONO, size: 9, leading: 14 };
const NUMBER: Style = { ...SMALL, size: 6.8 };
/** Hex over words; the code stands beside both. */
export const FINGERPRINT_HEIGHT = 2 * HEX.leading + 6 + 8 * BODY.leading + 8;

/** A SHA-256 as people compare it: grouped hex, 32 words, numbered, and a QR code. Never parted by a page. */
export function drawFingerprint(sheet: Sheet, hex: string, what: string): void {
  sheet.need(FINGERPRINT_HEIGHT);
  const top = sheet.y;
  drawHex(sheet, hex);
  sheet.gap(6);
  drawWords(sheet, fingerprintWords(hex as Sha256));
  const after = sheet.y;
  drawQr(sheet, hex, sheet.right - QR_SIZE, top, WORDS.qrOf(what, hex));
  sheet.y = after;
  sheet.gap(8);
}

/** Groups of four are for the eye; what is copied or read out has no gaps. */
function drawHex(sheet: Sheet, hex: string): void {
  const tag = sheet.tag(null, 'P');
  const step = sheet.breaker.widthOf('0000', HEX) + 5.5;
  for (const half of [hex.slice(0, 32), hex.slice(32)]) {
    sheet.content(tag, 'P', () => {
      sheet.pdf.markContent('Span', { actual: half });
      for (const [at, group] of (half.match(/.{4}/g) ?? []).entries()) sheet.line(group, HEX, sheet.left + at * step, sheet.y);
      sheet.pdf.endMarkedContent();
    });
    sheet.gap(HEX.leading);
  }
}

function drawWords(sheet: Sheet, words: readonly string[]): void {
  const tag = sheet.tag(null, 'Table');
  const step = (sheet.width - QR_SIZE - 24) / COLUMNS;
  for (let first = 0; first < words.length; first += COLUMNS) {
    const row = sheet.tag(tag, 'TR');
    for (const [at, word] of words.slice(first, first + COLUMNS).entries()) {
      const x = sheet.left + at * step;
      sheet.content(sheet.tag(row, 'TD'), 'TD', () => {
        sheet.line(`${(first + at + 1).toString()} `, NUMBER, x, sheet.y + 1.2);
        sheet.line(`${word} `, BODY, x + 15, sheet.y);
      });
    }
    sheet.gap(BODY.leading);
  }
}

/** Capitals, as every code of Coldroom: alphanumeric mode takes a third less room. Four units of quiet around it. */
function drawQr(sheet: Sheet, text: string, x: number, y: number, alt: string): void {
  const { data, size } = encode(text.toUpperCase(), { ecc: 'M', border: QUIET_UNITS });
  const unit = QR_SIZE / (size - 2 * QUIET_UNITS);
  // The dark part stands flush with the text; its quiet border reaches into the margins.
  const [left, top, side] = [x - QUIET_UNITS * unit, y - QUIET_UNITS * unit, size * unit];
  const tag = sheet.tag(null, 'Figure', { alt, placement: 'Block', bbox: [left, top, left + side, top + side] });
  sheet.content(tag, 'Figure', () => {
    sheet.pdf.rect(left, top, side, side).fill(WHITE);
    for (const [rowAt, row] of data.entries()) {
      for (const { from, length } of runsOf(row)) sheet.pdf.rect(left + from * unit, top + rowAt * unit, length * unit, unit);
    }
    sheet.pdf.fill(INK);
  });
}

function runsOf(row: readonly boolean[]): { from: number; length: number }[] {
  const runs: { from: number; length: number }[] = [];
  for (const [at, dark] of row.entries()) {
    const last = runs.at(-1);
    if (!dark) continue;
    if (last !== undefined && last.from + last.length === at) last.length += 1;
    else runs.push({ from: at, length: 1 });
  }
  return runs;
}
