import { closeSync, openSync, writeSync } from 'node:fs';

/** A picture of dark and light, as a camera would see it: one byte a pixel, 0 black to 255 white. */
export type Picture = Uint8Array;

const SIZE = { width: 640, height: 480 } as const;
const GREY = 128;

/** A grey picture: the camera looked, and saw nothing of use. */
export const NOTHING_SEEN: Picture = new Uint8Array(SIZE.width * SIZE.height).fill(GREY);

/**
 * A code as it is drawn in the window's SVG, in the middle of the camera's picture.
 * @param path unit squares, each `Mx yh1v1h-1z`. @param size the square that holds them.
 */
export function pictureOfPath(path: string, size: number): Picture {
  const picture = new Uint8Array(SIZE.width * SIZE.height).fill(255);
  const scale = Math.floor(SIZE.height / size);
  if (scale < 3) throw new Error('too dense for this camera');
  const [left, top] = [Math.floor((SIZE.width - size * scale) / 2), Math.floor((SIZE.height - size * scale) / 2)];
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < scale; row += 1) {
      const start = (top + Number(y) * scale + row) * SIZE.width + left + Number(x) * scale;
      picture.fill(0, start, start + scale);
    }
  }
  return picture;
}

/** Writes pictures as an uncompressed film (Y4M, 4:2:0) that Chromium takes for a camera; it plays it again and again. */
export function writeFilm(file: string, pictures: readonly Picture[], perSecond: number): void {
  const out = openSync(file, 'w');
  try {
    writeSync(out, `YUV4MPEG2 W${SIZE.width.toString()} H${SIZE.height.toString()} F${perSecond.toString()}:1 Ip A1:1 C420jpeg\n`);
    const colourless = new Uint8Array((SIZE.width * SIZE.height) / 2).fill(GREY);
    for (const picture of pictures) {
      writeSync(out, 'FRAME\n');
      writeSync(out, picture);
      writeSync(out, colourless);
    }
  } finally {
    closeSync(out);
  }
}

/** Which of `count` frames are lost: a share of them, chosen by a seed, so that a failure can be run again. */
export function lostFrames(count: number, share: number, seed: number): ReadonlySet<number> {
  let state = seed >>> 0;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const order = Array.from({ length: count }, (_, frame) => ({ frame, at: draw() })).toSorted((a, b) => a.at - b.at);
  return new Set(order.slice(0, Math.floor(count * share)).map(({ frame }) => frame));
}
