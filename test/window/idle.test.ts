import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playedOsKeychain } from '../../app/window/os-keychain.fixture.ts';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow, type WindowOptions } from './open-window.ts';
import { CANARY_SECRET, ceremonyAt, PASSPHRASE, Place, stationAt } from './station.ts';

/** Longer than a step takes to come up on a machine that is busy. */
const LOCK_AFTER_MS = 8000;

let place: Place;
let ends: (() => Promise<unknown>)[];
beforeEach(() => {
  place = new Place();
  ends = [];
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  place.remove();
});

async function open(options: Partial<WindowOptions> = {}): Promise<OpenWindow> {
  const window = await openWindow({ home: place.home, ...options });
  ends.push(() => window.close());
  return window;
}

/** All that could be read of a page: its whole document, its title, and what stands in its fields. */
async function everythingIn({ page }: OpenWindow): Promise<string> {
  const text = await page.evaluate(() => {
    const values = [...document.querySelectorAll('input, textarea')].map((one) => (one as HTMLInputElement).value);
    return [document.documentElement.outerHTML, document.title, ...values].join('\n');
  });
  return text;
}

describe('a window that nobody uses', () => {
  it('is covered, keeps the ceremony at its step, and goes on there under the passphrase', async () => {
    const { standIn, outside } = await stationAt(place);
    await ceremonyAt(outside, 'seal', place.write('canary-name.txt', CANARY_SECRET));
    ends.push(
      () => standIn.close(),
      () => outside.close(),
    );
    const window = await open({ lockAfterMs: LOCK_AFTER_MS });
    const journey = new Journey(window.page);
    // A busy machine may take longer between two steps than the window waits: somebody is there all the while, but once.
    const stay = () => setInterval(() => void window.session.receive({ operation: 'window.active', input: {} }), 1000);
    let somebody = stay();
    ends.push(() => {
      clearInterval(somebody);
      return Promise.resolve();
    });
    await journey.unlock(PASSPHRASE);
    await journey.at('Seal');
    await window.page.getByText('canary-name.txt').first().waitFor();
    const before = await everythingIn(window);
    for (const shown of ['canary-name', 'Ann Baker', 'AB', 'treasury-wallet-01']) expect(before).toContain(shown);

    clearInterval(somebody);
    await window.page
      .getByRole('alert')
      .filter({ hasText: /^Nobody has used this window/ })
      .waitFor();
    await window.page.getByRole('heading', { name: 'This window is locked' }).waitFor();
    await window.page.waitForFunction(() => document.title.includes('locked'));
    const covered = await everythingIn(window);
    for (const hidden of ['canary-name', 'Ann Baker', 'Carl Dahl', 'treasury-wallet-01', 'Vault room 2'])
      expect(covered).not.toContain(hidden);
    expect(await window.page.getByRole('dialog').count()).toBe(0);

    await journey.type('Passphrase of the keychain file', 'not the passphrase');
    await journey.press('Unlock');
    await window.page.getByRole('alert').first().waitFor();
    expect(await everythingIn(window)).not.toContain('canary-name');
    somebody = stay();
    await journey.type('Passphrase of the keychain file', PASSPHRASE);
    await journey.press('Unlock');
    await journey.at('Seal');
    await window.page.getByText('canary-name.txt').first().waitFor();
    await journey.seal();
    await journey.sign(7);
    await journey.at('Store with CoinCover');
    expect(window.violations).toEqual([]);
  });

  it('opens to a person of the ceremony where there is no passphrase to type', async () => {
    const spawnKeychainChild = playedOsKeychain();
    const window = await open({ spawnKeychainChild });
    const journey = new Journey(window.page);
    const call = (operation: string, input: unknown): Promise<unknown> => window.session.receive({ operation, input });
    await journey.at('Set up this station');
    await call('window.first-start', { role: 'single', name: 'desk-1', keychain: 'os', passphrase: null });
    await call('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal' });
    await window.page.reload();
    await journey.at('People and room');
    await journey.people();
    await journey.sign(1);
    await journey.at('Station self-test');
    window.session.lock();
    await journey.at('This window is locked');
    expect(await everythingIn(window)).not.toContain('Ann Baker');
    await journey.type('Your initials', 'ZZ');
    await journey.press('Go on');
    await window.page.getByRole('alert').first().waitFor();
    await journey.type('Your initials', 'ab');
    await journey.press('Go on');
    await journey.at('Station self-test');
  });
});
