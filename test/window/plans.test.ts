import '../cheap-scrypt.mjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, fingerprintWords, sha256 } from '../../main/values/index.ts';
import { Journey, keyboard } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { PLAN } from './planned.ts';
import { PASSPHRASE, Place, plannedLeftAt } from './station.ts';
import { walletsCsv } from './tour-plans.ts';

describe('a plan in the window', () => {
  const place = new Place();
  const asked: string[] = [];
  let window: OpenWindow;
  let journey: Journey;
  const status = (text: string | RegExp) => window.page.getByRole('status').filter({ hasText: text });

  beforeAll(async () => {
    place.write('wallets.csv', walletsCsv(200));
    window = await openWindow({ home: place.home });
    window.page.on('dialog', (dialog) => asked.push(dialog.type()));
    journey = new Journey(window.page);
    await journey.firstStart(PASSPHRASE);
    await journey.at('People and room');
    await journey.press('Leave for now');
    await journey.goTo('Plans');
  });
  afterAll(async () => {
    await window.close();
    place.remove();
  });

  it('is begun by keyboard alone, and what is found is told at once, in words and at its member', async () => {
    const { page } = window;
    const byKeys = new Journey(page, keyboard(page));
    await byKeys.press('Make a plan');
    await byKeys.at('New plan');
    await status(/still blank\. Until then nobody approves it\.$/).waitFor();
    await byKeys.type('Title', 'Treasury');
    await byKeys.choose(/^COLD/);
    const wallet = page.getByLabel('Wallet, as CoinCover knows it', { exact: true });
    await byKeys.hand.type(wallet, ' treasury');
    await status('1 thing to mend').waitFor();
    // The field says what is wrong with it to those who hear it, too.
    expect(await wallet.getAttribute('aria-invalid')).toBe('true');
    const described = await wallet.evaluate((field) =>
      (field.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? ''),
    );
    expect(described.join(' ')).toContain('It starts or ends with a space.');
    await byKeys.press('Show wallet  treasury, name');
    expect(await wallet.evaluate((field) => field === document.activeElement)).toBe(true);
    await byKeys.hand.type(wallet, 'treasury');
    await expect.poll(() => wallet.getAttribute('aria-invalid')).toBeNull();
  });

  it('takes in a list of 200 wallets and stays quick to work with', async () => {
    const { page } = window;
    await journey.file('Take in a list of wallets', [place.filesName], 'wallets.csv');
    await status('200 wallets were taken in from the list.').waitFor();
    await journey.type('Find a wallet, file or customer', 'seed-142');
    await status('1 of 201').waitFor();
    await page.getByRole('button', { name: /^wallet-142/ }).click();
    await expect.poll(() => page.getByLabel('The identifier itself').inputValue()).toBe('1000008d');
    await journey.press('Take this wallet out');
    await status('wallet-142 was taken out.').waitFor();
    await journey.press('Put it back');
    await status('1 of 201').waitFor();
    await page.getByLabel('Find a wallet, file or customer').fill('');
  });

  it('is kept while people look at other pages, and asks before the window goes', async () => {
    const { page } = window;
    await journey.goTo('Settings');
    await page.getByRole('link', { name: 'Plans' }).click();
    await journey.at('Treasury');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await page.getByRole('dialog').getByText('A plan is not saved').waitFor();
    await journey.press('Go on with it');
    await journey.at('Treasury');
  });

  it('is saved to a file of its own each time, as it is', async () => {
    const { page } = window;
    await journey.save('Save', [place.filesName], 'treasury.plan.json');
    await status('Saved as treasury.plan.json').waitFor();
    const written = JSON.parse(readFileSync(join(place.files, 'treasury.plan.json'), 'utf8')) as { title: string; wallets: unknown[] };
    expect([written.title, written.wallets.length]).toEqual(['Treasury', 201]);
    await expect.poll(() => window.session.isBusy(), { timeout: 60_000 }).toBe(false);
    await journey.type('Title', 'Treasury, second try');
    await status('Changed since it was saved as treasury.plan.json').waitFor();
    await journey.press('Save');
    expect(await page.getByRole('dialog').getByLabel('File name').inputValue()).toBe('treasury-2.plan.json');
    await page.keyboard.press('Escape');
    await journey.press('Close this plan');
    await journey.press('Throw it away');
    await journey.at('Plans');
    await expect.poll(() => window.session.isBusy(), { timeout: 60_000 }).toBe(false);
    await journey.file('Open a plan', [place.filesName], 'treasury.plan.json');
    await journey.at('Treasury');
    await journey.press('Close this plan');
    await journey.at('Plans');
    expect(window.violations).toEqual([]);
  });
});

describe('plans that people approved, at a station that was opened again', () => {
  const place = new Place();
  const [wallet] = PLAN.wallets;
  const plan = { ...PLAN, wallets: [{ ...wallet, user_identifier: 'treasury-wallet-01' }] };
  let window: OpenWindow;
  let journey: Journey;
  beforeAll(async () => {
    await plannedLeftAt(place, place.write('treasury.plan.json', JSON.stringify(plan)));
    window = await openWindow({ home: place.home });
    journey = new Journey(window.page);
    await journey.unlock(PASSPHRASE);
    await journey.press('Leave for now');
    await journey.goTo('Plans');
  });
  afterAll(async () => {
    await window.close();
    place.remove();
  });

  it('are found by title, first words, initials and time; their ceremonies are a press away', async () => {
    const approved = window.page.getByRole('region', { name: 'Approved plans' });
    const row = approved.getByRole('row').nth(1);
    await row.waitFor();
    const cells = (await row.getByRole('cell').allTextContents()).map((text) => text.replaceAll('\u00A0', ' '));
    const digest = sha256(canonicalJson(plan));
    expect(cells).toEqual([
      PLAN.title,
      `${fingerprintWords(digest).slice(0, 4).join(' ')} …`,
      'Ann Baker (AB), Carl Dahl (CD)',
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
      'Ceremony 1, open',
    ]);
    await journey.press('Ceremony 1, open');
    await window.page.getByRole('button', { name: 'Leave for now' }).waitFor();
  });
});
