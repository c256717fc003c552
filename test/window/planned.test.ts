import '../cheap-scrypt.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Journey, keyboard, PEOPLE } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import {
  ADDRESS,
  approvePlan,
  beginByPlan,
  chooseAgain,
  enterPeople,
  OTHER_PHRASE,
  PASSPHRASE_OF_PHRASE,
  PHRASE,
  PLAN,
  walletByPlan,
  writePlanned,
} from './planned.ts';
import { listenLikeAScreenReader, told as toldOn } from './screen-reader.ts';
import { Outside, PASSPHRASE, Place } from './station.ts';

describe('a ceremony by a plan', () => {
  const place = new Place();
  let window: OpenWindow;
  const told = (): Promise<string> => toldOn(window.page);

  beforeAll(async () => {
    writePlanned(place, { right: false });
    window = await openWindow({ home: place.home });
    await window.page.getByRole('heading', { level: 1 }).waitFor();
    await listenLikeAScreenReader(window.page);
  });
  afterAll(async () => {
    await window.close();
    place.remove();
  });

  it('is approved, begun, and stops at the secret with two words that have changed places', async () => {
    const journey = new Journey(window.page);
    await journey.firstStart(PASSPHRASE);
    await journey.at('People and room');
    await journey.press('Abort');
    await journey.type('Reason', 'this rehearsal runs by a plan');
    await journey.press('Abort this ceremony');
    await journey.press('Go to Backups');
    await approvePlan(journey, place);
    await beginByPlan(journey, place);
    // Nobody goes on before the words were compared, and wrong ones are not taken.
    const box = window.page.getByRole('region', { name: 'Words of the plan' });
    await journey.press('Hide two words and ask for them');
    for (const field of await box.getByRole('textbox').all()) await field.fill('nothing');
    await journey.press('Compare the words');
    await expect.poll(told).toContain('These are not the words that stand there.');
    await journey.press('Show all words again');
    await journey.words('Words of the plan');
    expect(await window.page.getByLabel('Witness: Name').inputValue()).toBe(PEOPLE.witness.name);
    await enterPeople(journey);
    await journey.sign(1);
    await journey.selfTest();
    await journey.sign(2);
    await journey.signIn();
    await journey.sign(3);
    await walletByPlan(journey);
    await journey.sign(4);
    await journey.assign();
    await journey.sign(5);
    await journey.secrets([place.filesName], ['notes.pdf', 'reserve.txt', 'seed.txt']);
    await journey.at('The secret does not pass its own checks');
    const alert = window.page.getByRole('alert').filter({ has: window.page.getByRole('heading', { level: 1 }) });
    expect(await alert.innerText()).toMatch(/^The secret does not pass its own checks[^]*a wrong word, a letter, or words out of place/);
    await expect.poll(told).toContain('Compare the file with the original, word by word.');
    await expect.poll(told).toContain('This is no valid recovery phrase.');
    expect(await told()).toContain('Its checksum is wrong: a word is another one, or out of place.');
    // There is no way to sign it off.
    expect(await journey.button('Sign off step 6').count()).toBe(0);
  });

  it('stops at a phrase that is valid and another wallet’s, by keyboard, and says what it controls and what was planned', async () => {
    const journey = new Journey(window.page, keyboard(window.page));
    place.write('seed.txt', OTHER_PHRASE);
    await chooseAgain(journey, place);
    await journey.at('This is another wallet’s secret');
    await expect.poll(told).toContain('A recovery phrase, but not the one that the plan names.');
    const against = window.page.getByRole('region', { name: 'Against the plan' });
    expect(await against.getByText(ADDRESS).count()).toBe(1);
    // An exception takes a reason and two people of the ceremony.
    await journey.press('Go on as an exception: This is another wallet’s secret');
    await journey.type('Reason', 'nobody knows why');
    await journey.type('Initials of the administrator', PEOPLE.administrator.initials);
    await journey.type('Initials of a witness', PEOPLE.administrator.initials);
    const dialog = window.page.getByRole('dialog');
    await journey.hand.press(dialog.getByRole('button', { name: 'Go on as an exception', exact: true }));
    await dialog
      .getByText(/initials/)
      .last()
      .waitFor();
    expect(await dialog.count()).toBe(1);
    await window.page.keyboard.press('Escape');
    expect(await journey.button('Sign off step 6').count()).toBe(0);
  });

  it('reaches its end with the right phrases, and tells plan against done', async () => {
    const journey = new Journey(window.page, keyboard(window.page));
    place.write('seed.txt', `${PHRASE}\n`);
    await chooseAgain(journey, place);
    await expect.poll(told).toContain('A recovery phrase, and it is the one that the plan names.');
    const field = window.page.getByLabel('BIP-39 passphrase of reserve.txt');
    await journey.hand.type(field, PASSPHRASE_OF_PHRASE);
    await journey.press('Look into the file');
    await journey.sign(6);
    await journey.sealToClose();
    await journey.sign(12);
    await journey.at('Ceremony 2 is closed');
    const against = window.page.getByRole('region', { name: 'Plan against done' });
    await against.getByText('Nothing departed from the plan.').waitFor();
    expect(await against.getByRole('cell', { name: /^as planned$/ }).count()).toBe(2);
    const outside = new Outside(place.home);
    const { backups } = await outside.run<{ backups: { name: string; state: string; wallet: string }[] }>('ledger.list', {});
    expect(backups.map(({ name, state, wallet }) => [name, state, wallet]).toSorted()).toEqual(
      ['notes.pdf', 'reserve.txt', 'seed.txt'].map((name) => [name, 'stored', PLAN.wallets[0]?.user_identifier]),
    );
    await outside.close();
  });

  it('has shown the page no phrase and no passphrase, anywhere', async () => {
    const storage = await window.page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]));
    const inputs = await window.page.locator('input, textarea').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    const seen = [await window.page.content(), storage, await told(), ...inputs, ...window.crossed].join('\n');
    for (const canary of ['abandon', 'legal winner', PASSPHRASE_OF_PHRASE, place.files]) expect(seen).not.toContain(canary);
    expect(seen).toContain(ADDRESS); // the search would find something
    expect(window.violations).toEqual([]);
  });
});
