import '../cheap-scrypt.mjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { PLAN } from './planned.ts';
import { Outside, PASSPHRASE, Place } from './station.ts';

/** What is pressed while a plan is still being read. */
describe('a ceremony begun by a plan', () => {
  let place: Place;
  let outside: Outside;
  let window: OpenWindow;
  /** Main is asked to read a plan once it has come true. */
  let free = Promise.resolve();

  beforeEach(async () => {
    place = new Place();
    outside = new Outside(place.home);
    await outside.run('init', { role: 'single', name: 'desk-1', keychain: 'file' });
    place.write('treasury.plan.json', JSON.stringify({ ...PLAN, wallets: PLAN.wallets.slice(0, 1) }));
    place.write('none.plan.json', '{"plan": 1}');
    window = await openWindow({
      home: place.home,
      beforeAsking: (operation) => (operation === 'plan.read' ? free : Promise.resolve()),
    });
  });

  afterEach(async () => {
    await window.close();
    await outside.close();
    place.remove();
  });

  /** The page to begin at, with a rehearsal chosen. */
  async function beginning(): Promise<Journey> {
    const journey = new Journey(window.page);
    await journey.unlock(PASSPHRASE);
    await journey.at('Backups');
    await journey.goTo('Ceremonies');
    await journey.press('Start a ceremony');
    await journey.choose(/^Rehearse/);
    await journey.ready('Begin');
    return journey;
  }

  it('cannot begin without it while it is being read', async () => {
    const journey = await beginning();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    free = promise.then(() => undefined);
    await journey.file('Choose the plan', [place.filesName], 'treasury.plan.json');
    await window.page.getByText('Working…').waitFor();
    expect(await journey.button('Begin').isDisabled()).toBe(true);
    resolve(undefined);
    await window.page.getByText(PLAN.title).waitFor();
    await journey.press('Begin');
    await window.page.getByRole('region', { name: 'Words of the plan' }).waitFor();
  });

  it('can begin again where the choice was given up, or the file was none', async () => {
    const journey = await beginning();
    await journey.press('Choose the plan');
    await journey.press('Cancel');
    await journey.ready('Begin');
    await journey.file('Choose the plan', [place.filesName], 'none.plan.json');
    await window.page.getByRole('alert').waitFor();
    await journey.ready('Begin');
  });
});
