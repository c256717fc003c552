import type { Locator, Page } from 'playwright-core';

/**
 * One ceremony as a newcomer goes through it: by what the screen says, and by nothing else. Written once; every shell runs it.
 * `hand` is how buttons and choices are reached: with the mouse, or with the keyboard alone.
 */
export type Hand = {
  press(target: Locator): Promise<void>;
  /** `group` holds the radio: one stop for Tab, the arrows walk within it. */
  choose(target: Locator, group: Locator): Promise<void>;
  type(target: Locator, text: string): Promise<void>;
  tick(target: Locator): Promise<void>;
};

export const mouse: Hand = {
  press: (target) => target.click(),
  choose: (target) => target.click(),
  type: fill,
  tick: (target) => target.click(),
};

const MAX_TABS = 150;
const MAX_FILLS = 3;

/**
 * Puts a text into a field, whatever stood there. Playwright hands the text to the browser, not to the field; on a busy machine it was
 * seen to reach a page that had just come up in no field at all. People see an empty field and type again.
 */
async function fill(target: Locator, text: string): Promise<void> {
  for (let fills = 1; fills <= MAX_FILLS; fills += 1) {
    await target.fill(text);
    if ((await target.inputValue()) === text) return;
  }
  throw new Error(`the field does not keep what is typed: ${target.toString()}`);
}

/** Moves by Tab alone until the target has the focus: what cannot be reached so fails here. */
async function reach(page: Page, target: Locator): Promise<void> {
  for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
    if (await target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard cannot reach ${target.toString()}`);
}

/** A radio group is one tab stop: the arrows walk within it. */
async function arrowTo(page: Page, radio: Locator, group: Locator): Promise<void> {
  await reach(page, group);
  for (let steps = 0; steps < 12; steps += 1) {
    await page.keyboard.press(steps === 0 ? 'Space' : 'ArrowDown');
    if (await radio.isChecked()) return;
  }
  throw new Error(`the arrows cannot reach ${radio.toString()}`);
}

export function keyboard(page: Page): Hand {
  return {
    press: async (target) => {
      await reach(page, target);
      await page.keyboard.press('Enter');
    },
    choose: (target, group) => arrowTo(page, target, group),
    type: async (target, text) => {
      await reach(page, target);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(text);
    },
    tick: async (target) => {
      await reach(page, target);
      await page.keyboard.press('Space');
    },
  };
}

/** Clicks twice where one click is meant. */
export function doubleClicking(page: Page): Hand {
  return { ...keyboard(page), type: fill, press: (target) => target.dblclick() };
}

/** Holds Enter down on whatever button it means to press: the key repeats, also into what comes after. */
export function leaningOnEnter(page: Page): Hand {
  return {
    ...keyboard(page),
    type: fill,
    press: async (target) => {
      await target.focus();
      for (let repeats = 0; repeats < 8; repeats += 1) await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
    },
  };
}

export const PEOPLE = { administrator: { name: 'Ann Baker', initials: 'AB' }, witness: { name: 'Carl Dahl', initials: 'CD' } };

/** A ceremony on one page, by one hand. */
export class Journey {
  readonly page: Page;
  readonly hand: Hand;

  constructor(page: Page, hand: Hand = mouse) {
    this.page = page;
    this.hand = hand;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  async press(name: string | RegExp): Promise<void> {
    const button = this.button(name);
    await button.waitFor();
    await this.hand.press(button);
  }

  /** Waits until a button can be pressed: what it asked for before has been answered, and the answer is on screen. */
  async ready(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true, disabled: false }).waitFor();
  }

  async choose(name: string | RegExp): Promise<void> {
    const radio = this.page.getByRole('radio', { name });
    await radio.first().waitFor({ state: 'attached' });
    // The mouse aims at the label that people see; the input itself is drawn over.
    await (this.hand === mouse
      ? this.page.locator('label').filter({ has: radio }).click()
      : this.hand.choose(radio, this.page.getByRole('radiogroup').filter({ has: radio }).last()));
  }

  async type(label: string | RegExp, text: string): Promise<void> {
    const field = this.page.getByLabel(label, { exact: typeof label === 'string' });
    await field.waitFor();
    await this.hand.type(field, text);
  }

  /** Waits for a step by its heading. */
  async at(heading: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: heading }).waitFor();
  }

  async firstStart(passphrase: string, role: 'Single' | 'Cold' | 'Online' = 'Single', name = 'desk-1'): Promise<void> {
    await this.at('Set up this station');
    await this.choose(new RegExp(`^${role} station`));
    await this.type('What is it called?', name);
    if (role === 'Single') await this.choose(/^Yes, with the built-in stand-in/);
    // Where the computer offers a keychain, the file is one of two choices; else it is the only one.
    const file = this.page.getByRole('radio', { name: /^In an encrypted file/ });
    await this.page
      .getByText(/This computer offers no keychain|In an encrypted file/)
      .first()
      .waitFor();
    if ((await file.count()) > 0) await this.choose(/^In an encrypted file/);
    await this.type('Passphrase for the keychain file', passphrase);
    await this.type('The same passphrase again', passphrase);
    await this.press('Make the station');
  }

  async unlock(passphrase: string): Promise<void> {
    await this.at('Unlock this station');
    await this.type('Passphrase of the keychain file', passphrase);
    await this.press('Unlock');
  }

  async sign(number: number): Promise<void> {
    const button = this.button(`Sign off step ${number.toString()}`);
    await button.waitFor({ timeout: 90_000 });
    // On a busy machine the last of the evidence comes after the first initials, and clears them: people type them once more.
    for (let tries = 1; tries <= 2; tries += 1) {
      await this.hand.type(this.page.getByRole('textbox', { name: 'Administrator', exact: true }), PEOPLE.administrator.initials);
      await this.hand.type(this.page.getByRole('textbox', { name: 'Witness', exact: true }), PEOPLE.witness.initials);
      if (await this.#canBePressed(button)) break;
    }
    await this.hand.press(button);
  }

  /** Whether it can be pressed within two seconds: what was typed takes a moment to get there. */
  async #canBePressed(button: Locator): Promise<boolean> {
    for (let looks = 0; looks < 40; looks += 1) {
      if (await button.isEnabled()) return true;
      await this.page.waitForTimeout(50);
    }
    return false;
  }

  async people(): Promise<void> {
    await this.at('People and room');
    await this.type('Administrator: Name', PEOPLE.administrator.name);
    await this.hand.type(this.page.getByRole('group', { name: 'Administrator' }).getByLabel('Initials'), PEOPLE.administrator.initials);
    await this.type('Witness: Name', PEOPLE.witness.name);
    await this.hand.type(this.page.getByRole('group', { name: 'Witness' }).getByLabel('Initials'), PEOPLE.witness.initials);
    await this.type('Room or place', 'Vault room 2');
    await this.type('Time on the witness’s clock, in UTC', new Date().toISOString().slice(11, 16));
    await this.press('Record people and clock');
  }

  async selfTest(): Promise<void> {
    await this.at('Station self-test');
    await this.press('Run the self-test');
  }

  /** Reads all words, has two hidden, and enters them: what the witness does. */
  async words(region: string | RegExp): Promise<void> {
    const box = this.page.getByRole('region', { name: region });
    await box.waitFor();
    const words = await box.locator('[data-word]').allTextContents();
    await this.press('Hide two words and ask for them');
    for (const field of await box.getByRole('textbox').all()) {
      const position = Number(/\d+/.exec((await field.getAttribute('aria-label')) ?? '')?.[0]);
      await this.hand.type(field, words[position - 1] ?? '');
    }
    await this.press('Compare the words');
  }

  /** At a cold station. */
  async nameEnvironment(environment = 'rehearsal'): Promise<void> {
    await this.at('Compare the signing key');
    await this.type(/^Type the environment’s name to confirm it/, environment);
    await this.press('Confirm the environment');
  }

  async signIn(environment = 'rehearsal', token: string | null = null): Promise<void> {
    await this.at('Environment and sign-in');
    await this.type(/^Type the environment’s name to confirm it/, environment);
    await this.press('Confirm the environment');
    if (token === null) {
      await this.press('Use the practice key');
    } else {
      await this.type('API key', token);
      await this.press('Keep the API key');
    }
    await this.press('Fetch the signing keys');
    await this.words('Signing key of the enclave');
  }

  async wallet(name = 'treasury-wallet-01', kept: 'HOT' | 'COLD' = 'COLD'): Promise<void> {
    await this.at('HOT or COLD');
    await this.type('Wallet, as CoinCover shall know it', name);
    await this.choose(new RegExp(`^${kept}`));
    await this.type(`Type ${kept} to confirm`, kept);
    await this.press('Record the wallet');
  }

  async assign(): Promise<void> {
    await this.at('Assign a key and check it');
    await this.press('Have a key assigned');
    await this.words('Key fingerprint');
  }

  /** Through the in-window browser, folder by folder; `folders` and `file` are names as it shows them. */
  async secrets(folders: readonly string[], files: readonly string[], button = 'Choose files'): Promise<void> {
    await this.at('Choose the secrets');
    await this.press(button);
    const dialog = await this.#openFolders(folders);
    for (const file of files) await this.hand.press(dialog.getByRole('button', { name: new RegExp(`^${file}`) }));
    await this.hand.press(dialog.getByRole('button', { name: /^Choose \d+ files?$/ }));
    // What is listed is evidence: initials typed before it came would be cleared by it.
    for (const file of files.slice(0, 1)) await this.page.getByRole('cell', { name: file, exact: true }).waitFor();
  }

  /** Walks the in-window browser into a folder. */
  async #openFolders(folders: readonly string[]): Promise<Locator> {
    const dialog = this.page.getByRole('dialog').last();
    await dialog.waitFor();
    for (const folder of folders) {
      await this.hand.press(dialog.getByRole('button', { name: `Open folder ${folder}`, exact: true }));
      await dialog.getByRole('heading', { name: `Folder ${folder}` }).waitFor();
    }
    return dialog;
  }

  /** Presses a button that asks for a folder, and chooses it. */
  async folder(button: string, folders: readonly string[]): Promise<void> {
    await this.press(button);
    await this.pickFolder(folders);
  }

  /** Where a folder is asked for already. */
  async pickFolder(folders: readonly string[]): Promise<void> {
    await this.page.getByRole('button', { name: 'Choose this folder', exact: true }).waitFor();
    const dialog = await this.#openFolders(folders);
    await this.hand.press(dialog.getByRole('button', { name: 'Choose this folder', exact: true }));
  }

  /** Where files are asked for: every one whose name fits. */
  async pickFiles(folders: readonly string[], name: RegExp): Promise<void> {
    const dialog = await this.#openFolders(folders);
    const fitting = dialog.getByRole('button', { name });
    await fitting.first().waitFor();
    for (const file of await fitting.all()) await this.hand.press(file);
    await this.hand.press(dialog.getByRole('button', { name: /^Choose \d+ files?$/ }));
  }

  /** Ticks a box by what people see of it, or by the space bar. */
  async tick(box: Locator): Promise<void> {
    if (this.hand === mouse) await this.page.locator('label').filter({ has: box }).click();
    else await this.hand.tick(box);
  }

  /** Answers one yes-or-no question with yes. */
  async answerYes(group: Locator): Promise<void> {
    const yes = group.getByRole('radio', { name: 'Yes' });
    await (this.hand === mouse ? group.locator('label').filter({ hasText: 'Yes' }).click() : this.hand.choose(yes, group));
  }

  /** Presses a button that asks for one file, and chooses it. */
  async file(button: string, folders: readonly string[], name: string): Promise<void> {
    await this.press(button);
    const dialog = await this.#openFolders(folders);
    await this.hand.press(dialog.getByRole('button', { name: new RegExp(`^${name}`) }));
    await this.hand.press(dialog.getByRole('button', { name: /^Choose 1 file$/ }));
  }

  /** Presses a button that asks where to save, and names the file. */
  async save(button: string, folders: readonly string[], name: string): Promise<void> {
    await this.press(button);
    const dialog = await this.#openFolders(folders);
    await this.hand.type(dialog.getByLabel('File name'), name);
    await this.hand.press(dialog.getByRole('button', { name: 'Save here', exact: true }));
  }

  async begin(script: RegExp, environment: RegExp): Promise<void> {
    await this.press('Start a ceremony');
    await this.at('Start a ceremony');
    await this.choose(script);
    await this.choose(environment);
    await this.press('Begin');
  }

  /** A page of the window, by its name in the list of pages. */
  async goTo(page: string): Promise<void> {
    await this.hand.press(this.page.getByRole('link', { name: page }));
    await this.at(page);
  }

  /** Pairs with the station whose card lies in a folder, by the words that it shows. */
  async pair(folders: readonly string[], card: string): Promise<void> {
    await this.press('Pair a station');
    await this.file('Choose the card', folders, card);
    await this.words(/^Words of /);
    await this.page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  /** Where the station is signed in already: the name and the words are left. */
  async signInAgain(environment = 'rehearsal'): Promise<void> {
    await this.at('Environment and sign-in');
    await this.type(/^Type the environment’s name to confirm it/, environment);
    await this.press('Confirm the environment');
    const words = this.page.getByRole('region', { name: 'Signing key of the enclave' });
    await this.button('Fetch the signing keys').or(words).first().waitFor();
    if ((await words.count()) === 0) await this.press('Fetch the signing keys');
    await this.words('Signing key of the enclave');
  }

  async addWallet(name: string, kept: 'HOT' | 'COLD' = 'COLD'): Promise<void> {
    await this.type('Wallet, as CoinCover shall know it', name);
    await this.choose(new RegExp(`^${kept}`));
    await this.type(`Type ${kept} to confirm`, kept);
    await this.press('Add this wallet');
    await this.page.getByRole('cell', { name, exact: true }).waitFor();
  }

  /** A cold station's list of signing keys comes with a key pack: whichever lies there. */
  async chooseKeyPack(folders: readonly string[]): Promise<void> {
    await this.press('Choose the list or a key pack');
    const dialog = await this.#openFolders(folders);
    await this.hand.press(dialog.getByRole('button', { name: /keypack\.json/ }).first());
    await this.hand.press(dialog.getByRole('button', { name: /^Choose 1 file$/ }));
  }

  /** Types COLD from the paper order for each key, and reads its words. */
  async readPacks(count: number): Promise<void> {
    for (let key = 0; key < count; key += 1) {
      await this.type('HOT or COLD, as the paper order says it', 'COLD');
      const next = this.page.getByRole('region', { name: /^Key of / });
      await next.waitFor();
      await this.words((await next.getAttribute('aria-label')) ?? '');
      await this.page.getByText('read and matched').nth(key).waitFor();
    }
  }

  async seal(): Promise<void> {
    await this.at('Seal');
    await this.press(/^Seal \d+ files?$/);
  }

  async store(): Promise<void> {
    await this.at('Store with CoinCover');
    await this.press(/^Send \d+ sealed items?$/);
  }

  async recover(): Promise<void> {
    await this.at('Get it back');
    await this.press('Play the recovery');
  }

  async checklist(): Promise<void> {
    await this.at('Production checklist');
    for (const group of await this.page.getByRole('radiogroup').all()) await this.answerYes(group);
    await this.press('Record the answers');
  }

  /** From the seventh step of a single station to its last: sealed, stored, verified, in a rehearsal got back, and the checklist answered. */
  async sealToClose({ isRehearsal = true } = {}): Promise<void> {
    const works = [
      () => this.seal(),
      () => this.store(),
      () => this.at('Verify key and backup'),
      ...(isRehearsal ? [() => this.recover()] : []),
      () => this.checklist(),
    ];
    for (const [done, work] of works.entries()) {
      await work();
      await this.sign(7 + done);
    }
    await this.at('Close');
  }
}

/** A whole rehearsal from a first start to its close, on a made-up secret: what every shell must be able to show. */
export async function journey(page: Page, hand: Hand = mouse): Promise<void> {
  const newcomer = new Journey(page, hand);
  await newcomer.firstStart('correct horse battery staple');
  await newcomer.people();
  await newcomer.sign(1);
  await newcomer.selfTest();
  await newcomer.sign(2);
  await newcomer.signIn();
  await newcomer.sign(3);
  await newcomer.wallet();
  await newcomer.sign(4);
  await newcomer.assign();
  await newcomer.sign(5);
  await newcomer.at('Choose the secrets');
  await newcomer.press('Use a made-up secret');
  await newcomer.sign(6);
  await newcomer.sealToClose();
  await newcomer.sign(12);
  await newcomer.at('Ceremony 1 is closed');
}
