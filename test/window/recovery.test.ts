import '../cheap-scrypt.mjs';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Journey, keyboard } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { CANARY_SECRET, Place, rehearsalLeftAt } from './station.ts';
import { recoverInWindow } from './tour-recovery.ts';

const place = new Place();
let window: OpenWindow;

beforeAll(async () => {
  for (const name of ['request', 'released', 'back']) mkdirSync(join(place.files, name));
  await rehearsalLeftAt(place, place.write('seed.txt', CANARY_SECRET));
  window = await openWindow({ home: place.home });
});
afterAll(async () => {
  await window.close();
  place.remove();
});

it('a recovery is rehearsed by the keyboard alone, from the request to the very bytes', async () => {
  await recoverInWindow(new Journey(window.page, keyboard(window.page)), place.filesName);
  const back = readFileSync(join(place.files, 'back', 'seed.txt'));
  expect(back.equals(readFileSync(join(place.files, 'seed.txt')))).toBe(true);
  expect(readdirSync(join(place.files, 'request')).toSorted()).toEqual(['recovery-2-public-key.asc', 'recovery-2-request.txt']);
  expect(existsSync(join(place.files, 'private-half.asc'))).toBe(true);
}, 600_000);

it('and nothing of the secret, of the private half or of its passphrase came to the page', () => {
  for (const text of window.crossed) {
    expect(text).not.toContain(CANARY_SECRET);
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain('canary passphrase of the pair');
  }
  expect(window.crossed.length).toBeGreaterThan(20);
});
