import { Journey } from './journey.ts';
import type { Look } from './look.ts';
import { openWindow, type WindowOptions } from './open-window.ts';
import { CANARY_SECRET, ceremonyAt, PASSPHRASE, Place, stationAt } from './station.ts';

/** Every way to a passphrase, up to the press that would seal. */
export async function tourOfPassphrases(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  const { standIn, outside } = await stationAt(place);
  await ceremonyAt(outside, 'seal', place.write('seed.txt', CANARY_SECRET));
  const window = await openWindow({ ...options, home: place.home });
  const journey = new Journey(window.page);
  const show = async (name: string): Promise<void> => look(name, window.page);
  await journey.unlock(PASSPHRASE);
  await journey.at('Seal');
  await journey.choose(/^With a passphrase/);
  await show('passphrase');
  await journey.press('Draw the words');
  await window.page.getByRole('heading', { name: 'Write these words down' }).waitFor();
  await show('passphrase-words');
  await journey.press('They are written down: hide them');
  await journey.type('The words, as written down', 'not what was drawn');
  await journey.press('Compare');
  await window.page.getByRole('heading', { name: 'That is not the passphrase that was shown' }).waitFor();
  await show('passphrase-back');
  await journey.press('Draw new words');
  await journey.choose(/^Two people, half each/);
  await show('passphrase-half');
  await bring('Keep the first half', 'AB', 'wry Quokka fizz');
  await window.page.getByRole('region', { name: 'Second half' }).waitFor();
  await show('passphrase-half-second');
  await bring('Keep the second half', 'CD', 'Jolting vixen 52');
  await window.page.getByText(/^Both halves are kept/).waitFor();
  await show('passphrase-halves-kept');
  await journey.choose(/^One of your own/);
  await journey.type('Passphrase', 'Password12345678!');
  await journey.type('The same passphrase again', 'Password12345678!');
  await journey.press('Seal 1 file');
  await window.page.getByRole('heading', { name: 'The passphrase is too easy to guess' }).waitFor();
  await show('passphrase-own-refused');
  await window.close();
  await Promise.all([standIn.close(), outside.close()]);
  place.remove();

  async function bring(button: string, initials: string, half: string): Promise<void> {
    await journey.type('Initials of whose half this is', initials);
    await journey.type('Your half', half);
    await journey.type('Your half again', half);
    await journey.press(button);
  }
}
