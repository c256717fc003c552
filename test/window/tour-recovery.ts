import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Journey } from './journey.ts';
import type { Look } from './look.ts';
import { openWindow, type WindowOptions } from './open-window.ts';
import { CANARY_SECRET, PASSPHRASE, Place, rehearsalLeftAt } from './station.ts';

const PAIR_PASSPHRASE = 'canary passphrase of the pair';

/** The recovery of a rehearsal's backup, with the window's own stand-in: each step before and after its work, a wrong passphrase among them. */
export async function tourOfRecovery(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  for (const name of ['request', 'released', 'back']) mkdirSync(join(place.files, name));
  await rehearsalLeftAt(place, place.write('seed.txt', CANARY_SECRET));
  const window = await openWindow({ ...options, home: place.home });
  try {
    await window.page.waitForLoadState();
    await recoverInWindow(new Journey(window.page), place.filesName, (name) => look(`recovery-${name}`, window.page));
  } finally {
    await window.close();
    place.remove();
  }
}

/** From the unlocked window to the closed recovery; `show` is told of every screen. */
export async function recoverInWindow(
  journey: Journey,
  filesName: string,
  show: (name: string) => Promise<void> = () => Promise.resolve(),
  { file = 'seed.txt', bip39 = null }: { readonly file?: string; readonly bip39?: string | null } = {},
): Promise<void> {
  const { page } = journey;
  const signed = async (number: number, name: string): Promise<void> => {
    await journey.button(`Sign off step ${number.toString()}`).waitFor();
    await show(name);
    await journey.sign(number);
  };
  await journey.unlock(PASSPHRASE);
  await journey.press('Leave for now');
  await journey.goTo('Ceremonies');
  await journey.begin(/^Recover a backup/, /^Rehearsal/);
  await journey.people();
  await journey.sign(1);
  await journey.selfTest();
  await journey.sign(2);
  await chooseBackup(journey, file, show);
  await signed(3, 'backups-done');
  await makeRequest(journey, filesName, show);
  await signed(4, 'request-done');
  await openReleased(journey, filesName, show);
  await signed(5, 'released-done');
  await journey.at('Get the secret back');
  await show('result');
  const getBack = async (passphrase: string | null): Promise<void> => {
    await journey.type('Passphrase of the private half of the pair, once more', PAIR_PASSPHRASE);
    if (passphrase !== null) await journey.type('BIP-39 passphrase of the phrase, if it has one', passphrase);
    await journey.folder('Open, compare and write', [filesName, 'back']);
  };
  if (bip39 !== null) {
    await getBack(`${bip39}, with a slip`);
    await journey.at('What came back is not the planned secret');
    await show('result-other');
  }
  await getBack(bip39);
  await page.getByRole('cell', { name: file }).waitFor();
  await signed(6, 'result-done');
  await journey.at('What is left lying about');
  await show('wipe');
  await answerEach(journey, page);
  await journey.press('Record the answers');
  await signed(7, 'wipe-done');
  await journey.at('Close');
  await signed(8, 'close');
  await journey.at(/^Ceremony \d+ is closed$/);
  await show('closed');
}

async function chooseBackup(journey: Journey, file: string, show: (name: string) => Promise<void>): Promise<void> {
  await journey.at('Which backups, and why');
  const box = journey.page.getByRole('checkbox', { name: file });
  await box.waitFor({ state: 'attached' });
  await show('backups');
  await journey.type('Search the backups: name, wallet, key ID or backup ID', 'treasury');
  await box.waitFor({ state: 'attached' });
  await journey.tick(box);
  await journey.type('Why it is recovered', 'the yearly drill');
  await journey.press('Record the backups');
}

async function makeRequest(journey: Journey, filesName: string, show: (name: string) => Promise<void>): Promise<void> {
  await journey.at('The request and its pair');
  await show('request');
  await journey.type('Passphrase for the private half', PAIR_PASSPHRASE);
  await journey.type('The same passphrase again', PAIR_PASSPHRASE);
  await journey.save('Make the pair', [filesName], 'private-half.asc');
  await journey.pickFolder([filesName, 'request']);
  await journey.button('Have the stand-in release it').waitFor();
  await show('request-made');
  await journey.folder('Have the stand-in release it', [filesName, 'released']);
}

async function openReleased(journey: Journey, filesName: string, show: (name: string) => Promise<void>): Promise<void> {
  await journey.at('Open what was released');
  await show('released');
  await journey.press('Choose the packages');
  await journey.pickFiles([filesName, 'released'], /\.asc/);
  await journey.file('Choose the private half', [filesName], 'private-half.asc');
  await journey.type('Passphrase of the private half', 'not this one');
  await journey.press('Open the packages');
  await journey.page.getByRole('alert').waitFor();
  await show('released-wrong');
  await journey.type('Passphrase of the private half', PAIR_PASSPHRASE);
  await journey.press('Open the packages');
  await journey.page.getByRole('cell', { name: 'The private key', exact: true }).waitFor();
}

async function answerEach(journey: Journey, page: Page): Promise<void> {
  for (const group of await page.getByRole('radiogroup').all()) await journey.answerYes(group);
}
