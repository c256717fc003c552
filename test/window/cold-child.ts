// What the people at the cold station do in one visit, in a process of its own, so that it can be given no network at all.
import { networkInterfaces } from 'node:os';
import { Journey } from './journey.ts';
import { openWindow } from './open-window.ts';
import { CANARY_SECRET, PASSPHRASE } from './station.ts';

/** `secrets` and `stick` are names of folders where the in-window browser starts. */
export type ColdOrder = {
  readonly what: 'set-up' | 'seal' | 'home';
  readonly home: string;
  readonly secrets: string;
  readonly stick: string;
  readonly isolated: boolean;
};

/** What the child tells of itself when all is done. */
export type ColdReport = { readonly interfaces: readonly string[] };

const order = JSON.parse(process.argv[2] ?? '{}') as ColdOrder;
/** Those that have an address, loopback among them: in a network of its own that nobody has set up there is none. */
const interfaces = Object.keys(networkInterfaces());
if (order.isolated && interfaces.length > 0) throw new Error('this process was to have no network');

const window = await openWindow({ home: order.home });
const journey = new Journey(window.page);
try {
  if (order.what === 'set-up') await setUp();
  else await (order.what === 'seal' ? seal() : home());
  if (window.violations.length > 0) throw new Error(window.violations.join('\n'));
  if (window.crossed.some((one) => one.includes(CANARY_SECRET))) throw new Error('a secret crossed to the page');
} finally {
  await window.close();
}
process.send?.({ interfaces } satisfies ColdReport, () => process.exit(0));

async function setUp(): Promise<void> {
  await journey.firstStart(PASSPHRASE, 'Cold', 'vault');
  await journey.at('Backups');
  await journey.goTo('Stations and trust');
  await journey.save('Save this station’s card', [order.stick, 'cards'], 'vault.station.json');
  await journey.page.getByText('The card was written.').waitFor();
}

async function seal(): Promise<void> {
  await journey.unlock(PASSPHRASE);
  await journey.goTo('Stations and trust');
  await journey.pair([order.stick, 'cards'], 'office.station.json');
  await journey.goTo('Backups');
  await journey.begin(/^Seal secrets/, /^Rehearsal/);
  await journey.people();
  await journey.sign(1);
  await journey.selfTest();
  await journey.sign(2);
  await network();
  await journey.sign(3);
  await journey.nameEnvironment();
  await journey.chooseKeyPack([order.stick, 'keys']);
  await journey.words('Signing key of the enclave');
  await journey.sign(4);
  await journey.at('Bring the key packs');
  await journey.folder('From a stick or a folder', [order.stick, 'keys']);
  await journey.readPacks(2);
  await journey.sign(5);
  await journey.secrets([order.secrets], ['seed-one.txt'], 'Choose files for wallet-one');
  await journey.secrets([order.secrets], ['seed-two.txt'], 'Choose files for wallet-two');
  await journey.sign(6);
  await journey.seal();
  await journey.sign(7);
  await journey.at('Carry it over');
  await journey.folder('Write to a stick or a folder', [order.stick, 'sealed']);
  await journey.sign(8);
  await journey.at('Close');
  await journey.sign(9);
  await journey.at('Ceremony 1 is closed');
}

async function home(): Promise<void> {
  await journey.unlock(PASSPHRASE);
  await journey.begin(/^Bring receipts home/, /^Rehearsal/);
  await journey.people();
  await journey.sign(1);
  await network();
  await journey.sign(2);
  await journey.at('Bring the receipts home');
  await journey.folder('From a stick or a folder', [order.stick, 'receipts']);
  await journey.sign(3);
  await journey.at('Close');
  await journey.sign(4);
  await journey.at('Ceremony 2 is closed');
}

async function network(): Promise<void> {
  await journey.at('Off every network');
  await journey.press('Look at the network');
  if (order.isolated) await journey.page.getByText('Nothing is up and nothing leads out.').waitFor();
}
