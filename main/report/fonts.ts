import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { create, type Font, type GlyphRun } from 'fontkit';

/** The three faces of a printed form; `build/bundling.mjs` copies their files beside every bundle. */
const FILES = {
  sans: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  strong: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  mono: '@expo-google-fonts/ibm-plex-mono/400Regular/IBMPlexMono_400Regular.ttf',
} as const;

export type Face = keyof typeof FILES;
export type Fonts = Readonly<Record<Face, Font>>;

export const FACES = Object.keys(FILES) as readonly Face[];

/**
 * Inter joins `->` to an arrow and turns the x of `3x4` into a times sign: in evidence, what was written stands. Kerning
 * stays, but not among digits, where it hides the point of 07.418.
 */
const AS_WRITTEN = { calt: false, ccmp: false, clig: false, liga: false, locl: false, rclt: false, rlig: false } as const;

/** fontkit reads ten bytes of a glyph that has none, and Plex Mono's space lies at the file's very end. */
const PAST_THE_END = Buffer.alloc(16);

export function loadFonts(): Fonts {
  const sans = open('sans');
  const strong = open('strong');
  for (const font of [sans, strong]) {
    const layout = font.layout.bind(font);
    font.layout = (text) => layout(text, /\d/.test(text) ? { ...AS_WRITTEN, kern: false } : AS_WRITTEN);
  }
  const mono = open('mono');
  mono.layout = (text) => plainRun(mono, text);
  return { sans, strong, mono };
}

function open(face: Face): Font {
  const name = FILES[face].slice(FILES[face].lastIndexOf('/') + 1);
  const besideBundle = join(import.meta.dirname, 'fonts', name);
  const path = existsSync(besideBundle) ? besideBundle : createRequire(import.meta.url).resolve(FILES[face]);
  const font = create(Buffer.concat([readFileSync(path), PAST_THE_END]));
  if (!('layout' in font)) throw new TypeError(`${name} holds several fonts`);
  return font;
}

/** In a face of one width nothing is shaped: one glyph after the other, a hundred times faster. Reads what pdfkit has made of the positions. */
function plainRun(font: Font, text: string): GlyphRun {
  const glyphs = font.glyphsForString(text);
  const positions = glyphs.map((glyph) => ({ xAdvance: glyph.advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 }));
  const run = {
    glyphs,
    positions,
    get advanceWidth() {
      return positions.reduce((sum, one) => sum + one.xAdvance, 0);
    },
  };
  return run as unknown as GlyphRun;
}
