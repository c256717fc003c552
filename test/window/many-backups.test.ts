import '../cheap-scrypt.mjs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillStateTables } from '../../main/ledger/large-ledger.fixture.ts';
import { Ledger } from '../../main/ledger/index.ts';
import { Journey } from './journey.ts';
import { openWindow, type OpenWindow } from './open-window.ts';
import { Outside, PASSPHRASE, Place } from './station.ts';

const MANY = 100_000;
const place = new Place();
let window_: OpenWindow;
let page: Page;

beforeAll(async () => {
  const outside = new Outside(place.home);
  await outside.run('init', { role: 'single', name: 'desk-1', keychain: 'file' });
  await outside.close();
  const ledger = Ledger.open(join(place.home, 'ledger.sqlite'), { clock: { now: () => Date.now() }, macKey: Buffer.alloc(32) });
  fillStateTables(ledger.database, MANY);
  ledger.close();
  window_ = await openWindow({ home: place.home });
  page = window_.page;
  const journey = new Journey(page);
  await journey.unlock(PASSPHRASE);
  await journey.at('Backups');
});
afterAll(async () => {
  await window_.close();
  place.remove();
});

const grid = () => page.getByRole('grid', { name: 'Backups of this station' });
const rows = () => grid().getByRole('row');

describe('a Backups table of 100,000 rows', () => {
  it('holds the rows in sight, and says how many there are', async () => {
    await grid().waitFor();
    expect(await grid().getAttribute('aria-rowcount')).toBe((MANY + 1).toString());
    expect(await rows().count()).toBeLessThan(100);
    await page.getByText('100,000 backups of 25,001 wallets').waitFor();
  });

  it('scrolls from end to end, and says how long its frames took', async () => {
    const frames = await grid().evaluate(async (table) => {
      const box = table.parentElement?.parentElement;
      if (box === null || box === undefined) throw new Error('the table lies in nothing that scrolls');
      const gaps: number[] = [];
      let last = performance.now();
      for (let frame = 0; frame < 180; frame += 1) {
        // Slowly at first, as by a wheel; then as by dragging the bar.
        box.scrollTop += frame < 120 ? 90 : box.scrollHeight / 60;
        await new Promise(requestAnimationFrame);
        gaps.push(performance.now() - last);
        last = performance.now();
      }
      return gaps.toSorted((a, b) => a - b);
    });
    process.stdout.write(
      `frames: median ${(frames[90] ?? 0).toFixed(1)} ms, 95 % within ${(frames[171] ?? 0).toFixed(1)} ms, longest ${(frames[179] ?? 0).toFixed(1)} ms\n`,
    );
    await page
      .getByRole('row', { name: /wallet-000000/ })
      .first()
      .waitFor();
  });

  it('is walked by the keyboard as one stop, and opens what it stands on', async () => {
    await grid().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    const active = page.locator(`#backup-row-${(MANY - 2).toString()}`);
    await active.getByText('wallet-000000').waitFor();
    expect(await grid().getAttribute('aria-activedescendant')).toBe(`backup-row-${(MANY - 2).toString()}`);
    await page.keyboard.press('Enter');
    // What it stands on has no documents here, so nothing more of it can be shown.
    await page.getByRole('button', { name: 'Back to Backups' }).click();
  });

  it('finds and filters in main', async () => {
    await page.getByRole('searchbox', { name: 'Find by wallet, file, key or backup ID' }).fill('WALLET-012345');
    await page
      .getByRole('row', { name: /wallet-012345/ })
      .first()
      .waitFor();
    expect(await grid().getAttribute('aria-rowcount')).toBe('5');
    await page.getByRole('radio', { name: 'To settle 2,000' }).click();
    await page.getByText('No backup fits what you are looking for.').waitFor();
  });
});
