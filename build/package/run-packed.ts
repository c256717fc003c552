import { extractAll } from '@electron/asar';
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProcessSpawner } from '../../main/keychain/index.ts';

/** The word of app/electron/launch.ts. */
const KEYCHAIN_CHILD = '.keychain-child';

/** What main.mjs asks of Electron when it is started with a command: enough for that, nothing for a window. */
const ELECTRON = `
export const app = { isPackaged: false, getAppPath: () => process.argv[1], exit: (code) => process.reallyExit(code) };
export const [BrowserWindow, clipboard, dialog, ipcMain, Menu, nativeTheme, powerMonitor, protocol, session, utilityProcess] = Array(10).fill({});
`;

const HOOK = `
import { registerHooks } from 'node:module';
const electron = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(ELECTRON)});
registerHooks({ resolve: (name, context, next) => (name === 'electron' ? { url: electron, shortCircuit: true } : next(name, context)) });
`;

/**
 * Runs the packed app's own main module as a command, in this Node: shows that what was packed is enough for the ledger and
 * the keychain to load, with nothing of this checkout in reach.
 * @param resources the folder that holds `app.asar`.
 * @param scratch an empty folder outside the checkout.
 * @returns what is wrong, in words.
 */
export async function checkRunning(resources: string, scratch: string): Promise<string[]> {
  const app = join(scratch, 'app');
  extractAll(join(resources, 'app.asar'), app);
  cpSync(join(resources, 'app.asar.unpacked'), app, { recursive: true });
  writeFileSync(join(scratch, 'hook.mjs'), HOOK);
  const passphrase = join(scratch, 'passphrase');
  writeFileSync(passphrase, 'correct horse battery staple lamp rope\n');
  const station = ['--home', join(scratch, 'station'), '--keychain-passphrase-file', passphrase];
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, ['--import', join(scratch, 'hook.mjs'), join(app, 'dist/app/main.mjs'), ...args], {
      cwd: scratch,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {},
    });
  return [
    ...(await checkKeychainChild(join(app, 'dist/app/main.mjs'), scratch)),
    ...attempt('the command line', () => run('--version').startsWith('coldroom ')),
    ...attempt('the ledger', () => run(...station, '--json', 'init', '--role', 'single', '--keychain', 'file').includes('{')),
    ...attempt('the ledger, read again', () => run(...station, '--json', 'ledger', 'check').includes('"ok":true')),
    ...attempt(
      'keytar',
      () => execFileSync(process.execPath, ['-e', 'require("keytar").getPassword.call'], { cwd: app, env: {} }).length === 0,
    ),
  ];
}

/** The same executable as the keychain's child. Only where there can be no keychain: nobody's real one is asked. */
async function checkKeychainChild(main: string, scratch: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const bus = process.env['DBUS_SESSION_BUS_ADDRESS'];
  process.env['DBUS_SESSION_BUS_ADDRESS'] = `unix:path=${join(scratch, 'no bus')}`;
  const child = createProcessSpawner(['--import', join(scratch, 'hook.mjs'), main, KEYCHAIN_CHILD], scratch)();
  if (bus === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
  else process.env['DBUS_SESSION_BUS_ADDRESS'] = bus;
  const answer = new Promise<unknown>((resolve) => {
    child.onMessage(resolve);
    void child.exited.then(() => {
      resolve('it ended');
    });
  });
  child.send({ id: 1, do: 'get', account: 'nobody' });
  const found = JSON.stringify(await answer);
  child.kill();
  return found === '{"id":1,"ok":false,"reason":"none"}' ? [] : [`the keychain’s child does not answer in the packed app: ${found}`];
}

function attempt(what: string, works: () => boolean): string[] {
  try {
    return works() ? [] : [`${what} did not answer as it should in the packed app`];
  } catch (error) {
    const { stderr, message } = error as { stderr?: string | Buffer; message: string };
    return [`${what} does not run in the packed app: ${String(stderr ?? message).slice(0, 500)}`];
  }
}
