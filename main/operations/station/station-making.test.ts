import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ledger, takeLock } from '../../ledger/index.ts';
import { inputError, isColdroomError, systemClock } from '../../values/index.ts';
import type { OperationContext } from '../context.ts';
import { homePaths, parseStationFile, requireStationFile, type StationFile } from './home.ts';
import { runOperation } from '../index.ts';
import { openKeychain } from './open-keychain.ts';

let folder: string;
let context: OperationContext;
const path = (name: string) => join(folder, 'home', name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldroom-making-'));
  writeFileSync(join(folder, 'passphrase'), 'a passphrase of this test\n');
  context = {
    home: join(folder, 'home'),
    clock: systemClock,
    keychainPassphraseFile: join(folder, 'passphrase'),
    spawnKeychainChild: () => {
      throw new Error('a file keychain starts no child');
    },
    onProgress: () => undefined,
    onNote: () => undefined,
  };
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const init = (how: Partial<OperationContext> = {}) =>
  runOperation('init', { ...context, ...how }, { role: 'single', keychain: 'file', name: 'desk' });

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (isColdroomError(error)) return error.code;
    throw error;
  }
}

/** Takes a finished station back to where an `init` dies that has made all of it, and its name not. */
function unfinish(): StationFile {
  renameSync(path('station.json'), path('station.json.making'));
  return parseStationFile(readFileSync(path('station.json.making')));
}

async function entriesOf({ keychain_scope: scope }: StationFile): Promise<boolean[]> {
  const keychain = await openKeychain(context, 'file');
  try {
    const entries = [];
    for (const entry of ['station-key', 'mac-key']) entries.push((await keychain.get(`${scope}/${entry}`)) !== null);
    return entries;
  } finally {
    await keychain.close();
  }
}

describe('an init that was cut short', () => {
  it.each([
    [
      'before its ledger had a name',
      () => {
        renameSync(path('ledger.sqlite'), path('ledger.sqlite.making'));
      },
    ],
    [
      'before its ledger was begun',
      () => {
        rmSync(path('ledger.sqlite'));
      },
    ],
    [
      'before its note was whole',
      () => {
        writeFileSync(path('station.json.making'), '{"version":1,');
      },
    ],
    ['right before its end', () => undefined],
  ])('%s is taken back by the next, which makes a station', async (when, cut) => {
    await init();
    const before = unfinish();
    cut();
    await init();
    const after = await requireStationFile(context.home);
    expect(after.id).not.toBe(before.id);
    expect(await entriesOf(after)).toEqual([true, true]);
    if (when !== 'before its note was whole') expect(await entriesOf(before)).toEqual([false, false]);
    expect(readdirSync(context.home).filter((name) => name.includes('making'))).toEqual([]);
    expect((await runOperation('ledger.check', context, {})).output).toMatchObject({ ok: true, events: 1 });
  });

  it('does not take a ledger with it that was used', async () => {
    await init();
    await runOperation('environment.set', context, { name: 'sandbox', drill_days: 30 });
    const file = unfinish();
    expect(await codeOf(init())).toBe('station-unfinished');
    expect([await entriesOf(file), existsSync(path('station.json.making'))]).toEqual([[true, true], true]);
    renameSync(path('station.json.making'), path('station.json'));
    expect((await runOperation('ledger.check', context, {})).output).toMatchObject({ ok: true, macs: 'valid' });
  });

  it('is not what a ledger without station.json and without a note is: nothing is deleted', async () => {
    await init();
    rmSync(path('station.json'));
    expect(await codeOf(init())).toBe('station-unfinished');
    // Nor is anybody told to make a station where one was.
    expect(await codeOf(runOperation('status', context, {}))).toBe('station-unfinished');
    expect(Ledger.isUnused(homePaths(context.home).ledger)).toBe(true);
  });
});

describe('an init that fails', () => {
  it('leaves no key in the keychain, no ledger and no note', async () => {
    const noted: StationFile[] = [];
    const clock = {
      now: () => {
        noted.push(parseStationFile(readFileSync(path('station.json.making'))));
        throw inputError('no-clock', 'this clock has stopped');
      },
    };
    expect(await codeOf(init({ clock }))).toBe('no-clock');
    expect(readdirSync(context.home).toSorted()).toEqual(['keychain.box', 'locks']);
    for (const file of noted) expect(await entriesOf(file)).toEqual([false, false]);
    expect(noted).toHaveLength(1);
    expect(await codeOf(init())).toBe(null);
  });
});

describe('two inits on one home', () => {
  it('make one station, and the second says that the first is at it', async () => {
    expect((await Promise.all([codeOf(init()), codeOf(init())])).toSorted()).toEqual([null, 'station-being-made'].toSorted());
    expect((await runOperation('ledger.check', context, {})).output).toMatchObject({ ok: true, events: 1 });
  });
  it('do not wait for each other where the lock is held by another process', async () => {
    await init();
    rmSync(path('station.json'));
    rmSync(path('ledger.sqlite'));
    const release = takeLock(homePaths(context.home).lock('init'), 0);
    expect(await codeOf(init())).toBe('station-being-made');
    release?.();
    expect(await codeOf(init())).toBe(null);
  });
});
