import '../cheap-scrypt.mjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../main/ceremony/index.ts';
import type { StandIn } from '../../main/rehearsal/index.ts';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { CANARY_SECRET, ceremonyAt, PASSPHRASE, Place, stationAt, type Outside } from './station.ts';

/** Outside a ceremony's own buttons: Enter held down in a field, and buttons clicked twice. Main is asked once, and refuses nothing. */
describe('a key held down and a button clicked twice', () => {
  let place: Place;
  let standIn: StandIn;
  let outside: Outside;
  let window: OpenWindow;
  let journey: Journey;

  beforeEach(async () => {
    place = new Place();
    ({ standIn, outside } = await stationAt(place));
    window = await openWindow({ home: place.home });
    journey = new Journey(window.page);
  });

  afterEach(async () => {
    await window.close();
    await Promise.all([standIn.close(), outside.close()]);
    place.remove();
  });

  const times = (operation: string): number => window.asked.filter((one) => one === operation).length;
  const alerts = (): Promise<string[]> => window.page.getByRole('alert').allInnerTexts();

  /** The key repeats as a keyboard does it, slowly enough for answers to come in between. */
  async function leanOnEnter(): Promise<void> {
    for (let repeats = 0; repeats < 30; repeats += 1) {
      await window.page.keyboard.down('Enter');
      await window.page.waitForTimeout(30);
    }
    await window.page.keyboard.up('Enter');
  }

  it('unlocks once, and says once that a passphrase is wrong', async () => {
    await journey.type('Passphrase of the keychain file', 'not the passphrase');
    await leanOnEnter();
    await window.page.getByRole('alert').waitFor();
    expect(times('window.unlock')).toBe(1);
    expect(await alerts()).toHaveLength(1);
    await journey.type('Passphrase of the keychain file', PASSPHRASE);
    await leanOnEnter();
    await journey.at('Backups');
    expect(times('window.unlock')).toBe(2);
    expect(await alerts()).toEqual([]);
  });

  it('keeps an API key once, and asks nothing of an empty field', async () => {
    await outside.run('logout', { environment: 'rehearsal' });
    await outside.run('ceremony.begin', { script: 'online: assign and carry', environment: 'rehearsal' });
    await journey.unlock(PASSPHRASE);
    await journey.people();
    await journey.sign(1);
    await journey.selfTest();
    await journey.sign(2);
    await journey.at('Environment and sign-in');
    const name = window.page.getByLabel(/^Type the environment’s name/);
    await name.press('Enter');
    expect(times('ceremony.environment')).toBe(0);
    await name.fill('rehearsal');
    await leanOnEnter();
    const key = window.page.getByLabel('API key');
    await key.press('Enter');
    expect(times('login')).toBe(0);
    await key.fill('a-key-of-nobody');
    await leanOnEnter();
    await journey.button('Fetch the signing keys').waitFor();
    expect([times('ceremony.environment'), times('login')]).toEqual([1, 1]);
    expect(await alerts()).toEqual([]);
  });

  it('retires a signing key and sets a policy once', async () => {
    await ceremonyAt(outside, 'wallet', '');
    place.write('rules.json', JSON.stringify({ ...DEFAULT_POLICY, people: { administrator: 1, operator: 0, witness: 2, auditor: 0 } }));
    await journey.unlock(PASSPHRASE);
    await journey.press('Leave for now');
    await journey.goTo('Stations and trust');
    await journey.button('Retire').dblclick();
    await window.page.getByText('retired').first().waitFor();
    expect(times('trust.retire')).toBe(1);
    expect(await alerts()).toEqual([]);
    await journey.goTo('Settings');
    await journey.file('Choose a policy file', [place.filesName], 'rules.json');
    await journey.type('Name of the administrator who sets it', 'Ann Baker');
    await journey.button('Set this policy').dblclick();
    await window.page.getByText('The policy is set.').waitFor();
    expect(times('policy.set')).toBe(1);
    expect(await alerts()).toEqual([]);
  });

  it('sends an item again once, on one typed word', async () => {
    await ceremonyAt(outside, 'store', place.write('seed.txt', CANARY_SECRET));
    standIn.setFault('drop-after-store');
    const posts = (): number => standIn.requests.filter(({ path }) => path === '/v1/secure/data').length;
    await journey.unlock(PASSPHRASE);
    await journey.store();
    await window.page.getByText('(outcome-unknown)').waitFor();
    // What is to be done stands below what is said of it: the one button of the bar leads there.
    await journey.press('Settle it below');
    expect(await window.page.evaluate(() => document.activeElement?.textContent)).toBe('Settle what became of seed.txt');
    await journey.press('Leave for now');
    await window.page.getByRole('row', { name: /treasury-wallet-01/ }).click();
    await journey.at(/^Backup of/);
    await journey.choose('CoinCover confirmed a backup ID');
    await journey.type('The backup ID that CoinCover named', '00000000-0000-4000-8000-00000000000g');
    await window.page.getByText(/^A backup ID has digits and letters/).waitFor();
    expect(await journey.button('Settle it so').isDisabled()).toBe(true);
    await journey.choose('Send again, accepting that CoinCover may hold two');
    await journey.type('Type SEND AGAIN to confirm', 'SEND AGAIN');
    const before = posts();
    await journey.button('Settle it so').dblclick();
    await expect.poll(posts).toBe(before + 1);
    await window.page.getByText('(outcome-unknown)').waitFor();
    expect(times('item.settle')).toBe(1);
    expect(await journey.button('Settle it so').isDisabled()).toBe(true);
  });
});
