import { createPackageWithOptions } from '@electron/asar';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkContents, FILES } from '../build/package/contents.ts';
import { writeElectronStub } from '../build/package/electron-stub.ts';
import { checkFuses } from '../build/package/fuses.ts';
import { checkIntegrity } from '../build/package/integrity.ts';
import { targetOfNativeModule } from '../build/package/native-module.ts';

const prebuilds = join(import.meta.dirname, '../node_modules/better-sqlite3/prebuilds');
const SQLITE = 'node_modules/better-sqlite3/prebuilds/linux-x64.node';
const KEYTAR = 'node_modules/keytar/build/Release/keytar.node';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coldroom-package-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Makes the resources of a package for linux-x64. @returns their folder. */
async function resources({
  add = {},
  drop = [],
  keytar = 'linux-x64',
}: { add?: Record<string, string>; drop?: string[]; keytar?: string } = {}) {
  const app = join(folder, 'app');
  const files = {
    ...Object.fromEntries(FILES.map((name) => [name, name])),
    'dist/app/chunk-ABCD2345.mjs': '',
    'dist/app/renderer/assets/index-x_Y-1.js': '',
    ...add,
  };
  for (const [name, text] of Object.entries(files)) {
    if (drop.includes(name)) continue;
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), text);
  }
  for (const [name, target] of [
    [SQLITE, 'linux-x64'],
    [KEYTAR, keytar],
  ] as const) {
    if (drop.includes(name)) continue;
    mkdirSync(dirname(join(app, name)), { recursive: true });
    copyFileSync(join(prebuilds, `${target}.node`), join(app, name));
  }
  const out = join(folder, 'resources');
  mkdirSync(out);
  await createPackageWithOptions(app, join(out, 'app.asar'), { unpack: '*.node' });
  return out;
}

const problems = (out: string) => checkContents(out, 'linux-x64', ['/home/builder']);

describe('the contents of a package', () => {
  it('are as they should be', async () => {
    expect(problems(await resources())).toEqual([]);
  });
  it.each([
    'app/electron/main.ts',
    'dist/app/main.mjs.map',
    'dist/cli/coldroom.mjs',
    'dist/app/renderer/assets/index.js.map',
    'dist/app/renderer/notes.txt',
    'node_modules/react/index.js',
    'node_modules/better-sqlite3/src/better_sqlite3.cpp',
    'node_modules/keytar/binding.gyp',
    'test/vectors/words.json',
  ])('may not hold %s', async (name) => {
    expect(problems(await resources({ add: { [name]: 'x' } }))).toEqual([`app.asar holds ${name}`]);
  });
  it('may not hold another system’s ledger', async () => {
    const name = 'node_modules/better-sqlite3/prebuilds/win32-x64.node';
    expect(problems(await resources({ add: { [name]: 'x' } }))).toEqual([`app.asar holds ${name}`, `app.asar.unpacked holds ${name}`]);
  });
  it.each(FILES)('must hold %s', async (name) => {
    expect(problems(await resources({ drop: [name] }))).toEqual([`app.asar lacks ${name}`]);
  });
  it.each([SQLITE, KEYTAR])('must hold %s, outside the archive', async (name) => {
    expect(problems(await resources({ drop: [name] }))).toEqual([`app.asar lacks ${name}`, `app.asar.unpacked lacks ${name}`]);
  });
  it.each(['win32-x64', 'darwin-arm64', 'linux-arm64'])('may not have a keytar for %s', async (keytar) => {
    expect(problems(await resources({ keytar }))).toEqual([`${KEYTAR} is for ${keytar}, not for linux-x64`]);
  });
  it('may not point to source maps, nor hold the paths of the machine that packed', async () => {
    const add = { 'dist/app/main.mjs': 'x\n//# sourceMappingURL=main.mjs.map', 'dist/app/preload.cjs': '"/home/builder/x"' };
    expect(problems(await resources({ add }))).toEqual([
      'dist/app/main.mjs points to a source map',
      'dist/app/preload.cjs holds "/home/builder"',
    ]);
  });
  it('may have nothing beside the archive, which would be loaded instead or not be checked', async () => {
    const out = await resources();
    mkdirSync(join(out, 'app'));
    writeFileSync(join(out, 'app.asar.unpacked/extra.js'), 'x');
    expect(problems(out)).toEqual(['app.asar.unpacked holds extra.js', 'app lies beside app.asar']);
  });
  it('cannot be judged without an archive', () => {
    expect(problems(folder)).toEqual(['there is no app.asar']);
  });
});

describe('the archive’s hash', () => {
  it('is looked for where Electron looks', async () => {
    const out = await resources();
    const place = join(folder, 'Info.plist');
    writeFileSync(place, 'another hash');
    expect(checkIntegrity(out, place)).toEqual([`${place} does not hold the hash of app.asar`]);
  });
});

describe('a native module', () => {
  it.each(['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-x64', 'darwin-arm64'])('for %s is known as such', (target) => {
    expect(targetOfNativeModule(join(prebuilds, `${target}.node`))).toBe(target);
  });
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('module.exports = {};'.repeat(8))],
    ['a cut-off ELF', Buffer.from('\x7fELF\x02\x01', 'latin1')],
    ['a 32-bit ELF', Buffer.from(`\x7fELF\x01\x01${'\0'.repeat(12)}\x3e\0`, 'latin1')],
    ['an ELF for another processor', Buffer.from(`\x7fELF\x02\x01${'\0'.repeat(12)}\x08\0`, 'latin1')],
    ['MZ alone', Buffer.from(`MZ${'\0'.repeat(62)}`, 'latin1')],
  ])('that is %s is none', (_name, bytes) => {
    const path = join(folder, 'a.node');
    writeFileSync(path, bytes);
    expect(targetOfNativeModule(path)).toBeNull();
  });
});

describe('the fuses', () => {
  it('are found to be the other way round in Electron as it is delivered, every one', async () => {
    writeElectronStub(folder, 'linux');
    expect(await checkFuses(join(folder, 'electron'))).toEqual([
      'the fuse RunAsNode is not off',
      'the fuse EnableCookieEncryption is not on',
      'the fuse EnableNodeOptionsEnvironmentVariable is not off',
      'the fuse EnableNodeCliInspectArguments is not off',
      'the fuse EnableEmbeddedAsarIntegrityValidation is not on',
      'the fuse OnlyLoadAppFromAsar is not on',
      'the fuse LoadBrowserProcessSpecificV8Snapshot is not off',
      'the fuse GrantFileProtocolExtraPrivileges is not off',
    ]);
  });
});
