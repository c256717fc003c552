import '../cheap-scrypt.mjs';
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playedOsKeychain } from '../../app/window/os-keychain.fixture.ts';
import type { StandIn } from '../../main/rehearsal/index.ts';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { accessibilityFindings } from './screens.ts';
import { ceremonyAt, PASSPHRASE, Place, stationAt } from './station.ts';

/** A station left in the middle of a ceremony, and something of it lost or spoilt since: each screen says what to do, and leads on. */
describe('a window on a station in trouble', () => {
  let place: Place;
  let standIn: StandIn;
  let window: OpenWindow | null = null;

  beforeEach(async () => {
    place = new Place();
    const made = await stationAt(place);
    ({ standIn } = made);
    await ceremonyAt(made.outside, 'wallet', '');
    await made.outside.close();
  });

  afterEach(async () => {
    await window?.close();
    window = null;
    await standIn.close();
    place.remove();
  });

  const file = (name: string): string => join(place.home, name);

  async function open(): Promise<Journey> {
    window = await openWindow({ home: place.home });
    return new Journey(window.page);
  }

  const unlocked = async (): Promise<Journey> => {
    const journey = await open();
    await journey.unlock(PASSPHRASE);
    return journey;
  };

  /** Takes a file away. @returns puts it back. */
  function takeAway(name: string): () => void {
    renameSync(file(name), join(place.folder, name));
    return () => {
      renameSync(join(place.folder, name), file(name));
    };
  }

  function spoil(name: string, text: string): () => void {
    const kept = readFileSync(file(name));
    for (const beside of ['-wal', '-shm']) rmSync(`${file(name)}${beside}`, { force: true });
    writeFileSync(file(name), text);
    return () => {
      writeFileSync(file(name), kept);
    };
  }

  it.each([
    ['whose file is damaged', 'The file that says whose station this is cannot be read', () => spoil('station.json', '{"half')],
    ['whose file is gone', 'A ledger is here, and nothing that says whose', () => takeAway('station.json')],
  ])('%s says so at its start, offers no first start, and goes on once it is mended', async (_, title, damage) => {
    const mend = damage();
    const journey = await open();
    await journey.at(title);
    expect(await accessibilityFindings(journey.page)).toEqual([]);
    expect(await journey.button('Make the station').count()).toBe(0);
    await journey.press('Look again');
    await journey.ready('Look again');
    await journey.at(title);
    mend();
    await journey.press('Look again');
    await journey.at('Unlock this station');
  });

  it('whose keys are lost leads from the ceremony that cannot be shown to what the ledger holds', async () => {
    takeAway('keychain.box');
    const journey = await unlocked();
    await journey.at('The keychain does not hold this station’s keys');
    expect(await accessibilityFindings(journey.page)).toEqual([]);
    await journey.press('Go to Backups');
    await journey.at('Backups');
  });

  it('does not say that there is nothing where nothing could be read', async () => {
    const journey = await unlocked();
    await journey.at('HOT or COLD');
    const mend = spoil('ledger.sqlite', 'no ledger');
    await journey.press('Leave for now');
    for (const [page, denied] of [
      ['Backups', null],
      ['Ceremonies', 'No ceremony yet'],
      ['Drills due', null],
      ['Stations and trust', 'None confirmed yet.'],
    ] as const) {
      await journey.goTo(page);
      await journey.page.getByText('(ledger-damaged)').first().waitFor();
      expect(await journey.page.getByText('Stop and escalate').count()).toBe(0);
      expect(await accessibilityFindings(journey.page)).toEqual([]);
      if (denied !== null) expect(await journey.page.getByText(denied).count()).toBe(0);
    }
    await journey.goTo('Ceremonies');
    await journey.page.getByRole('alert').waitFor();
    mend();
    await journey.press('Look again');
    await journey.button('Go on: Ceremony 1').waitFor();
    expect(await journey.page.getByRole('alert').count()).toBe(0);
  });

  it('does not say that no API key is set where there is no keychain to ask', async () => {
    let isGone = false;
    window = await openWindow({ home: place.folderIn('other'), spawnKeychainChild: playedOsKeychain(() => isGone) });
    const { session, page } = window;
    const journey = new Journey(page);
    await journey.at('Set up this station');
    await session.receive({
      operation: 'window.first-start',
      input: { role: 'single', name: 'desk-2', keychain: 'os', passphrase: null },
    });
    await session.receive({ operation: 'environment.set', input: { name: 'sandbox' } });
    isGone = true;
    await page.reload();
    await journey.goTo('Stations and trust');
    await page.getByText('(keychain-none)').waitFor();
    await page.getByText('not known now').waitFor();
    expect(await page.getByText('not set', { exact: true }).count()).toBe(0);
  });

  it.runIf(process.platform !== 'win32')('shows in Settings what a self-check found, in words that hold there', async () => {
    const journey = await unlocked();
    await journey.press('Leave for now');
    await journey.goTo('Settings');
    chmodSync(place.home, 0o777);
    await journey.press('Look at them now');
    const panel = journey.page.getByRole('alert').filter({ hasText: '(self-check-failed)' });
    await panel.waitFor();
    const said = await panel.innerText();
    expect(said).toContain('Looking changes nothing');
    expect(said).not.toMatch(/Stop and escalate|self-test again/);
    expect(await accessibilityFindings(journey.page)).toEqual([]);
    chmodSync(place.home, 0o700);
    await journey.press('Look again');
    await journey.page.getByText(/lines are as they should be/).waitFor();
    expect(await journey.page.getByRole('alert').count()).toBe(0);
  });
});
