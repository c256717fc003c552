import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandIn } from '../../main/rehearsal/index.ts';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { CANARY_SECRET, ceremonyAt, PASSPHRASE, Place, stationAt, type Outside } from './station.ts';

type View = { ceremony: { now: { step: string; evidence_sha256: string } } };

/** Buttons held down, windows left in the middle, and a second window: what people do who mean no harm. */
describe('a clumsy hand', () => {
  const place = new Place();
  let standIn: StandIn;
  let outside: Outside;
  let window: OpenWindow;
  let journey: Journey;
  let id: string;
  const asked: string[] = [];

  beforeAll(async () => {
    const file = place.write('seed.txt', CANARY_SECRET);
    // Long enough to leave a page and reload it while an answer is awaited.
    ({ standIn, outside } = await stationAt(place, null, { slowMs: 15_000 }));
    id = await ceremonyAt(outside, 'assign', file);
    window = await openWindow({ home: place.home });
    // The shell answers the page's dialogs, not Playwright.
    window.page.on('dialog', (dialog) => {
      asked.push(dialog.type());
    });
    journey = new Journey(window.page);
    await journey.unlock(PASSPHRASE);
  });

  afterAll(async () => {
    await window.close();
    await Promise.all([standIn.close(), outside.close()]);
    place.remove();
  });

  const focused = (): Promise<string> => window.page.evaluate(() => document.activeElement?.textContent ?? '');

  it('that leaves a ceremony and reloads while a key is asked for is asked first, and nothing is sent twice', async () => {
    standIn.setFault('slow');
    await journey.at('Assign a key and check it');
    await journey.press('Have a key assigned');
    await journey.press('Leave for now');
    await window.page.getByRole('link', { name: 'Settings' }).waitFor();
    void window.page.evaluate(() => {
      location.reload();
    });
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await expect.poll(() => window.session.isBusy()).toBe(false);
    standIn.setFault(null);
    // Settings asks for what it shows; as long as it does, the page is held just as well, and people reload once more.
    const reload = (): Promise<boolean> =>
      window.page.reload({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    await expect.poll(reload).toBe(true);
    await journey.words('Key fingerprint');
    await journey.button('Sign off step 5').waitFor();
    expect(standIn.requests.filter((request) => request.path === '/v1/keys').length).toBe(1);
  });

  it('finds the focus at the heading when the button that was pressed is gone', async () => {
    expect(await focused()).toBe('Assign a key and check it');
  });

  it('that holds Enter down signs once, and the next step shows no failure', async () => {
    await window.page.getByRole('textbox', { name: 'Administrator', exact: true }).fill('ab');
    await window.page.getByRole('textbox', { name: 'Witness', exact: true }).fill(' cd');
    for (let repeats = 0; repeats < 6; repeats += 1) await window.page.keyboard.down('Enter');
    await window.page.keyboard.up('Enter');
    await journey.at('Choose the secrets');
    await journey.button('Use a made-up secret').waitFor();
    await expect.poll(() => window.session.isBusy()).toBe(false);
    expect(await window.page.getByRole('alert').allInnerTexts()).toEqual([]);
    expect(await focused()).toBe('Choose the secrets');
  });

  it('that signs what another window has signed is told so, on the step that is lit', async () => {
    await journey.press('Use a made-up secret');
    await journey.button('Sign off step 6').waitFor();
    const { ceremony } = await outside.run<View>('ceremony.show', { ceremony: id });
    await outside.run('ceremony.sign-off', {
      ceremony: id,
      step: ceremony.now.step,
      evidence_sha256: ceremony.now.evidence_sha256,
      initials: [
        { role: 'administrator', initials: 'AB' },
        { role: 'witness', initials: 'CD' },
      ],
    });
    await journey.sign(6);
    await journey.at('Seal');
    expect(await window.page.getByRole('alert').innerText()).toContain('(step-not-current)');
  });
});
