import '../cheap-scrypt.mjs';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StandIn } from '../../main/rehearsal/index.ts';
import { Journey, keyboard, mouse, type Hand } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { CANARY_SECRET, ceremonyAt, PASSPHRASE, Place, stationAt, type Outside } from './station.ts';

type Hands = (window: OpenWindow) => Hand;
const HANDS: [string, Hands][] = [
  ['the mouse', () => mouse],
  ['the keyboard alone', (window) => keyboard(window.page)],
];

describe.each(HANDS)('a passphrase, with %s', (_, handOf) => {
  let place: Place;
  let standIn: StandIn;
  let outside: Outside;
  let window: OpenWindow;
  let journey: Journey;
  let id: string;

  beforeEach(async () => {
    place = new Place();
    const file = place.write('seed.txt', CANARY_SECRET);
    ({ standIn, outside } = await stationAt(place));
    id = await ceremonyAt(outside, 'seal', file);
    window = await openWindow({ home: place.home });
    journey = new Journey(window.page, handOf(window));
    await journey.unlock(PASSPHRASE);
    await journey.at('Seal');
  });

  afterEach(async () => {
    await window.close();
    await Promise.all([standIn.close(), outside.close()]);
    place.remove();
  });

  const shownWords = () => window.page.locator('[data-secret-word]').allTextContents();
  const crossings = (words: readonly string[]) => window.crossed.filter((one) => words.every((word) => one.includes(word))).length;
  const evidence = async (): Promise<string[]> => {
    const { ceremony } = await outside.run<{ ceremony: { now: { facts: { name: string; value: string }[] } } }>('ceremony.show', {
      ceremony: id,
    });
    return ceremony.now.facts.filter((one) => one.name === 'passphrase').map((one) => one.value);
  };
  const drawAndTypeBack = async (): Promise<string[]> => {
    await journey.press('Draw the words');
    await window.page.getByRole('heading', { name: 'Write these words down' }).waitFor();
    const words = await shownWords();
    await journey.press('They are written down: hide them');
    await window.page.getByRole('heading', { name: 'Type them back' }).waitFor();
    return words;
  };

  it('is drawn, shown once, hidden, typed back and sealed under; nothing of it stays anywhere', async () => {
    await journey.choose(/^With a passphrase/);
    expect(await journey.button('Seal 1 file').isDisabled()).toBe(true);
    const words = await drawAndTypeBack();
    expect(words).toHaveLength(6);
    expect(await shownWords()).toEqual([]);
    expect(await window.page.content()).not.toContain(words.join(' '));
    // Nothing but this is on the screen, and there is no way round it.
    expect(await journey.button('Seal 1 file').count()).toBe(0);
    await journey.type('The words, as written down', [...words.slice(0, 5), 'zoon'].join(' '));
    await journey.press('Compare');
    await window.page.getByText(/in no list: word 6 /).waitFor();
    await journey.type('The words, as written down', words.join(' '));
    await journey.press('Compare');
    await window.page.getByText(/^The words were typed back/).waitFor();
    await journey.press('Seal 1 file');
    await journey.button('Sign off step 7').waitFor();
    expect(await evidence()).toEqual(['6 words that Coldroom drew, typed back']);
    expect(crossings(words)).toBe(1);
    expect(window.crossed.filter((one) => one.includes(words.join(' '))).length).toBe(0);
    const storage = await window.page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]));
    expect(`${await window.page.content()}${storage}`).not.toContain(words.join(' '));
    for (const name of readdirSync(place.folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(place.folder, name);
      if (!statSync(path).isFile()) continue;
      const bytes = readFileSync(path);
      expect([name, bytes.includes(words.join(' ')), words.every((word) => bytes.includes(word))]).toEqual([name, false, false]);
    }
    expect(window.violations).toEqual([]);
    // What was typed back is what opens it.
    await journey.sign(7);
    await journey.store();
    await journey.sign(8);
    await journey.at('Verify key and backup');
    await journey.sign(9);
    await journey.at('Get it back');
  });

  it('comes in two halves, each from its person, each masked; and says what losing one means', async () => {
    await journey.choose(/^With a passphrase/);
    await journey.choose(/^Two people, half each/);
    const first = window.page.getByRole('region', { name: 'First half' });
    expect(await first.innerText()).toContain('Losing either half loses all');
    await journey.type('Initials of whose half this is', 'ab');
    await journey.type('Your half', 'wry Quokka fizz');
    await journey.type('Your half again', 'wry Quokka fiz');
    expect(await first.innerText()).toContain('The two are not the same.');
    expect(await journey.button('Keep the first half').isDisabled()).toBe(true);
    await journey.type('Your half again', 'wry Quokka fizz');
    expect(await window.page.getByLabel('Your half', { exact: true }).getAttribute('type')).toBe('password');
    await journey.press('Keep the first half');
    const second = window.page.getByRole('region', { name: 'Second half' });
    await second.waitFor();
    expect(await window.page.content()).not.toContain('Quokka');
    expect(await window.page.getByLabel('Your half', { exact: true }).inputValue()).toBe('');
    await journey.type('Initials of whose half this is', 'AB');
    await journey.type('Your half', 'Jolting vixen 52');
    await journey.type('Your half again', 'Jolting vixen 52');
    await journey.press('Keep the second half');
    await window.page.getByText(/One person would know both halves/i).waitFor();
    await journey.type('Initials of whose half this is', 'CD');
    await journey.type('Your half', 'password12');
    await journey.type('Your half again', 'password12');
    await journey.press('Keep the second half');
    await window.page.getByRole('heading', { name: 'The passphrase is too easy to guess' }).waitFor();
    await journey.type('Your half', 'Jolting vixen 52');
    await journey.type('Your half again', 'Jolting vixen 52');
    await journey.press('Keep the second half');
    await window.page.getByText(/^Both halves are kept: the first by AB, the second by CD/).waitFor();
    await journey.press('Seal 1 file');
    await journey.button('Sign off step 7').waitFor();
    expect(await evidence()).toEqual(['first half by AB: made up; second half by CD: made up']);
    for (const half of ['wry Quokka', 'Jolting vixen']) expect(crossings([half])).toBe(0);
  });

  it('of one’s own is judged in main, and the reason quotes nothing', async () => {
    await journey.choose(/^With a passphrase/);
    await journey.choose(/^One of your own/);
    await journey.type('Passphrase', 'Password12345678!');
    await journey.type('The same passphrase again', 'Password12345678!');
    await journey.press('Seal 1 file');
    await window.page.getByRole('heading', { name: 'The passphrase is too easy to guess' }).waitFor();
    expect(await window.page.content()).not.toContain('12345678');
    expect(await window.page.getByLabel('Passphrase', { exact: true }).inputValue()).toBe('');
    await journey.type('Passphrase', 'wry Quokka fizz Jolting 52');
    await journey.type('The same passphrase again', 'wry Quokka fizz Jolting 52');
    await journey.press('Seal 1 file');
    await journey.button('Sign off step 7').waitFor();
    expect(await evidence()).toEqual(['made up by people']);
  });

  it('is forgotten when people leave the step, and has to be drawn anew', async () => {
    await journey.choose(/^With a passphrase/);
    const words = await drawAndTypeBack();
    await journey.type('The words, as written down', words.join(' '));
    await journey.press('Compare');
    await window.page.getByText(/^The words were typed back/).waitFor();
    await journey.press('Leave for now');
    await window.page.getByRole('link', { name: 'Ceremonies' }).waitFor();
    const answer = (await window.session.receive({
      operation: 'ceremony.passphrase-confirm',
      input: { ceremony: id, part: 'whole', typed: words.join(' ') },
    })) as { ok: boolean; error: { code: string } };
    expect(answer).toMatchObject({ ok: false, error: { code: 'passphrase-gone' } });
  });

  it('has an empty card to print, and the reason for the mode is on the screen', async () => {
    const text = await window.page.getByRole('radiogroup').first().innerText();
    expect(text).toMatch(/1 file of 27 bytes: fits into one block for CoinCover’s key, which holds 446 bytes/);
    expect(text).toMatch(/leaves 410/);
    await journey.choose(/^With a passphrase/);
    await window.page.getByRole('cell', { name: 'Passphrase, then direct' }).waitFor();
    await journey.save('Save an empty card (A4)', [place.filesName], 'card.pdf');
    await window.page.getByText(/^The card is saved/).waitFor();
    expect(readFileSync(join(place.files, 'card.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
