import '../cheap-scrypt.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { Outside, PASSPHRASE, Place } from './station.ts';

/** What `npm run bench` times: the page says that it can be used only when it shows something that can. */
describe('the moment at which the page can be used', () => {
  const place = new Place();
  let window: OpenWindow;

  beforeAll(async () => {
    window = await openWindow({ home: place.home });
  });

  afterAll(async () => {
    await window.close();
    place.remove();
  });

  const untilReady = async (): Promise<readonly string[]> => {
    await expect.poll(() => window.asked).toContain('window.ready');
    return window.asked.slice(0, window.asked.indexOf('window.ready'));
  };

  it('is that of the first choice where there is no station, and nothing else has been asked for by then', async () => {
    expect(await untilReady()).toEqual(['window.state']);
    expect(await window.page.getByRole('radio').first().isEnabled()).toBe(true);
  });

  it('is that of the passphrase where the station is locked', async () => {
    const outside = new Outside(place.home);
    await outside.run('init', { role: 'single', name: 'desk-1', keychain: 'file' });
    await outside.close();
    window.asked.length = 0;
    await window.page.reload();
    expect(await untilReady()).toEqual(['window.state']);
    expect(
      await window.page
        .getByLabel(/passphrase/i)
        .first()
        .isEnabled(),
    ).toBe(true);
  });

  it('is that of the page behind it where the station is open, however long that page takes to be known', async () => {
    await new Journey(window.page).unlock(PASSPHRASE);
    await window.page.getByRole('navigation').waitFor();
    window.asked.length = 0;
    await window.page.reload();
    expect(await untilReady()).toEqual(expect.arrayContaining(['window.state', 'ceremony.list']));
    expect(await window.page.getByRole('navigation').isVisible()).toBe(true);
  });
});
