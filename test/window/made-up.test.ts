import '../cheap-scrypt.mjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { Place } from './station.ts';

const place = new Place();
let window: OpenWindow;

beforeAll(async () => {
  window = await openWindow({ home: place.home });
});

afterAll(async () => {
  await window.close();
  place.remove();
});

it('the journey that every shell runs needs no file at all', async () => {
  await journey(window.page);
  expect(window.violations).toEqual([]);
});
