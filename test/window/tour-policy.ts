import { DEFAULT_POLICY } from '../../main/ceremony/index.ts';
import { Journey } from './journey.ts';
import type { Look } from './look.ts';
import { openWindow, type WindowOptions } from './open-window.ts';
import { PASSPHRASE, Place } from './station.ts';

const TEAM = [
  ['Administrator', 'Ann Baker', 'AB'],
  ['Operator', 'Gus Hahn', 'GH'],
  ['Witness', 'Carl Dahl', 'CD'],
  ['Witness', 'Eva Falk', 'EF'],
] as const;

/**
 * A policy is chosen and set in Settings; the ceremony that begins then has the fields that it asks for, and a step that every witness
 * signs.
 */
export async function tourOfPolicy(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  const people = { administrator: 1, operator: 1, witness: 2, auditor: 0 };
  place.write('rules.json', JSON.stringify({ ...DEFAULT_POLICY, people, all_witnesses_sign: ['self-test'] }));
  const window = await openWindow({ ...options, home: place.home });
  const { page } = window;
  const journey = new Journey(page);
  const show = async (name: string): Promise<void> => look(name, page);
  const write = async (name: string, text: string, at = 0): Promise<void> => page.getByLabel(name, { exact: true }).nth(at).fill(text);
  try {
    await journey.firstStart(PASSPHRASE);
    await journey.at('People and room');
    await journey.press('Leave for now');
    await journey.goTo('Settings');
    await journey.file('Choose a policy file', [place.filesName], 'rules.json');
    await page.getByText('Rules in rules.json').waitFor();
    await show('policy-chosen');
    await journey.type('Name of the administrator who sets it', 'Ann Baker');
    await journey.press('Set this policy');
    await page.getByText('The policy is set.').waitFor();
    await show('policy-set');
    await journey.goTo('Ceremonies');
    await journey.press('Start a ceremony');
    await journey.choose(/^Rehears/);
    await journey.press('Begin');
    await journey.at('People and room');
    await page.getByText('Policy of this ceremony').click();
    await page.getByText('Every witness signs: Station self-test.').waitFor();
    await show('policy-unfolded');
    await page.getByText('Policy of this ceremony').click();
    const seen = new Map<string, number>();
    for (const [role, name, initials] of TEAM) {
      const at = seen.get(role) ?? 0;
      seen.set(role, at + 1);
      await write(`${role}: Name`, name, at);
      await page.getByRole('group', { name: role }).nth(at).getByLabel('Initials').fill(initials);
    }
    await journey.press('Add an auditor, who watches and signs nothing');
    await write('Auditor: Name', 'Ida Jung');
    await page.getByRole('group', { name: 'Auditor' }).getByLabel('Initials').fill('IJ');
    await journey.type('Room or place', 'Vault room 2');
    await journey.type('Time on the witness’s clock, in UTC', new Date().toISOString().slice(11, 16));
    await show('policy-people');
    await journey.press('Record people and clock');
    await journey.sign(1);
    await journey.selfTest();
    const button = journey.button('Sign off step 2');
    await button.waitFor();
    await show('policy-every-witness');
    await page.getByRole('textbox', { name: 'Administrator', exact: true }).fill('AB');
    await page.getByRole('textbox', { name: 'Witness: Carl Dahl' }).fill('CD');
    if (await button.isEnabled()) throw new Error('a step that every witness signs can be signed without one');
    await page.getByRole('textbox', { name: 'Witness: Eva Falk' }).fill('EF');
    await journey.press('Sign off step 2');
    await journey.at('Environment and sign-in');
    await show('policy-signed');
  } finally {
    await window.close();
    place.remove();
  }
}
