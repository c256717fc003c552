import type { Plan } from '../../main/plan/index.ts';
import { PEOPLE, type Journey } from './journey.ts';
import type { Place } from './station.ts';

/** Published phrases of BIP-39, worth nothing; the plan names the wallet of the first, and that of the second under a passphrase. */
export const PHRASE = `${'abandon '.repeat(11)}about`;
const SWAPPED = `${'abandon '.repeat(10)}about abandon`;
export const ADDRESS = 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu';
/** Valid by itself, and another wallet's. */
export const OTHER_PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
export const PASSPHRASE_OF_PHRASE = 'TREZOR';

const NONE = { customer_id: null, customer_name: null, package_id: null, package_name: null };

export const PLAN: Plan = {
  plan: 1,
  title: 'Treasury wallets, first backup',
  environment: 'production',
  account: 'institution',
  people: [
    { name: PEOPLE.administrator.name, role: 'administrator' },
    { name: PEOPLE.witness.name, role: 'witness' },
  ],
  policy: null,
  wallets: [
    {
      user_identifier: 'treasury-btc',
      key_environment: 'COLD',
      ...NONE,
      items: [
        {
          name: 'seed.txt',
          kind: 'bip39',
          identifier: { type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0", value: ADDRESS },
          bip39_passphrase: false,
          size_bytes: { min: 50, max: 216 },
          mode: 'direct',
        },
        {
          name: 'reserve.txt',
          kind: 'bip39',
          identifier: { type: 'master-fingerprint', path: 'm', value: 'b4e3f5ed' },
          bip39_passphrase: true,
          size_bytes: null,
          mode: 'direct',
        },
        { name: 'notes.pdf', kind: 'opaque', identifier: null, bip39_passphrase: false, size_bytes: null, mode: 'envelope' },
      ],
    },
    {
      user_identifier: 'treasury-eth',
      key_environment: 'HOT',
      ...NONE,
      items: [
        {
          name: 'key.txt',
          kind: 'hex-key',
          identifier: { type: 'ethereum', path: null, value: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf' },
          bip39_passphrase: false,
          size_bytes: null,
          mode: 'direct',
        },
      ],
    },
  ],
};

/** The plan's file and the secrets it names. `right` false: two words of the first phrase have changed places. */
export function writePlanned(place: Place, { right }: { readonly right: boolean }): void {
  place.write('treasury.plan.json', `${JSON.stringify(PLAN, null, 2)}\n`);
  place.write('seed.txt', `${right ? PHRASE : SWAPPED}\n`);
  place.write('reserve.txt', PHRASE);
  place.write('notes.pdf', 'an inventory of devices, and no secret');
}

/** Opens the plan on its page and has both people approve it. */
export async function approvePlan(journey: Journey, place: Place): Promise<void> {
  await journey.goTo('Plans');
  await journey.file('Open a plan', [place.filesName], 'treasury.plan.json');
  await journey.at(PLAN.title);
  await journey.press('Show the sheet');
  await journey.words('Words of the plan');
  await journey.type(`Initials of ${PEOPLE.administrator.name}`, PEOPLE.administrator.initials);
  await journey.type(`Initials of ${PEOPLE.witness.name}`, PEOPLE.witness.initials);
  await journey.press('Approve this plan');
  await journey.page.getByText('Approved on this station').waitFor();
}

/** Begins a rehearsal by the plan, for its first wallet; `show` is told of the screen before that. */
export async function beginByPlan(journey: Journey, place: Place, show = (): Promise<void> => Promise.resolve()): Promise<void> {
  await journey.goTo('Ceremonies');
  await journey.press('Start a ceremony');
  await journey.choose(/^Rehears/);
  await journey.file('Choose the plan', [place.filesName], 'treasury.plan.json');
  await journey.page.getByText('Approved by Ann Baker (AB), Carl Dahl (CD).').waitFor();
  await journey.page.getByLabel('Wallet of the plan that this ceremony is for').selectOption({ index: 1 });
  await show();
  await journey.press('Begin');
  await journey.at('People and room');
}

/** The first step of a planned ceremony, once the plan's words were compared: everybody types their own initials. */
export async function enterPeople(journey: Journey): Promise<void> {
  await journey.hand.type(journey.page.getByRole('group', { name: 'Administrator' }).getByLabel('Initials'), PEOPLE.administrator.initials);
  await journey.hand.type(journey.page.getByRole('group', { name: 'Witness' }).getByLabel('Initials'), PEOPLE.witness.initials);
  await journey.type('Room or place', 'Vault room 2');
  await journey.type('Time on the witness’s clock, in UTC', new Date().toISOString().slice(11, 16));
  await journey.press('Record people and clock');
}

/** The wallet stands there from the plan; COLD is typed all the same. */
export async function walletByPlan(journey: Journey): Promise<void> {
  await journey.at('HOT or COLD');
  await journey.type('Type COLD to confirm', 'COLD');
  await journey.press('Record the wallet');
}

/** Where the step has stopped: the same files once more. */
export async function chooseAgain(journey: Journey, place: Place): Promise<void> {
  await journey.press('Choose files');
  await journey.pickFiles([place.filesName], /^(?:notes|reserve|seed)[.]/);
}
