import '../cheap-scrypt.mjs';
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../../main/rehearsal/index.ts';
import { systemClock } from '../../main/values/index.ts';
import type { ColdOrder, ColdReport } from './cold-child.ts';
import { Journey } from './journey.ts';
import { openWindow } from './open-window.ts';
import { CANARY_SECRET, Outside, PASSPHRASE, Place } from './station.ts';
import { keptKeys } from '../kept-keys.ts';

/** A network namespace of the cold station's own, where this machine allows one: nothing in it but a loopback that is down. */
const ISOLATED = spawnSync('unshare', ['-n', 'true']).status === 0;
/** In the names of the tests, so that a run without isolation does not read like one with it. */
const WHERE = ISOLATED ? 'in a namespace without a network' : 'NOT isolated: this machine allows no network namespace';

describe(`two stations and a stick, in their windows (the cold one ${WHERE})`, () => {
  const visits: { what: ColdOrder['what']; interfaces: readonly string[] | null }[] = [];
  const cold = new Place();
  const online = new Place();
  const stick = new Place();
  const standIn = new StandIn(systemClock, { keyPool: keptKeys() });

  beforeAll(async () => {
    const at = await standIn.listen();
    mkdirSync(join(stick.files, 'cards'));
    for (const name of ['keys', 'sealed', 'receipts']) mkdirSync(join(stick.files, name));
    cold.write('seed-one.txt', `${CANARY_SECRET} one`);
    cold.write('seed-two.txt', `${CANARY_SECRET} two`);
    const outside = new Outside(online.home);
    await outside.run('init', { role: 'online', name: 'office', keychain: 'file' });
    await outside.run('environment.set', { name: 'rehearsal', api: at.api, jwks: at.jwks });
    await outside.run('login', { environment: 'rehearsal', token: at.token });
    await outside.run('trust.add', { environment: 'rehearsal', account_id: at.accountId });
    await outside.close();
  });

  afterAll(async () => {
    await standIn.close();
    for (const place of [cold, online, stick]) place.remove();
  });

  it('the cold station is set up, and writes its card', async () => {
    await atColdStation('set-up');
    expect(readdirSync(join(stick.files, 'cards'))).toEqual(['vault.station.json']);
  });

  it('the online station pairs, has two keys assigned, and carries them', async () => {
    const window = await openWindow({ home: online.home });
    const journey = new Journey(window.page);
    try {
      await journey.unlock(PASSPHRASE);
      await journey.goTo('Stations and trust');
      await journey.save('Save this station’s card', [stick.filesName, 'cards'], 'office.station.json');
      await journey.page.getByText('The card was written.').waitFor();
      await journey.pair([stick.filesName, 'cards'], 'vault.station.json');
      await journey.goTo('Backups');
      await journey.begin(/^Assign keys and carry them/, /^Rehearsal/);
      await journey.people();
      await journey.sign(1);
      await journey.selfTest();
      await journey.sign(2);
      await journey.signInAgain();
      await journey.sign(3);
      await journey.at('Wallets, each HOT or COLD');
      for (const [index, wallet] of ['wallet-one', 'wallet-two'].entries()) {
        if (index > 0) await journey.press('Add another wallet');
        await journey.addWallet(wallet);
      }
      await journey.sign(4);
      await journey.at('Assign the keys and check them');
      await journey.press('Have 2 keys assigned');
      await journey.words('Key of wallet-one');
      await journey.words('Key of wallet-two');
      await journey.sign(5);
      await journey.at('Carry it over');
      await journey.folder('Write to a stick or a folder', [stick.filesName, 'keys']);
      await journey.page.getByText(/Written and read back/).waitFor();
      await journey.sign(6);
      await journey.at('Close');
      await journey.sign(7);
      await journey.at('Ceremony 1 is closed');
      expect(window.violations).toEqual([]);
    } finally {
      await window.close();
    }
    const kinds = readdirSync(join(stick.files, 'keys')).map((name) => name.split('.').slice(-2).join('.'));
    expect(kinds.toSorted()).toEqual(['carry.json', 'keypack.json', 'keypack.json']);
  });

  it('the cold station brings them, seals and carries', async () => {
    await atColdStation('seal');
    const kinds = readdirSync(join(stick.files, 'sealed')).map((name) => name.split('.').slice(-2).join('.'));
    expect(kinds.toSorted()).toEqual(['carry.json', 'sealed.json', 'sealed.json']);
  });

  it('the online station stores what came, and carries the receipts', async () => {
    const window = await openWindow({ home: online.home });
    const journey = new Journey(window.page);
    try {
      await journey.unlock(PASSPHRASE);
      await journey.begin(/^Store what the cold station sealed/, /^Rehearsal/);
      await journey.people();
      await journey.sign(1);
      await journey.selfTest();
      await journey.sign(2);
      await journey.signInAgain();
      await journey.sign(3);
      await journey.at('Bring the sealed items');
      await journey.folder('From a stick or a folder', [stick.filesName, 'sealed']);
      await journey.sign(4);
      await journey.at('Store with CoinCover');
      await journey.press('Send 2 sealed items');
      await journey.sign(5);
      await journey.at('Verify key and backup');
      await journey.sign(6);
      await journey.at('Carry it over');
      await journey.folder('Write to a stick or a folder', [stick.filesName, 'receipts']);
      await journey.sign(7);
      await journey.at('Close');
      await journey.sign(8);
      await journey.at('Ceremony 2 is closed');
      expect(window.crossed.filter((one) => one.includes(CANARY_SECRET))).toEqual([]);
    } finally {
      await window.close();
    }
    expect(standIn.held()).toHaveLength(2);
  });

  it('the cold station brings the receipts home, and both ledgers agree', async () => {
    await atColdStation('home');
    const lists = [];
    for (const place of [cold, online]) {
      const outside = new Outside(place.home);
      const { backups } = await outside.run<{ backups: { item_id: string; backup_id: string; state: string; last_check: string }[] }>(
        'ledger.list',
        {},
      );
      lists.push(backups.map((one) => [one.item_id, one.backup_id, one.state, one.last_check].join(' ')).toSorted());
      expect(await outside.run('ledger.check', {})).toMatchObject({ ok: true });
      await outside.close();
    }
    expect(lists[0]).toHaveLength(2);
    expect(lists[0]).toEqual(lists[1]);
  });

  it.skipIf(!ISOLATED)(
    ISOLATED ? 'the cold station had no network at any visit' : `the cold station had no network at any visit [skipped: ${WHERE}]`,
    () => {
      expect(visits).toEqual((['set-up', 'seal', 'home'] as const).map((what) => ({ what, interfaces: [] })));
    },
  );

  it('a process outside of such a namespace would have been seen to have a network: the control', () => {
    // On a machine without any, nothing here could tell a namespace from none.
    expect(Object.keys(networkInterfaces())).not.toEqual([]);
  });

  /** Lets the cold station's people do one thing, in a process that has no network where that can be had. */
  async function atColdStation(what: ColdOrder['what']): Promise<void> {
    const order: ColdOrder = { what, home: cold.home, secrets: cold.filesName, stick: stick.filesName, isolated: ISOLATED };
    const child = fork(join(import.meta.dirname, 'cold-child.ts'), [JSON.stringify(order)], {
      ...(ISOLATED ? { execPath: '/usr/bin/env', execArgv: ['unshare', '-n', process.execPath] } : {}),
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let interfaces: ColdReport['interfaces'] | null = null;
    child.on('message', (report: ColdReport) => {
      interfaces = report.interfaces;
    });
    const errors: Buffer[] = [];
    child.stderr?.on('data', (piece: Buffer) => errors.push(piece));
    const code = await new Promise<number | null>((done) => child.once('exit', done));
    expect([code, Buffer.concat(errors).toString('utf8')]).toEqual([0, '']);
    visits.push({ what, interfaces });
  }
});
