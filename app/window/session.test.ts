import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WINDOW_CALLS } from '../../main/operations/index.ts';
import { FIRST_START, madeStation, PASSPHRASE } from './made-station.fixture.ts';
import { ask, codeOf, must } from './session.fixture.ts';

const { folder, home, open } = madeStation();

describe('a first start', () => {
  it('is offered where no station is, and nothing else', async () => {
    const session = open({ home: join(folder, 'never') });
    expect(await must(session, 'window.state')).toMatchObject({ station: null, locked: false, shell: 'evaluation', native_dialogs: false });
    expect(await codeOf(session, 'status')).toBe('station-missing');
  });

  it('makes the station, private, and is open at once', async () => {
    const fresh = join(folder, 'fresh');
    const session = open({ home: fresh });
    expect(await must(session, 'window.first-start', FIRST_START)).toEqual({ note: null });
    expect(await must(session, 'window.state')).toMatchObject({
      station: { name: 'desk', role: 'single', keychain: 'file' },
      locked: false,
    });
    expect(await codeOf(session, 'environment.set', { name: 'sandbox' })).toBeNull();
    if (process.platform !== 'win32') expect(statSync(fresh).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['no passphrase', { ...FIRST_START, passphrase: null }, 'passphrase-empty'],
    ['an empty one', { ...FIRST_START, passphrase: '' }, 'passphrase-empty'],
    ['one of two lines', { ...FIRST_START, passphrase: 'a\nb' }, 'passphrase-characters'],
    ['another role', { ...FIRST_START, role: 'auditor' }, 'input-invalid'],
    ['a member too many', { ...FIRST_START, home: '/tmp/elsewhere' }, 'input-invalid'],
  ])('with %s makes nothing', async (_name, input, code) => {
    const session = open({ home: join(folder, 'never') });
    expect(await codeOf(session, 'window.first-start', input)).toBe(code);
    expect(existsSync(join(folder, 'never'))).toBe(false);
    expect(await must(session, 'window.state')).toMatchObject({ station: null, locked: false });
  });

  it('is not offered over a ledger that has lost its station.json, and is where nothing of a station is', async () => {
    const lost = join(folder, 'lost');
    await must(open({ home: lost }), 'window.first-start', FIRST_START);
    rmSync(join(lost, 'station.json'));
    expect(await codeOf(open({ home: lost }), 'window.state')).toBe('station-unfinished');
    rmSync(join(lost, 'ledger.sqlite'));
    expect(await must(open({ home: lost }), 'window.state')).toMatchObject({ station: null });
  });

  it('over a station changes nothing', async () => {
    const before = readdirSync(home).map((name) => [name, statSync(join(home, name)).mtimeMs]);
    expect(await codeOf(open(), 'window.first-start', FIRST_START)).toBe('station-exists');
    expect(readdirSync(home).map((name) => [name, statSync(join(home, name)).mtimeMs])).toEqual(before);
  });
});

describe('a locked station', () => {
  it('does nothing that needs its keychain, until the right passphrase comes', async () => {
    const session = open();
    expect(await must(session, 'window.state')).toMatchObject({ locked: true, station: { name: 'desk' } });
    expect(await codeOf(session, 'environment.set', { name: 'sandbox' })).toBe('keychain-passphrase-missing');
    const wrong = await ask(session, 'window.unlock', { passphrase: 'canary-4711 wrong' });
    expect(wrong).toMatchObject({ ok: false, error: { family: 'input', code: 'keychain-passphrase-wrong' } });
    expect(JSON.stringify(wrong)).not.toContain(folder);
    expect(JSON.stringify(wrong)).not.toContain('canary-4711');
    expect(await must(session, 'window.state')).toMatchObject({ locked: true });
    expect(await codeOf(session, 'window.unlock', { passphrase: '' })).toBe('passphrase-empty');
    expect(await codeOf(session, 'window.unlock', { passphrase: PASSPHRASE })).toBeNull();
    expect(await must(session, 'window.state')).toMatchObject({ locked: false });
    expect(await codeOf(session, 'environment.set', { name: 'sandbox' })).toBeNull();

    await must(session, 'window.lock');
    expect(await must(session, 'window.state')).toMatchObject({ locked: true });
    expect(await codeOf(session, 'environment.set', { name: 'sandbox' })).toBe('window-locked');
  });

  it('is unlocked by the last word, when two come at once', async () => {
    const session = open();
    const [wrong, right] = await Promise.all([
      codeOf(session, 'window.unlock', { passphrase: 'wrong' }),
      codeOf(session, 'window.unlock', { passphrase: PASSPHRASE }),
    ]);
    expect([wrong, right]).toEqual(['keychain-passphrase-wrong', null]);
    expect(await must(session, 'window.state')).toMatchObject({ locked: false });
  });
});

describe('a page that holds what is in no file', () => {
  it('makes the session busy until it is saved, or the page is another', async () => {
    const session = open();
    await must(session, 'window.unsaved', { on: true });
    expect(session.isBusy()).toBe(true);
    await must(session, 'window.unsaved', { on: false });
    expect(session.isBusy()).toBe(false);
    await must(session, 'window.unsaved', { on: true });
    await session.pageLoaded();
    expect(session.isBusy()).toBe(false);
  });

  it('gets a plan as its file has it, whatever folders its texts name', async () => {
    const chosen = join(folder, 'stick');
    mkdirSync(chosen, { recursive: true });
    const title = `Seeds in ${chosen}, and in "${join(chosen, 'x')}"`;
    const file = join(chosen, 'a.plan.json');
    const wallet = { customer_id: null, customer_name: null, package_id: null, package_name: null, items: [] };
    const plan = { plan: 1, title, environment: null, account: null, people: [], policy: null };
    writeFileSync(file, JSON.stringify({ ...plan, wallets: [{ user_identifier: file, key_environment: null, ...wallet }] }));
    const session = open({
      chooser: {
        openFiles: () => Promise.resolve([file]),
        openFolder: () => Promise.resolve(chosen),
        saveFile: () => Promise.resolve(null),
      },
    });
    await must(session, 'window.choose', { what: 'folder', title: '', name: '' });
    const { chosen: files } = (await must(session, 'window.choose', { what: 'file', title: '', name: '' })) as {
      chosen: { handle: string }[];
    };
    const opened = (await must(session, 'plan.open', { file: files[0]?.handle })) as {
      plan: { title: string; wallets: { user_identifier: string }[] };
    };
    expect(opened.plan.title).toBe(title);
    expect(opened.plan.wallets[0]?.user_identifier).toBe(file);
    // What goes wrong with it names no folder all the same.
    writeFileSync(file, 'no plan');
    const refused = await ask(session, 'plan.open', { file: files[0]?.handle });
    expect(refused).toMatchObject({ ok: false, error: { code: 'plan-not-json' } });
    expect(JSON.stringify(refused)).not.toContain(folder);
  });
});

describe('the window’s own calls', () => {
  it('reach the shell', async () => {
    const told: unknown[] = [];
    const session = open({
      onReady: () => told.push('ready'),
      onClose: () => told.push('close'),
      protectContent: (on) => {
        told.push(on);
        return on;
      },
      copyText: (text) => told.push(text),
    });
    await must(session, 'window.ready');
    expect(await must(session, 'window.protect', { on: true })).toEqual({ is_private: true });
    expect(await must(session, 'window.protect', { on: false })).toEqual({ is_private: false });
    expect(await must(session, 'window.copy', { text: 'abc' })).toEqual({ copied: true });
    await must(session, 'window.close');
    expect(told).toEqual(['ready', true, false, 'abc', 'close']);
    expect(await must(open(), 'window.protect', { on: true })).toEqual({ is_private: false });
    expect(await must(open(), 'window.copy', { text: 'abc' })).toEqual({ copied: false });
  });

  it.each(Object.keys(WINDOW_CALLS))('%s refuses what is no input of its', async (name) => {
    const session = open();
    for (const input of [null, 5, 'x', [], { more: 1 }])
      expect([input, await codeOf(session, name, input)]).toEqual([input, 'input-invalid']);
  });
});
