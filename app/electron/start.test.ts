import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { ElectronDouble } from '../../test/electron/electron-double.ts';
import { openShell, startShell } from '../../test/electron/start-shell.ts';
import { defaultHome } from '../home-folder.ts';
import { VERSION } from '../cli/version.ts';

describe('the shell', () => {
  it('does what must come before Chromium while its module is evaluated, in an order that works', async () => {
    const { electron } = await startShell();
    expect(electron.calls.map(([name]) => name)).toEqual(['setPath', 'requestSingleInstanceLock', 'enableSandbox']);
    expect(electron.windows).toEqual([]);
    expect(process.umask(0o077)).toBe(0o077);
  });
  it.runIf(process.platform === 'linux')('keeps the heap out of core dumps before Chromium can start any process', async () => {
    const filter = '/proc/self/coredump_filter';
    writeFileSync(filter, '33');
    await startShell();
    expect(readFileSync(filter, 'utf8').trim()).toBe('00000000');
  });
  it('gives Chromium a folder that is not the default station’s', async () => {
    const { electron } = await startShell();
    expect(electron.calls[0]).toEqual(['setPath', 'userData', "/the system's/appData/Coldroom Window"]);
  });
  it('makes app:// an origin of its own and gives it nothing else', async () => {
    const { electron } = await startShell();
    const nothingElse = ['bypassCSP', 'allowServiceWorkers', 'supportFetchAPI', 'corsEnabled', 'stream', 'codeCache', 'allowExtensions'];
    expect(electron.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, ...Object.fromEntries(nothingElse.map((name) => [name, false])) },
      },
    ]);
  });
  it('shuts names and proxies on the command line', async () => {
    const { electron } = await startShell();
    expect(Object.fromEntries(electron.switches)).toEqual({
      'host-resolver-rules': 'MAP * ~NOTFOUND',
      'proxy-server': 'http://coldroom.invalid:9',
      'proxy-bypass-list': '<-loopback>',
    });
  });
  it('says so, and ends, when its window cannot be opened', async () => {
    const { electron } = await startShell();
    vi.doMock('../../app/home-folder.ts', () => ({
      defaultHome: () => {
        throw new Error('this account has no home folder');
      },
    }));
    const { setupWindow } = await import('./open-window.ts');
    vi.resetModules();
    const fresh = await import('./open-window.ts');
    expect(fresh.setupWindow).not.toBe(setupWindow);
    fresh.setupWindow(null);
    await electron.start();
    vi.doUnmock('../../app/home-folder.ts');
    expect(electron.dialogs).toEqual([['showErrorBox', 'Coldroom could not open its window', 'this account has no home folder']]);
    expect(electron.calls.at(-1)).toEqual(['exit', 1]);
  });
});

describe('a second start', () => {
  it('ends at once and touches nothing', async () => {
    const { electron } = await startShell([], { firstInstance: false });
    await electron.start();
    expect(electron.calls.map(([name]) => name)).toEqual(['setPath', 'requestSingleInstanceLock', 'quit']);
    expect([electron.windows, electron.sessions.size, electron.switches.size]).toEqual([[], 0, 0]);
  });
  it('brings the first one’s window forward', async () => {
    const { electron } = await openShell();
    electron.appEvents.emit('second-instance');
    expect(electron.window.calls.slice(-2)).toEqual([['restore'], ['focus']]);
  });
});

describe('a start with arguments', () => {
  it('opens the station that --home names', async () => {
    const { session } = await openShell(['--home', '/stations/one']);
    expect(session.options).toMatchObject({ home: '/stations/one', shell: 'electron', version: VERSION });
  });
  it('opens the default station without', async () => {
    const { session } = await openShell();
    expect(session.options.home).toBe(defaultHome());
  });
  it('is refused when packaged and given a switch of Chromium, with the exit code for bad input', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const electron = new ElectronDouble();
    await expect(startShell(['--remote-debugging-port=9222'], { electron })).rejects.toThrow(/takes no argument but --home DIR/);
    expect(said).toHaveBeenCalledWith('the window takes no argument but --home DIR: "--remote-debugging-port=9222"\n');
    expect(electron.calls).toEqual([['exit', 2]]);
  });
});
