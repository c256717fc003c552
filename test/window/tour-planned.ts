import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PEOPLE, Journey } from './journey.ts';
import type { Look } from './look.ts';
import { openWindow, type WindowOptions } from './open-window.ts';
import {
  approvePlan,
  beginByPlan,
  chooseAgain,
  enterPeople,
  PASSPHRASE_OF_PHRASE,
  PHRASE,
  PLAN,
  walletByPlan,
  writePlanned,
} from './planned.ts';
import { PASSPHRASE, Place, plannedLeftAt } from './station.ts';
import { recoverInWindow } from './tour-recovery.ts';

/** A ceremony by a plan: approved, begun, stopped by two words that have changed places, and brought to its end by the right phrase. */
export async function tourOfPlanned(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  writePlanned(place, { right: false });
  const window = await openWindow({ ...options, home: place.home, isScreenPrivate: true });
  const { page } = window;
  const journey = new Journey(page);
  const show = async (name: string): Promise<void> => look(name, page);
  try {
    await journey.firstStart(PASSPHRASE);
    await journey.at('People and room');
    await journey.press('Abort');
    await journey.type('Reason', 'this rehearsal runs by a plan');
    await journey.press('Abort this ceremony');
    await journey.at('Ceremony 1 was aborted');
    await journey.press('Go to Backups');
    await approvePlan(journey, place);
    await page.getByText('Approved on this station').scrollIntoViewIfNeeded();
    await show('plan-approved');
    await beginByPlan(journey, place, () => show('planned-begin'));
    await page.getByRole('region', { name: 'Words of the plan' }).waitFor();
    await show('planned-people-words');
    await journey.words('Words of the plan');
    await page.getByLabel('Administrator: Name').waitFor();
    await show('planned-people');
    await enterPeople(journey);
    await journey.button('Sign off step 1').waitFor();
    await show('planned-people-done');
    await journey.sign(1);
    await journey.selfTest();
    await journey.sign(2);
    await journey.signIn();
    await journey.sign(3);
    await journey.at('HOT or COLD');
    await show('planned-wallet');
    await walletByPlan(journey);
    await journey.sign(4);
    await journey.assign();
    await journey.sign(5);
    await journey.secrets([place.filesName], ['notes.pdf', 'reserve.txt', 'seed.txt']);
    await page.getByRole('region', { name: 'Against the plan' }).waitFor();
    await show('planned-secrets-stop');
    await page.getByRole('region', { name: 'What was found in the files' }).scrollIntoViewIfNeeded();
    await show('planned-secrets-found');
    await journey.press('Go on as an exception: The secret does not pass its own checks');
    await page.getByRole('dialog').waitFor();
    await journey.type('Reason', 'the owner cannot be reached today');
    await journey.type('Initials of the administrator', PEOPLE.administrator.initials);
    await journey.type('Initials of a witness', PEOPLE.witness.initials);
    await show('planned-exception');
    await page.keyboard.press('Escape');
    place.write('seed.txt', PHRASE.replace('about', 'abuot'));
    await chooseAgain(journey, place);
    await journey.press('Show the word, and what it may have been meant as');
    await page.getByText('Nearest on the list: about, abuse, adult.').scrollIntoViewIfNeeded();
    await show('planned-nearest-words');
    place.write('seed.txt', `${PHRASE}\n`);
    await chooseAgain(journey, place);
    await page.getByText(/and it is the one that the plan names/).waitFor();
    await journey.type('BIP-39 passphrase of reserve.txt', 'TREZ0R');
    await show('planned-passphrase');
    await journey.press('Look into the file');
    await page.getByText(/but not the one that the plan names/).waitFor();
    await show('planned-other-wallet');
    await journey.type('BIP-39 passphrase of reserve.txt', PASSPHRASE_OF_PHRASE);
    await journey.press('Type it again');
    await journey.button('Sign off step 6').waitFor();
    await show('planned-secrets-good');
    await journey.sign(6);
    await journey.at('Seal');
    await show('planned-seal');
    await journey.sealToClose();
    await journey.button('Sign off step 12').waitFor();
    await show('planned-close');
    await journey.sign(12);
    await journey.at('Ceremony 2 is closed');
    await page.getByRole('region', { name: 'Plan against done' }).getByText(PLAN.title).waitFor();
    await show('planned-closed');
    await journey.press('Go to Backups');
    await page.getByRole('link', { name: 'Plans' }).click();
    await journey.at(PLAN.title);
    await journey.press('Close this plan');
    await page.getByRole('region', { name: 'Approved plans' }).getByRole('button', { name: 'Ceremony 2, closed' }).waitFor();
    await show('plans-approved');
  } finally {
    await window.close();
    place.remove();
  }
  await tourOfPlannedRecovery(look, options);
}

/** What was sealed by a plan comes back: a phrase under a slip of its passphrase, then under the right one. */
async function tourOfPlannedRecovery(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  for (const name of ['request', 'released', 'back']) mkdirSync(join(place.files, name));
  const [wallet] = PLAN.wallets;
  const items = wallet?.items.filter(({ name }) => name === 'reserve.txt');
  const plan = { ...PLAN, wallets: [{ ...wallet, user_identifier: 'treasury-wallet-01', items }] };
  const stored = { file: place.write('reserve.txt', PHRASE), bip39_passphrase: PASSPHRASE_OF_PHRASE };
  await plannedLeftAt(place, place.write('one.plan.json', JSON.stringify(plan)), stored);
  const window = await openWindow({ ...options, home: place.home });
  const shown = ['result-other', 'result-done'];
  try {
    const show = async (name: string): Promise<void> => (shown.includes(name) ? look(`planned-recovery-${name}`, window.page) : undefined);
    await recoverInWindow(new Journey(window.page), place.filesName, show, { file: 'reserve.txt', bip39: PASSPHRASE_OF_PHRASE });
  } finally {
    await window.close();
    place.remove();
  }
}
