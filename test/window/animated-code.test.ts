import '../cheap-scrypt.mjs';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import jsqr from 'jsqr';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lostFrames, NOTHING_SEEN, pictureOfPath, writeFilm } from './camera-film.ts';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { ceremonyAt, Outside, PASSPHRASE, Place, stationAt } from './station.ts';

// Under Node the package, which is CommonJS, is its own default export; its types say otherwise.
const readCode = jsqr as unknown as typeof jsqr.default;

const FRAMES_A_SECOND = 8;
const LOST = 0.3;

type ShownFrame = { readonly path: string; readonly size: number };

const shows = new Place();
const reads = new Place();
const opened: OpenWindow[] = [];
/** Every frame of the key pack's code, as the first window drew it, and the document's bytes. */
const drawn: Record<'fine' | 'coarse', readonly ShownFrame[]> = { fine: [], coarse: [] };
let keyPack: Buffer = Buffer.alloc(0);

async function open(place: Place, flags: readonly string[] = []): Promise<{ window: OpenWindow; page: Page; journey: Journey }> {
  const window = await openWindow({ home: place.home, flags });
  opened.push(window);
  const journey = new Journey(window.page);
  await journey.unlock(PASSPHRASE);
  return { window, page: window.page, journey };
}

/** A station that nothing has been done on yet, that this film is shown to. */
async function reader(film: string | null) {
  const camera = film === null ? [] : [`--use-file-for-fake-video-capture=${film}`];
  return open(reads, ['--use-fake-device-for-media-stream', ...camera]);
}

async function permission(page: Page): Promise<string> {
  return page.evaluate(async () => (await navigator.permissions.query({ name: 'camera' })).state);
}

async function cameraState(page: Page): Promise<{ permission: string; pictures: string }> {
  return page.evaluate(async () => {
    const { state } = await navigator.permissions.query({ name: 'camera' });
    const pictures = await navigator.mediaDevices.getUserMedia({ video: true }).then(
      (stream) => {
        for (const track of stream.getTracks()) track.stop();
        return 'given';
      },
      (error: unknown) => (error as DOMException).name,
    );
    return { permission: state, pictures };
  });
}

const FORBIDDEN = { permission: 'denied', pictures: 'NotAllowedError' };

/** Goes once round the moving code, quickly. */
async function takeFrames(page: Page): Promise<ShownFrame[]> {
  const count = Number(/ of (\d+)$/.exec(await page.getByText(/^Picture \d+ of \d+$/).innerText())?.[1]);
  return page.evaluate(async (total) => {
    const svg = document.querySelector('svg[data-frame]');
    const seen = new Map<number, { path: string; size: number }>();
    const note = (): void => {
      const path = svg?.querySelector('path')?.getAttribute('d') ?? '';
      const size = Number(svg?.getAttribute('viewBox')?.split(' ')[3]);
      seen.set(Number(svg?.getAttribute('data-frame')), { path, size });
    };
    note();
    await new Promise<void>((done) => {
      const observer = new MutationObserver(() => {
        note();
        if (seen.size < total) return;
        observer.disconnect();
        done();
      });
      if (svg !== null) observer.observe(svg, { attributes: true });
    });
    return [...seen].toSorted(([a], [b]) => a - b).map(([, frame]) => frame);
  }, count);
}

beforeAll(async () => {
  const { standIn, outside } = await stationAt(shows);
  await ceremonyAt(outside, 'verify', shows.write('seed.txt', 'worth nothing'));
  await outside.close();
  await standIn.close();
  const other = new Outside(reads.home);
  await other.run('init', { role: 'single', name: 'desk-2', keychain: 'file' });
  await other.close();
  const { window, page, journey } = await open(shows);
  await journey.press('Leave for now');
  await page.getByRole('row', { name: /treasury-wallet-01/ }).click();
  await journey.press('Show the key pack as a code');
  // Less motion is what these windows are asked for: it waits until it is started.
  await page.waitForTimeout(400);
  expect(await page.locator('svg[data-frame]').getAttribute('data-frame')).toBe('0');
  await seenOnScreen(page, window);
  await journey.press('Start moving');
  drawn.fine = await takeFrames(page);
  await journey.choose(/^Coarse/);
  await journey.press('Start moving');
  drawn.coarse = await takeFrames(page);
  const [id] = /"id":"([0-9a-f-]{36})","kind":"keypack"/.exec(window.crossed.join('\n'))?.slice(1) ?? [];
  const out = join(shows.folder, 'copy.keypack.json');
  const copy = new Outside(shows.home);
  await copy.run('document', { id, out });
  await copy.close();
  keyPack = readFileSync(out);
  expect(window.violations).toEqual([]);
});

/** What the screen really shows, in the dark theme, is what the frame says. */
async function seenOnScreen(page: Page, window: OpenWindow): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const { data, width, height } = PNG.sync.read(await page.locator('svg[data-frame]').screenshot());
  const text = readCode(new Uint8ClampedArray(data), width, height)?.data ?? '';
  expect(text).toMatch(/^UR:BYTES\/1-\d+\//);
  expect(window.crossed.join('\n')).toContain(text);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

afterEach(async () => {
  for (const window of opened.splice(0)) await window.close();
});
afterAll(() => {
  shows.remove();
  reads.remove();
});

describe('a document that crosses as a moving code', () => {
  it.each(['fine', 'coarse'] as const)('is whole in less than 15 seconds in %s pictures, three in ten of them lost', async (density) => {
    const frames = drawn[density];
    const lost = lostFrames(frames.length, LOST, 20_261_124);
    const film = join(reads.folder, `${density}.y4m`);
    writeFilm(
      film,
      frames.map(({ path, size }, index) => (lost.has(index) ? NOTHING_SEEN : pictureOfPath(path, size))),
      FRAMES_A_SECOND,
    );
    const { window, page, journey } = await reader(film);
    await page.getByRole('heading', { name: 'Backups', level: 1 }).waitFor();
    expect(await cameraState(page)).toEqual(FORBIDDEN);

    const began = performance.now();
    await journey.press('Read a code');
    await page.getByRole('progressbar').waitFor();
    await expect.poll(() => permission(page)).toBe('granted');
    await page.getByText(/^Read: a key pack, kept as keypack-[0-9a-f]{12}\.json\./).waitFor();
    const tookMs = performance.now() - began;

    const received = join(reads.home, 'received');
    const files = readdirSync(received);
    expect(files).toHaveLength(1);
    expect(readFileSync(join(received, files[0] ?? '')).equals(keyPack)).toBe(true);
    rmSync(received, { recursive: true });
    expect(keyPack.length).toBeGreaterThan(3500);
    process.stdout.write(
      `${density}: ${keyPack.length.toString()} bytes, ${frames.length.toString()} frames: ${Math.round(tookMs).toString()} ms\n`,
    );
    expect(tookMs).toBeLessThan(15_000);
    expect(await cameraState(page)).toEqual(FORBIDDEN);
    expect(window.violations).toEqual([]);
  });

  it('asks before it is left half-way, and forgets then', async () => {
    const film = join(reads.folder, 'half.y4m');
    writeFilm(
      film,
      drawn.fine.slice(0, 2).map(({ path, size }) => pictureOfPath(path, size)),
      FRAMES_A_SECOND,
    );
    const { page, journey } = await reader(film);
    await journey.press('Read a code');
    await page.getByText(/^[1-9]\d* % read$/).waitFor();
    await journey.press('Cancel');
    await journey.press('Go on reading');
    await journey.press('Cancel');
    await journey.press('Leave');
    await expect.poll(() => cameraState(page)).toEqual(FORBIDDEN);
    await journey.press('Read a code');
    // It starts from nothing: the first of two parts again.
    await page.getByText(/^[1-9]\d* % read$/).waitFor();
  });

  it('loses the camera when the page is loaded anew', async () => {
    const { page, journey } = await reader(null);
    await journey.press('Read a code');
    await page.getByText('Looking for a code…').waitFor();
    await expect.poll(() => permission(page)).toBe('granted');
    expect((await cameraState(page)).pictures).toBe('given');
    await page.reload();
    await page.getByRole('heading', { name: 'Backups', level: 1 }).waitFor();
    expect(await cameraState(page)).toEqual(FORBIDDEN);
  });

  it('can be typed by a scanner where there is no camera, and says what else it was shown', async () => {
    const { window, page, journey } = await open(reads);
    await journey.press('Read a code');
    await page.getByText(/^There is no camera\./).waitFor();
    await journey.type(/^What a scanner types/, 'https://coincover.com/');
    await page.keyboard.press('Enter');
    // A button of the same name stands under the missing camera, before anything was answered.
    await expect.poll(() => window.crossed.join('\n')).toContain('code-not-ours');
    await journey.press('Try again');
    expect(window.violations).toEqual([]);
  });
});
