import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileKeychain } from '../../main/keychain/index.ts';
import { openKeptStandIn, type KeptStandIn } from '../../main/rehearsal/index.ts';
import { systemClock, type Passphrase } from '../../main/values/index.ts';
import { homePaths } from '../../main/operations/station/home.ts';
import { makeEphemeralOpenPgpKey, openPackage, recoverSecret } from '../../main/recovery/index.ts';
import { parsePrivateKey } from '../../main/sealing/index.ts';
import { Journey, keyboard, mouse, type Hand } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { CANARY_SECRET, Outside, PASSPHRASE, Place } from './station.ts';

const WALLET = 'treasury-wallet-01';
const FILES = ['seed.txt', 'wallet-export.bin'] as const;

describe.each([
  ['the mouse', () => mouse],
  ['the keyboard alone', (window: OpenWindow) => keyboard(window.page)],
] as [string, (window: OpenWindow) => Hand][])('a newcomer with %s', (_name, handOf) => {
  const place = new Place();
  let window: OpenWindow;
  let journey: Journey;

  beforeAll(async () => {
    place.write('seed.txt', `${CANARY_SECRET}\n`);
    place.write('wallet-export.bin', Buffer.alloc(5000, CANARY_SECRET));
    window = await openWindow({ home: place.home });
    journey = new Journey(window.page, handOf(window));
  });

  afterAll(async () => {
    await window.close();
    place.remove();
  });

  it('finishes a rehearsal on real files by what the screen says', async () => {
    await journey.firstStart(PASSPHRASE);
    await journey.people();
    await journey.sign(1);
    await journey.selfTest();
    await journey.sign(2);
    await journey.signIn();
    await journey.sign(3);
    await journey.wallet(WALLET);
    await journey.sign(4);
    await journey.assign();
    await journey.sign(5);
    await journey.secrets([place.filesName], FILES);
    await journey.sign(6);
    await journey.sealToClose();
  });

  it('leaves with the stand-in exactly what was in the files', async () => {
    await window.session.close();
    const kept = await openStandIn(place.home);
    try {
      expect(await heldContents(kept, place.home)).toEqual(FILES.map((name) => digest(readFileSync(join(place.files, name)))).toSorted());
    } finally {
      await kept.close();
    }
  });

  it('closes, and the ledger tells the whole of it', async () => {
    await window.close();
    window = await openWindow({ home: place.home });
    journey = new Journey(window.page, handOf(window));
    await journey.unlock(PASSPHRASE);
    await journey.at('Close');
    await journey.sign(12);
    await journey.at('Ceremony 1 is closed');
    await journey.folder('Save the report', [place.filesName]);
    await journey.page.getByText(/^The report is written and read back/).waitFor();
    const outside = new Outside(place.home);
    const { backups } = await outside.run<{ backups: { name: string; state: string; wallet: string; key_environment: string }[] }>(
      'ledger.list',
      {},
    );
    expect(backups.map(({ name, state, wallet, key_environment: kept }) => [name, state, wallet, kept]).toSorted()).toEqual(
      FILES.map((name) => [name, 'stored', WALLET, 'COLD']),
    );
    expect(await outside.run('ledger.check', {})).toMatchObject({ ok: true, macs: 'valid' });
    const { ceremonies } = await outside.run<{ ceremonies: { state: string }[] }>('ceremony.list', {});
    expect(ceremonies).toMatchObject([{ state: 'closed' }]);
    const [file, pdf] = ['.json', '-a4.pdf'].map((end) => join(place.files, `ceremony-1-report${end}`));
    expect(await outside.run('ceremony.check', { file, pdf })).toMatchObject({ ok: true, ledger: 'agrees', macs: 'valid', pdf: 'a4' });
    await outside.close();
  });

  it('shows the page no secret, no passphrase, no path, and stays within its policy', async () => {
    const storage = await window.page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]));
    const seen = [await window.page.content(), storage, ...window.crossed].join('\n');
    for (const canary of [CANARY_SECRET, PASSPHRASE, place.folder, place.files, 'rehearsal-partner-']) expect(seen).not.toContain(canary);
    expect(seen).toContain(WALLET); // the search would find something
    expect(window.violations).toEqual([]);
  });
});

/** The stand-in that the window kept, opened from outside with the station's own keychain. */
async function openStandIn(home: string): Promise<KeptStandIn> {
  const paths = homePaths(home);
  const keychain = openFileKeychain({
    path: paths.keychain,
    passphrase: Buffer.from(PASSPHRASE) as Passphrase,
    exclusively: (work) => work(),
  });
  const { keychain_scope: scope } = JSON.parse(readFileSync(paths.station, 'utf8')) as { keychain_scope: string };
  const key = await keychain.get(`${scope}/rehearsal-key`);
  await keychain.close();
  if (key === null) throw new Error('the keychain has no key for the rehearsal');
  return openKeptStandIn({ path: paths.rehearsal, key, clock: systemClock });
}

/** The digests of what everything held opens to, by a release as CoinCover would grant it. */
async function heldContents(kept: KeptStandIn, home: string): Promise<string[]> {
  const outside = new Outside(home);
  const { backups } = await outside.run<{ backups: { item_id: string; backup_id: string; key_id: string }[] }>('ledger.list', {});
  const openPgp = await makeEphemeralOpenPgpKey('test');
  const packages = await kept.standIn.release(backups[0]?.key_id ?? '', openPgp.publicKeyArmored);
  const [first, ...rest] = packages;
  const pem = await openPackage(Buffer.from(first?.armored ?? '', 'latin1'), openPgp.privateKey, 'key');
  const privateKey = parsePrivateKey(pem, null);
  const contents = [];
  for (const one of rest) {
    const ciphertext = await openPackage(Buffer.from(one.armored, 'latin1'), openPgp.privateKey, one.name);
    const { content } = await recoverSecret(ciphertext, privateKey, null, null);
    contents.push(digest(content));
  }
  await outside.close();
  return contents.toSorted();
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
