import type { Face } from './fonts.ts';
import type { PaperSize } from './report.ts';

/** Sizes in points, 72 to the inch. */
export const PAPER: Readonly<Record<PaperSize, readonly [width: number, height: number]>> = { a4: [595.28, 841.89], letter: [612, 792] };

/** The screen's light tokens (renderer/styles/tokens.css): the paper is of the same house. */
export const INK = '#14202e';
const SOFT = '#51606f';
export const LINE = '#d5dce3';
export const EDGE = '#7b8896';
export const ICE = '#0b6e99';
export const WASH = '#f4f6f8';
export const OK = '#19703f';
export const WARN = '#8a5a00';
export const STOP = '#a3161d';
export const WHITE = '#ffffff';
export const WATERMARK = '#f0f2f5';
/** By environment, as on screen. */
export const BARS: Readonly<Record<string, string>> & { readonly rehearsal: string; readonly other: string } = {
  rehearsal: '#47586a',
  sandbox: WARN,
  production: STOP,
  other: '#33404d',
};
export const BAR_STRIPE = '#3e4e5f';

export type Style = { readonly face: Face; readonly size: number; readonly leading: number; readonly colour: string };

const style = (face: Face, size: number, leading: number, colour: string = INK): Style => ({ face, size, leading, colour });

export const TITLE = style('strong', 25, 31);
export const SUBTITLE = style('sans', 12.5, 18, SOFT);
export const SECTION = style('strong', 13, 18);
export const STEP = style('strong', 10.5, 15);
export const BODY = style('sans', 9, 12.6);
export const STRONG = style('strong', 9, 12.6);
export const INITIALS = style('strong', 10, 12.6);
export const QUIET = style('sans', 9, 12.6, SOFT);
export const SMALL = style('sans', 7.6, 11, SOFT);
export const HEAD = style('strong', 7.6, 11, SOFT);
export const MONO = style('mono', 8, 12.6);
export const MONO_SMALL = style('mono', 7, 10.5);
export const MONO_QUIET = style('mono', 7, 10.5, SOFT);

export const coloured = (base: Style, colour: string): Style => ({ ...base, colour });
