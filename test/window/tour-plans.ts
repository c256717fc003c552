import { Journey } from './journey.ts';
import type { Look } from './look.ts';
import { openWindow, type WindowOptions } from './open-window.ts';
import { PASSPHRASE, Place } from './station.ts';

const ADDRESS = 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu';
const COLUMNS =
  'user_identifier,key_environment,customer_id,customer_name,item_name,kind,identifier_type,identifier_path,identifier_value,mode';

/** A list of wallets as a migration has it: every address is another, and so is no secret twice. */
export function walletsCsv(count: number): string {
  const line = (at: number): string => {
    const number = (at + 1).toString().padStart(3, '0');
    return `wallet-${number},COLD,c-${(at % 9).toString()},Customer ${(at % 9).toString()},seed-${number}.txt,bip39,master-fingerprint,m,${(0x10000000 + at).toString(16)},direct`;
  };
  return [COLUMNS, ...Array.from({ length: count }, (_, at) => line(at)), ''].join('\n');
}

/** A plan is made in the form, with a slip on the way, saved and printed; a list of wallets is taken into another. */
export async function tourOfPlans(look: Look, options: Omit<WindowOptions, 'home'>): Promise<void> {
  const place = new Place();
  place.write('wallets.csv', walletsCsv(200));
  const window = await openWindow({ ...options, home: place.home });
  const { page } = window;
  const journey = new Journey(page);
  const show = async (name: string): Promise<void> => look(name, page);
  const state = page.getByRole('status');
  const select = async (label: string, value: string, at = 0): Promise<void> => {
    await page.getByLabel(label, { exact: true }).nth(at).selectOption(value);
  };
  try {
    await journey.firstStart(PASSPHRASE);
    await journey.at('People and room');
    await journey.press('Leave for now');
    await journey.goTo('Plans');
    await show('plans');
    await journey.press('Make a plan');
    await journey.at('New plan');
    await state.filter({ hasText: 'still blank' }).waitFor();
    await show('plan-blank');
    await journey.type('Title', 'Treasury wallets, first backup');
    await select('Environment', 'production');
    await select('Account with CoinCover', 'institution');
    await page.getByLabel('Name', { exact: true }).nth(0).fill('Ann Baker');
    await page.getByLabel('Name', { exact: true }).nth(1).fill('Carl Dahl');
    await journey.type('Wallet, as CoinCover knows it', 'treasury-btc');
    await journey.choose(/^COLD/);
    await journey.type('File name', 'seed.txt');
    await select('What it is', 'bip39');
    await select('What proves that it is the right one', 'bitcoin-p2wpkh');
    await journey.type('The identifier itself', ADDRESS.replace(/u$/, 'y'));
    await select('How it is sealed', 'direct');
    await state.filter({ hasText: '1 thing to mend' }).waitFor();
    await page.getByLabel('The identifier itself').scrollIntoViewIfNeeded();
    await show('plan-contradicts');
    await page.getByRole('button', { name: /^Show wallet treasury-btc, secret 1, identifier/ }).scrollIntoViewIfNeeded();
    await show('plan-findings');
    await journey.type('The identifier itself', ADDRESS);
    await state.filter({ hasText: 'Nothing in this plan contradicts itself' }).waitFor();
    await show('plan-good');
    await journey.save('Save', [place.filesName], 'treasury.plan.json');
    await page.getByText('Saved as treasury.plan.json').waitFor();
    await journey.press('Show the sheet');
    await page.getByRole('article', { name: 'Plan for approval' }).waitFor();
    await show('plan-sheet');
    await journey.save('Print the sheet', [place.filesName], 'treasury.pdf');
    await page.getByText(/^The sheet is written/).waitFor();
    await show('plan-printed');
    await journey.press('Close this plan');
    await journey.press('Make a plan');
    await journey.file('Take in a list of wallets', [place.filesName], 'wallets.csv');
    await page.getByText('200 wallets were taken in from the list.').waitFor();
    await journey.type('Find a wallet, file or customer', 'wallet-17');
    await page.getByRole('button', { name: /^wallet-178/ }).click();
    await state.filter({ hasText: 'still blank' }).waitFor();
    await show('plan-many');
    await journey.press('Close this plan');
    await page.getByRole('dialog').waitFor();
    await show('plan-close');
    await journey.press('Throw it away');
    await journey.at('Plans');
  } finally {
    await window.close();
    place.remove();
  }
}
