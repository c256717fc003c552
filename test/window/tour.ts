import { chmodSync } from 'node:fs';
import type { FaultName } from '../../main/rehearsal/index.ts';
import { Journey, PEOPLE } from './journey.ts';
import type { Look } from './look.ts';
import { openWindow, type OpenWindow, type WindowOptions } from './open-window.ts';
import { tourOfPassphrases } from './tour-passphrase.ts';
import { tourOfPins } from './tour-pins.ts';
import { tourOfPlanned } from './tour-planned.ts';
import { tourOfPlans } from './tour-plans.ts';
import { tourOfPolicy } from './tour-policy.ts';
import { tourOfRecovery } from './tour-recovery.ts';
import { tourOfTwoStations } from './tour-two-stations.ts';
import { CANARY_SECRET, ceremonyAt, PASSPHRASE, Place, stationAt } from './station.ts';

type Window = { window: OpenWindow; journey: Journey };

type Part = (look: Look, options: Omit<WindowOptions, 'home'>) => Promise<void>;

/** Every screen and state of the window, in parts that know nothing of each other: those of one group make one suite. */
export const TOURS = {
  rehearsal: [tourOfFirstStart, tourOfRehearsal, tourOfSelfCheck],
  stations: [tourOfPassphrases, tourOfFailures, tourOfTwoStations, tourOfRecovery],
  plans: [tourOfPolicy, tourOfPlans, tourOfPlanned, tourOfPins],
} as const satisfies Record<string, readonly Part[]>;

/** Goes through the screens and states of one group, or of all of them, and shows each one. */
export async function tour(look: Look, groups: readonly (keyof typeof TOURS)[] = ['rehearsal', 'stations', 'plans']): Promise<void> {
  for (const group of groups) for (const part of TOURS[group]) await part(look, {});
}

async function open(place: Place, options: Omit<WindowOptions, 'home'>): Promise<Window> {
  const window = await openWindow({ ...options, home: place.home });
  return { window, journey: new Journey(window.page) };
}

async function tourOfFirstStart(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  const { window, journey } = await open(place, options);
  await journey.at('Set up this station');
  await journey.page.getByLabel('Passphrase for the keychain file').waitFor();
  await look('first-start', window.page);
  await window.close();
  place.remove();
}

/** A whole rehearsal with the built-in stand-in, each step before and after its work. */
async function tourOfRehearsal(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  place.write('seed.txt', `${CANARY_SECRET}\n`);
  place.write('wallet-export.bin', Buffer.alloc(70_000, 7));
  const { window, journey } = await open(place, options);
  const show = async (name: string): Promise<void> => look(name, window.page);
  const signed = async (number: number, name: string): Promise<void> => {
    await journey.button(`Sign off step ${number.toString()}`).waitFor();
    await show(name);
    await journey.sign(number);
  };
  await journey.firstStart(PASSPHRASE);
  await journey.at('People and room');
  await show('people');
  await journey.people();
  await signed(1, 'people-done');
  await journey.at('Station self-test');
  await show('self-test');
  await journey.selfTest();
  await signed(2, 'self-test-done');
  window.session.lock();
  await journey.at('This window is locked');
  await show('locked');
  await journey.type('Passphrase of the keychain file', PASSPHRASE);
  await journey.press('Unlock');
  await journey.at('Environment and sign-in');
  await show('sign-in-name');
  await journey.type(/^Type the environment’s name to confirm it/, 'rehearsal');
  await journey.press('Confirm the environment');
  await journey.button('Use the practice key').waitFor();
  await show('sign-in-key');
  await journey.press('Use the practice key');
  await journey.press('Fetch the signing keys');
  await journey.button('Hide two words and ask for them').waitFor();
  await show('sign-in-words');
  await journey.words('Signing key of the enclave');
  await signed(3, 'sign-in-done');
  await journey.at('HOT or COLD');
  await show('wallet');
  await journey.wallet();
  await signed(4, 'wallet-done');
  await journey.at('Assign a key and check it');
  await show('assign');
  await journey.press('Have a key assigned');
  await journey.button('Hide two words and ask for them').waitFor();
  await show('assign-words');
  await journey.press('Hide two words and ask for them');
  await show('assign-words-asked');
  await journey.press('Show all words again');
  await journey.words('Key fingerprint');
  await signed(5, 'assign-done');
  await journey.at('Choose the secrets');
  await show('secrets');
  await journey.press('Choose files');
  await window.page.getByRole('dialog').waitFor();
  await show('file-browser');
  await window.page.keyboard.press('Escape');
  await journey.secrets([place.filesName], ['seed.txt', 'wallet-export.bin']);
  await signed(6, 'secrets-done');
  await journey.at('Seal');
  await show('seal');
  await journey.choose(/^Passphrase, then envelope/);
  await show('seal-passphrase');
  await journey.choose(/^Recommended/);
  await journey.seal();
  await signed(7, 'seal-done');
  await journey.at('Store with CoinCover');
  await show('store');
  await journey.store();
  await signed(8, 'store-done');
  await journey.at('Verify key and backup');
  await signed(9, 'verify');
  await journey.at('Get it back');
  await show('recover');
  await journey.recover();
  await signed(10, 'recover-done');
  await journey.at('Production checklist');
  await show('checklist');
  await journey.checklist();
  await signed(11, 'checklist-done');
  await journey.at('Close');
  await journey.press('Record an exception');
  await window.page.getByRole('dialog').waitFor();
  await show('exception');
  await window.page.keyboard.press('Escape');
  await signed(12, 'close');
  await journey.at('Ceremony 1 is closed');
  await show('closed');
  await journey.press('Go to Backups');
  await tourOfPages(journey, place.filesName, show);
  await window.close();
  const again = await open(place, options);
  await again.journey.at('Unlock this station');
  await look('unlock', again.window.page);
  await again.journey.type('Passphrase of the keychain file', 'not the passphrase');
  await again.journey.press('Unlock');
  await again.window.page.getByRole('alert').waitFor();
  await look('unlock-wrong', again.window.page);
  await again.window.close();
  place.remove();
}

async function tourOfPages(journey: Journey, filesName: string, show: (name: string) => Promise<void>): Promise<void> {
  const { page } = journey;
  await journey.at('Backups');
  await page
    .getByRole('row', { name: /treasury-wallet-01/ })
    .first()
    .waitFor();
  await show('backups');
  await page
    .getByRole('row', { name: /treasury-wallet-01/ })
    .first()
    .click();
  await journey.at(/^Backup of/);
  await show('backup-detail');
  await journey.press('Show the receipt as a code');
  await journey.button('Start moving').waitFor();
  await show('code-show');
  await journey.press('Done');
  for (const [link, heading] of [
    ['Drills due', 'Drills due'],
    ['Ceremonies', 'Ceremonies'],
    ['Stations and trust', 'Stations and trust'],
    ['Settings', 'Settings'],
  ] as const) {
    await page.getByRole('link', { name: link }).click();
    await journey.at(heading);
    await page.waitForTimeout(300);
    await show(heading.toLowerCase().replaceAll(' ', '-'));
  }
  await journey.press('Look at them now');
  const looked = page.getByRole('region', { name: 'This program, computer and station' });
  await looked.getByText(/lines are as they should be/).waitFor();
  await looked.scrollIntoViewIfNeeded();
  await show('settings-self-check');
  await page.getByRole('link', { name: 'Stations and trust' }).click();
  await journey.press('Set up an environment');
  await page.getByRole('dialog').waitFor();
  await show('set-up-environment');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Backups' }).click();
  await journey.press('Read a code');
  await page.getByText(/^There is no camera\./).waitFor();
  await show('code-read');
  await journey.press('Cancel');
  await journey.press('Start a ceremony');
  await journey.at('Start a ceremony');
  await show('begin');
  await journey.choose(/^Rehears/);
  await journey.save('Print the script', [filesName], 'rehearsal.pdf');
  await page.getByText(/^The script is written/).waitFor();
  await show('script-printed');
}

/** The screens that nobody wants to see. */
async function tourOfFailures(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const cases = [
    ['assign', 'status-401', 'Have a key assigned', 'assign-refused'],
    ['assign', 'bad-signature', 'Have a key assigned', 'assign-quarantined'],
    ['store', 'drop-after-store', /^Send/, 'store-unknown'],
  ] as const satisfies readonly (readonly ['assign' | 'store', FaultName, string | RegExp, string])[];
  for (const [step, fault, button, name] of cases) {
    const place = new Place();
    const { standIn, outside } = await stationAt(place);
    await ceremonyAt(outside, step, place.write('seed.txt', CANARY_SECRET));
    standIn.setFault(fault);
    const { window, journey } = await open(place, options);
    await journey.unlock(PASSPHRASE);
    await journey.press(button);
    await window.page.getByRole('alert').waitFor();
    await look(name, window.page);
    await window.close();
    await Promise.all([standIn.close(), outside.close()]);
    place.remove();
  }
  await tourOfStop(look, options);
}

/** A station whose folder others may write to: its self-test holds the ceremony until that is mended. */
async function tourOfSelfCheck(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  const { window, journey } = await open(place, options);
  await journey.firstStart(PASSPHRASE);
  await journey.people();
  await journey.sign(1);
  await journey.at('Station self-test');
  chmodSync(place.home, 0o770);
  await journey.press('Run the self-test');
  await journey.at('This computer or this station is not fit for a ceremony');
  await look('self-check-failed', window.page);
  chmodSync(place.home, 0o700);
  await journey.press('Look again');
  await journey.button('Sign off step 2').waitFor();
  await window.close();
  place.remove();
}

async function tourOfStop(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  const { standIn, outside } = await stationAt(place);
  const file = place.write('seed.txt', CANARY_SECRET);
  await ceremonyAt(outside, 'store', file);
  standIn.setFault('false-backup-verify');
  const { window, journey } = await open(place, options);
  await journey.unlock(PASSPHRASE);
  await journey.store();
  await journey.sign(8);
  await journey.at(/is not valid/);
  await look('verify-stopped', window.page);
  for (const [button, name] of [
    ['Hand a role over', 'hand-over'],
    ['Abort', 'abort'],
  ] as const) {
    await journey.press(button);
    await window.page.getByRole('dialog').waitFor();
    await look(name, window.page);
    await window.page.keyboard.press('Escape');
  }
  await journey.press('Pause');
  await journey.type('Reason', 'somebody has to be fetched');
  await journey.type('Your initials', PEOPLE.administrator.initials);
  await look('pause', window.page);
  await journey.press('Pause it');
  await journey.at('This ceremony is paused');
  await journey.type('Why it goes on', 'everybody is here');
  await journey.type('Your initials', PEOPLE.administrator.initials);
  await look('paused', window.page);
  await journey.press('Resume the ceremony');
  await journey.at(/is not valid/);
  await window.page.getByRole('complementary').getByRole('button', { name: 'Stop and escalate' }).click();
  await window.page.getByRole('dialog').waitFor();
  await look('escalate', window.page);
  await journey.type('Why it is stopped', 'CoinCover says that the backup is not valid');
  await journey.type('Your initials', PEOPLE.administrator.initials);
  await journey.type('Type STOP to confirm', 'STOP');
  await journey.press('Stop this ceremony');
  await journey.at('Ceremony 1 was stopped');
  await look('escalated', window.page);
  await window.close();
  await Promise.all([standIn.close(), outside.close()]);
  place.remove();
}
