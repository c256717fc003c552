import '../cheap-scrypt.mjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StandIn } from '../../main/rehearsal/index.ts';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { PASSPHRASE, Place, stationAt } from './station.ts';

/** More rows than are seen at a glance. */
const MANY = 12;
const place = new Place();
let window_: OpenWindow | null = null;
let standIn: StandIn | null = null;

beforeAll(async () => {
  const { standIn: made, outside } = await stationAt(place);
  standIn = made;
  for (let begun = 0; begun < MANY; begun += 1) {
    const { ceremony } = await outside.run<{ ceremony: { ceremony_id: string } }>('ceremony.begin', {
      script: 'rehearsal',
      environment: 'rehearsal',
    });
    await outside.run('ceremony.abort', { ceremony: ceremony.ceremony_id, reason: 'nobody came', initials: [] });
  }
  await outside.close();
  window_ = await openWindow({ home: place.home });
});
afterAll(async () => {
  await window_?.close();
  await standIn?.close();
  place.remove();
});

it('keeps of a long list what fits what is typed, and says how much that is', async () => {
  if (window_ === null) throw new Error('no window');
  const { page } = window_;
  const journey = new Journey(page);
  await journey.unlock(PASSPHRASE);
  await journey.goTo('Ceremonies');
  const rows = page.getByRole('table', { name: 'Ceremonies of this station' }).locator('tbody tr');
  await expect.poll(() => rows.count()).toBe(MANY);
  await journey.type('Find by number, script or date', '11 rehearse');
  await page.getByText('1 of 12', { exact: true }).waitFor();
  expect(await rows.count()).toBe(1);
  expect(await rows.first().innerText()).toMatch(/^11\b/);
  await journey.type('Find by number, script or date', 'no such ceremony');
  await page.getByText('0 of 12', { exact: true }).waitFor();
  expect(await rows.count()).toBe(0);
});
