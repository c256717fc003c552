import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Journey, keyboard } from './journey.ts';
import { isProtected, openWindow, type OpenWindow } from './open-window.ts';
import { PHRASE, PLAN } from './planned.ts';
import { listenLikeAScreenReader, told } from './screen-reader.ts';
import { PASSPHRASE, Place, plannedLeftAt } from './station.ts';

/** Two letters have changed places in the last word; these are near it. */
const SLIP = PHRASE.replace('about', 'abuot');
const SAID = 'Word 12 in the file is “abuot”. Nearest on the list: about, abuse, adult.';
/** Those of them that are no words of fingerprints, as “adult” is. */
const WORDS = /\b(?:abuot|abuse|abandon)\b/;

describe('the words nearest to a word at fault', () => {
  const place = new Place();
  let window: OpenWindow | null = null;

  beforeAll(async () => {
    const [wallet] = PLAN.wallets;
    if (wallet === undefined) throw new Error('the plan has it');
    const plan = { ...PLAN, wallets: [{ ...wallet, user_identifier: 'treasury-wallet-01', items: wallet.items.slice(0, 1) }] };
    await plannedLeftAt(place, place.write('one.plan.json', JSON.stringify(plan)));
    place.write('seed.txt', SLIP);
  });
  afterAll(async () => {
    await window?.close();
    place.remove();
  });

  const openAtSecrets = async (isScreenPrivate: boolean): Promise<{ opened: OpenWindow; journey: Journey }> => {
    await window?.close();
    window = await openWindow({ home: place.home, isScreenPrivate });
    const journey = new Journey(window.page, keyboard(window.page));
    await journey.unlock(PASSPHRASE);
    return { opened: window, journey };
  };

  it('are not shown where the window may be in a picture: the place is, and why no more', async () => {
    const { opened, journey } = await openAtSecrets(false);
    await journey.secrets([place.filesName], ['seed.txt']);
    await journey.at('The secret does not pass its own checks');
    const found = opened.page.getByRole('region', { name: 'What was found in the files' });
    await found.getByText('Word 12 is not on the English list.').waitFor();
    await found.getByText(/^The word itself is not shown: on this computer the window cannot be kept out of screen pictures/).waitFor();
    expect(await journey.button(/^Show the word/).count()).toBe(0);
    // A page that asks all the same is told nothing.
    const answer = await opened.page.evaluate((input) => {
      const { coldroom } = globalThis as unknown as { coldroom: { invoke(operation: string, input: unknown): Promise<unknown> } };
      return coldroom.invoke('ceremony.nearest-words', input);
    }, chosenFile(opened));
    expect(answer).toMatchObject({ ok: false, error: { code: 'screen-not-private' } });
    expect(`${opened.crossed.join('\n')}\n${await opened.page.content()}`).not.toMatch(WORDS);
  });

  it('are shown to whoever asks for them, where the window is kept out of pictures, and cross and stand nowhere else', async () => {
    const { opened, journey } = await openAtSecrets(true);
    const { page, crossed } = opened;
    await journey.at('The secret does not pass its own checks');
    await listenLikeAScreenReader(page);
    await page.getByText('Word 12 is not on the English list.').waitFor();
    expect(isProtected(page)).toBe(true);
    expect(await page.content()).not.toMatch(WORDS);
    await journey.press('Show the word, and what it may have been meant as');
    await page.getByText(SAID).waitFor();
    const holding = crossed.filter((one) => WORDS.test(one));
    expect(holding.map((one) => JSON.parse(one) as unknown)).toMatchObject([
      { ok: true, output: { words: [{ place: 12, word: 'abuot', nearest: ['about', 'abuse', 'adult'] }], too_many: false } },
    ]);
    await journey.press('Hide it again');
    expect(await page.content()).not.toMatch(WORDS);
    await journey.press('Show the word, and what it may have been meant as');
    await page.getByText(SAID).waitFor();
    opened.session.lock();
    await journey.at('This window is locked');
    expect(await page.content()).not.toMatch(WORDS);
    await journey.type('Passphrase of the keychain file', PASSPHRASE);
    await journey.press('Unlock');
    await journey.at('The secret does not pass its own checks');
    expect(await page.content()).not.toMatch(WORDS); // shown again to nobody who does not ask
    expect(await told(page)).toContain('Word 12 is not on the English list.');
    expect(await told(page)).not.toMatch(WORDS);
    place.write('seed.txt', PHRASE);
    await journey.press('Choose files');
    await journey.pickFiles([place.filesName], /^seed[.]/);
    await journey.button('Sign off step 6').waitFor();
    expect(isProtected(page)).toBe(false);
    const kept = readdirSync(place.home, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const written = kept.map((one) => readFileSync(join(one.parentPath, one.name), 'latin1')).join('\n');
    expect(written).toContain('word 12 is not on the English list'); // the search would find something
    expect(written).not.toMatch(WORDS);
    expect(opened.violations).toEqual([]);
  });
});

/** The ceremony's only file, as main last told the page of it. */
function chosenFile({ crossed }: OpenWindow): { ceremony: string; item_id: string } {
  type Told = { output?: { ceremony?: { ceremony_id: string; files: { item_id: string }[] } } };
  const views = crossed.flatMap((one) => (JSON.parse(one) as Told).output?.ceremony ?? []);
  const view = views.at(-1);
  const [file] = view?.files ?? [];
  if (view === undefined || file === undefined) throw new Error('no file was chosen');
  return { ceremony: view.ceremony_id, item_id: file.item_id };
}
