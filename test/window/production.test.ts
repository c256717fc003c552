import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../../main/rehearsal/index.ts';
import { systemClock } from '../../main/values/index.ts';
import { Authority } from '../network/certificates.ts';
import { FaultProxy } from '../network/fault-proxy.ts';
import { Journey, keyboard } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { ADDRESS, approvePlan, enterPeople, PHRASE, PLAN, walletByPlan } from './planned.ts';
import { Outside, PASSPHRASE, Place } from './station.ts';

/** A key that lies in the tests, so that nobody waits for RSA-4096. */
const KEY = createPrivateKey(readFileSync(new URL('../vectors/rsa4096-a.key.pem', import.meta.url), 'utf8'));
const [WALLET] = PLAN.wallets;

/** The environment is production in everything but who answers: a stand-in behind TLS, under an authority that the station was given. */
describe('a ceremony in production, by a plan', () => {
  const place = new Place();
  const standIn = new StandIn(systemClock, {
    keyPool: { prepare: () => undefined, stop: () => undefined, take: () => Promise.resolve(KEY) },
  });
  const outside = new Outside(place.home);
  let proxy: FaultProxy;
  let window: OpenWindow;
  let token = '';

  beforeAll(async () => {
    const at = await standIn.listen();
    token = at.token;
    const authority = new Authority('authority of the tests');
    proxy = new FaultProxy(at.port, authority.context());
    await proxy.listen();
    await outside.run('init', { role: 'single', name: 'desk-1', keychain: 'file' });
    const ca = place.write('ca.pem', authority.pem);
    await outside.run('environment.set', { name: 'production', api: proxy.api, jwks: proxy.jwks, ca });
    await outside.run('trust.add', { environment: 'production', account_id: at.accountId });
    const plan = { ...PLAN, wallets: [{ ...WALLET, items: WALLET?.items.slice(0, 1) }] };
    place.write('treasury.plan.json', JSON.stringify(plan));
    place.write('seed.txt', PHRASE);
    window = await openWindow({ home: place.home, shell: 'electron' });
  });
  afterAll(async () => {
    await window.close();
    await Promise.all([proxy.close(), standIn.close(), outside.close()]);
    place.remove();
  });

  it('is walked to its end: approved beforehand, its name typed, sealed as planned, stored and verified', async () => {
    const { page } = window;
    const journey = new Journey(page);
    await journey.unlock(PASSPHRASE);
    await journey.at('Backups');
    await approvePlan(journey, place);
    await journey.goTo('Ceremonies');
    await journey.press('Start a ceremony');
    await journey.choose(/^Back up on this station/);
    await journey.choose(/^Production/);
    await journey.file('Choose the plan', [place.filesName], 'treasury.plan.json');
    await journey.press('Begin');
    await journey.at('People and room');
    await page.getByRole('banner').getByText('Production', { exact: true }).waitFor();
    await journey.words('Words of the plan');
    await enterPeople(journey);
    await journey.sign(1);
    await journey.selfTest();
    await journey.sign(2);
    await journey.signIn('production', token);
    await journey.sign(3);
    await walletByPlan(journey);
    await journey.sign(4);
    await journey.assign();
    await journey.sign(5);
    await finish(new Journey(page, keyboard(page)));
    const against = page.getByRole('region', { name: 'Plan against done' });
    await against.getByText('Nothing departed from the plan.').waitFor();
    expect(await page.getByText(/This was practice/).count()).toBe(0);
  });

  /** With the keyboard alone. */
  const finish = async (journey: Journey): Promise<void> => {
    await journey.secrets([place.filesName], ['seed.txt']);
    await window.page.getByText('A recovery phrase, and it is the one that the plan names.').waitFor();
    await journey.sign(6);
    await journey.sealToClose({ isRehearsal: false });
    await journey.sign(11);
    await journey.at('Ceremony 1 is closed');
  };

  it('leaves what CoinCover holds in the ledger, and no word of the phrase with the page', async () => {
    const { backups } = await outside.run<{ backups: Record<string, unknown>[] }>('ledger.list', {});
    const [held] = standIn.held();
    expect(backups).toMatchObject([{ name: 'seed.txt', environment: 'production', state: 'stored', last_check: 'valid' }]);
    expect(backups[0]?.['backup_id']).toBe(held?.backupId);
    const seen = [await window.page.content(), ...window.crossed].join('\n');
    expect(seen).toContain(ADDRESS); // the search would find something
    for (const canary of ['abandon', token, place.files]) expect(seen).not.toContain(canary);
    expect(window.violations).toEqual([]);
  });
});
