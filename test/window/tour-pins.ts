import { DEFAULT_POLICY } from '../../main/ceremony/index.ts';
import { Journey } from './journey.ts';
import type { Look } from './look.ts';
import { openWindow, type OpenWindow, type WindowOptions } from './open-window.ts';
import { PASSPHRASE, Place, stationAt, type Outside } from './station.ts';

/** Searched for in everything that crosses to the page, and in what is written. */
export const PINS = { AB: '739164', CD: '502837', EF: '918264', GH: '640195' } as const;
const WRONG = '481526';

const PEOPLE = [
  { name: 'Ann Baker', initials: 'AB', role: 'administrator' },
  { name: 'Carl Dahl', initials: 'CD', role: 'witness' },
  { name: 'Eva Falk', initials: 'EF', role: 'witness' },
] as const;

/** A ceremony whose policy asks for PINs, with its people entered and nothing chosen yet. */
export async function beginWithPins(place: Place, outside: Outside): Promise<string> {
  const file = place.write('pins.json', JSON.stringify({ ...DEFAULT_POLICY, initials_with_pin: true }));
  await outside.run('policy.set', { file, administrator: 'Ann Baker' });
  const begun = await outside.run<{ ceremony: { ceremony_id: string } }>('ceremony.begin', {
    script: 'rehearsal',
    environment: 'rehearsal',
  });
  const ceremony = begun.ceremony.ceremony_id;
  const clock = new Date().toISOString().slice(11, 16);
  await outside.run('ceremony.people', { ceremony, people: PEOPLE, place: 'Vault room 2', witness_clock: clock });
  return ceremony;
}

async function choose(journey: Journey, initials: keyof typeof PINS, pin: string = PINS[initials]): Promise<void> {
  const button = `Keep the PIN of ${initials}`;
  await journey.button(button).waitFor({ timeout: 60_000 });
  await journey.type('PIN, 6 to 12 digits', pin);
  await journey.type('The same PIN again', pin);
  await journey.ready(button);
  await journey.press(button);
}

/** Signs the lit step; what comes of it is the caller's to wait for. */
async function sign(journey: Journey, step: number, witness: keyof typeof PINS, pin: string = PINS[witness]): Promise<void> {
  const button = `Sign off step ${step.toString()}`;
  await journey.button(button).waitFor({ timeout: 60_000 });
  await journey.type('Administrator', 'AB');
  await journey.type('Administrator: PIN', PINS.AB);
  await journey.type('Witness', witness);
  await journey.type('Witness: PIN', pin);
  await journey.ready(button);
  await journey.press(button);
}

/**
 * PINs are chosen, one is refused as weak, one is typed wrongly until its person is locked, the role is handed over with the PINs of all
 * the others, and the first step is signed by those who are there then.
 */
export async function walkWithPins({ page }: OpenWindow, journey: Journey, look: Look): Promise<void> {
  const show = (name: string): Promise<void> => look(name, page);
  const said = (title: string): Promise<void> => page.getByRole('alert').filter({ hasText: title }).waitFor({ timeout: 60_000 });
  await journey.unlock(PASSPHRASE);
  await journey.at('People and room');
  await journey.button('Keep the PIN of AB').waitFor();
  await show('pins-choose');
  await choose(journey, 'AB', '123456');
  await said('That PIN is too easy to guess');
  await show('pins-weak');
  for (const initials of ['AB', 'CD', 'EF'] as const) await choose(journey, initials);
  await journey.button('Sign off step 1').waitFor({ timeout: 60_000 });
  await show('pins-sign');
  for (let left = 4; left > 0; left -= 1) {
    await sign(journey, 1, 'CD', WRONG);
    await page
      .getByText(left === 1 ? '1 more try' : `${left.toString()} more tries`)
      .first()
      .waitFor({ timeout: 60_000 });
    if (left === 4) await show('pins-wrong');
  }
  await sign(journey, 1, 'CD', WRONG);
  await said('This person is locked in this ceremony');
  await show('pins-locked');
  await journey.press('Hand a role over');
  await page.getByRole('dialog').waitFor();
  await journey.choose(/^Carl Dahl/);
  await journey.type('Name of whoever takes over', 'Gus Hahn');
  await journey.type('Their initials', 'GH');
  await journey.type('Reason', 'locked');
  await journey.type('PIN of Ann Baker (AB)', PINS.AB);
  await journey.type('PIN of Eva Falk (EF)', PINS.EF);
  await show('pins-hand-over');
  await journey.ready('Hand it over');
  await journey.press('Hand it over');
  await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: 60_000 });
  await choose(journey, 'GH');
  await sign(journey, 1, 'GH');
  await journey.at('Station self-test');
  await show('pins-signed');
}

/** The same as a part of the tour, with the mouse. */
export async function tourOfPins(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  const { standIn, outside } = await stationAt(place);
  await beginWithPins(place, outside);
  const window = await openWindow({ ...options, home: place.home });
  try {
    await walkWithPins(window, new Journey(window.page), look);
  } finally {
    await window.close();
    await Promise.all([standIn.close(), outside.close()]);
    place.remove();
  }
}
