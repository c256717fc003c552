import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StandIn } from '../../main/rehearsal/index.ts';
import { systemClock } from '../../main/values/index.ts';
import { keptKeys } from '../kept-keys.ts';
import { Journey } from './journey.ts';
import type { Look } from './look.ts';
import { openWindow, type WindowOptions } from './open-window.ts';
import { CANARY_SECRET, Outside, PASSPHRASE, Place } from './station.ts';

type Options = Omit<WindowOptions, 'home'>;

/** The screens that only stations of two have: the online one up to its carry, then the cold one, with a live network that stops it. */
export async function tourOfTwoStations(look: Look, options: Options): Promise<void> {
  const [online, cold, stick] = [new Place(), new Place(), new Place()];
  const standIn = new StandIn(systemClock, { keyPool: keptKeys() });
  try {
    for (const name of ['keys', 'sealed']) mkdirSync(join(stick.files, name));
    const at = await standIn.listen();
    await makeStations({ online, cold, stick }, at);
    await tourOfOnline(look, { ...options, home: online.home }, stick);
    writeFileSync(join(cold.files, 'seed-one.txt'), CANARY_SECRET);
    writeFileSync(join(cold.files, 'seed-two.txt'), CANARY_SECRET);
    await tourOfCold(look, { ...options, home: cold.home }, stick, cold);
  } finally {
    await standIn.close();
    for (const place of [online, cold, stick]) place.remove();
  }
}

async function makeStations(
  { online, cold, stick }: Record<'online' | 'cold' | 'stick', Place>,
  at: { api: string; jwks: string; token: string; accountId: string },
): Promise<void> {
  const office = new Outside(online.home);
  await office.run('init', { role: 'online', name: 'office', keychain: 'file' });
  await office.run('environment.set', { name: 'rehearsal', api: at.api, jwks: at.jwks });
  await office.run('login', { environment: 'rehearsal', token: at.token });
  await office.run('trust.add', { environment: 'rehearsal', account_id: at.accountId });
  const vault = new Outside(cold.home);
  await vault.run('init', { role: 'cold', name: 'vault', keychain: 'file' });
  const [officeCard, vaultCard] = [join(stick.files, 'office.station.json'), join(stick.files, 'vault.station.json')];
  await office.run('pair', { out: officeCard });
  await vault.run('pair', { out: vaultCard });
  const { fingerprint } = await vault.run<{ fingerprint: string }>('pair.card', {});
  await office.run('pair', { in: vaultCard, fingerprint });
  await Promise.all([office.close(), vault.close()]);
}

async function tourOfOnline(look: Look, options: WindowOptions, stick: Place): Promise<void> {
  const window = await openWindow(options);
  const journey = new Journey(window.page);
  const show = (name: string): Promise<void> => look(name, window.page);
  await journey.unlock(PASSPHRASE);
  await journey.press('Start a ceremony');
  await journey.at('Start a ceremony');
  await journey.choose(/^Assign keys and carry them/);
  await show('online-begin');
  await journey.choose(/^Rehearsal/);
  await journey.press('Begin');
  await journey.people();
  await journey.sign(1);
  await journey.selfTest();
  await journey.sign(2);
  await journey.signInAgain();
  await journey.sign(3);
  await journey.at('Wallets, each HOT or COLD');
  await show('wallets');
  for (const [index, wallet] of ['treasury-01', 'treasury-02'].entries()) {
    if (index > 0) await journey.press('Add another wallet');
    await journey.addWallet(wallet);
  }
  await show('wallets-done');
  await journey.sign(4);
  await journey.at('Assign the keys and check them');
  await show('keys');
  await journey.press('Have 2 keys assigned');
  await journey.button('Hide two words and ask for them').waitFor();
  await show('keys-words');
  await journey.words('Key of treasury-01');
  await journey.words('Key of treasury-02');
  await journey.sign(5);
  await journey.at('Carry it over');
  await show('carry');
  await carryAsCodes(journey, show);
  await journey.folder('Write to a stick or a folder', [stick.filesName, 'keys']);
  await journey.page.getByText(/Written and read back/).waitFor();
  await show('carry-done');
  await window.close();
}

/** That the other station has read all can be said once every picture of every document was shown, and no sooner. */
async function carryAsCodes(journey: Journey, show: (name: string) => Promise<void>): Promise<void> {
  const { page } = journey;
  const read = journey.button('The other station has read them all');
  const open = async (wallet: string): Promise<void> => {
    await journey.press(`Show as a code: ${wallet}`);
    await journey.button('Start moving').waitFor();
  };
  const showWhole = async (): Promise<void> => {
    await journey.press('Faster');
    await journey.press('Start moving');
    await page.getByText('Every picture was shown.').waitFor();
    await journey.press('Done');
  };
  await open('treasury-01');
  await show('carry-code');
  await journey.press('Done');
  await show('carry-code-begun');
  if (await read.isEnabled()) throw new Error('codes count as read though one picture alone was shown');
  await open('treasury-01');
  await showWhole();
  if (await read.isEnabled()) throw new Error('codes count as read though a document was never shown');
  await open('treasury-02');
  await showWhole();
  if (!(await read.isEnabled())) throw new Error('codes cannot be said to be read though all were shown');
}

async function tourOfCold(look: Look, options: WindowOptions, stick: Place, cold: Place): Promise<void> {
  const window = await openWindow(options);
  const journey = new Journey(window.page);
  const show = (name: string): Promise<void> => look(name, window.page);
  await journey.unlock(PASSPHRASE);
  await journey.goTo('Stations and trust');
  await journey.press('Pair a station');
  await journey.file('Choose the card', [stick.filesName], 'office.station.json');
  await journey.button('Hide two words and ask for them').waitFor();
  await show('pair');
  await journey.words(/^Words of /);
  await window.page.getByRole('dialog').waitFor({ state: 'hidden' });
  await journey.choose(/^Stop/);
  await window.page.waitForTimeout(300);
  await show('cold-trust');
  await journey.goTo('Backups');
  await journey.begin(/^Seal secrets/, /^Rehearsal/);
  await journey.people();
  await journey.sign(1);
  await journey.selfTest();
  await journey.sign(2);
  await journey.at('Off every network');
  await show('network');
  await journey.press('Look at the network');
  await goOnInSpiteOfNetwork(journey, show);
  await journey.sign(3);
  await journey.nameEnvironment();
  await show('signer');
  await journey.chooseKeyPack([stick.filesName, 'keys']);
  await journey.words('Signing key of the enclave');
  await journey.sign(4);
  await journey.at('Bring the key packs');
  await show('packs');
  await journey.folder('From a stick or a folder', [stick.filesName, 'keys']);
  await journey.button('Hide two words and ask for them').waitFor();
  await show('packs-words');
  await journey.readPacks(2);
  await journey.sign(5);
  await journey.at('Choose the secrets');
  await show('cold-secrets');
  await journey.secrets([cold.filesName], ['seed-one.txt'], 'Choose files for treasury-01');
  await journey.secrets([cold.filesName], ['seed-two.txt'], 'Choose files for treasury-02');
  await journey.sign(6);
  await journey.seal();
  await journey.button('Sign off step 7').waitFor();
  await show('cold-seal-done');
  await window.close();
}

/** Where this machine has a network the policy stops; where it has none there is nothing to show. */
async function goOnInSpiteOfNetwork(journey: Journey, show: (name: string) => Promise<void>): Promise<void> {
  const { page } = journey;
  const override = journey.button('Go on all the same…');
  await override.or(journey.button('Sign off step 3')).first().waitFor();
  if ((await override.count()) === 0) return;
  await show('network-stop');
  await journey.press('Go on all the same…');
  await page.getByRole('dialog').waitFor();
  await show('network-override');
  await journey.type('Why it cannot be switched off', 'The test machine has no cable to pull.');
  await journey.type('Administrator’s initials', 'AB');
  await journey.type('Witness’s initials', 'CD');
  await journey.press('Go on, and record it');
  await journey.button('Sign off step 3').waitFor();
  await show('network-overridden');
}
