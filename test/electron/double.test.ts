import { describe, expect, it } from 'vitest';
import { ElectronDouble } from './electron-double.ts';
import { declarations } from './playing.ts';

// The double stands for Electron: what it lets pass is not tested by anything else.
type Anything = Record<string, (...args: unknown[]) => unknown>;

function double(ready = true) {
  const electron = new ElectronDouble();
  electron.ready = ready;
  return electron.module as unknown as Record<'app' | 'session' | 'dialog' | 'protocol' | 'utilityProcess', Anything> & {
    BrowserWindow: new (...args: unknown[]) => Anything;
  };
}

describe('the double of Electron refuses', () => {
  it('what Electron does not have', () => {
    const { app } = double();
    expect(() => app['setupEverything']).toThrow('Electron has no app.setupEverything');
    expect(() => declarations.exported('remote')).toThrow('Electron exports no remote');
  });
  it('what it does not play', () => {
    expect(() => double().app['relaunch']).toThrow('the double does not play app.relaunch');
  });
  it('an event that does not exist', () => {
    expect(() => double().app['on']?.('window-closed', () => undefined)).toThrow(/app\.on: event is not/);
    expect(() => double().app['on']?.('window-all-closed', () => undefined)).not.toThrow();
  });
  it.each([
    [{ webPreferences: { sandboxed: true } }, 'options.webPreferences.sandboxed does not exist in WebPreferences'],
    [{ webPreferences: { sandbox: 'yes' } }, 'options.webPreferences.sandbox is not boolean | undefined'],
    [{ autoHideMenu: true }, 'options.autoHideMenu does not exist in BrowserWindowConstructorOptions'],
    [{ webPreferences: { session: {} } }, 'options.webPreferences.session'],
  ])('a window with %j', (options, reason) => {
    const { BrowserWindow } = double();
    expect(() => new BrowserWindow(options)).toThrow(reason);
  });
  it('a member of an argument that does not exist, is missing, or is none of the words', () => {
    const { app, protocol, dialog } = double();
    expect(() => app['configureHostResolver']?.({ secureDnsMode: 'none' })).toThrow('secureDnsMode');
    expect(() => app['setProxy']?.({ mode: 'fixed_servers', rules: 'x' })).toThrow('config.rules does not exist');
    expect(() => double(false).protocol['registerSchemesAsPrivileged']?.([{ privileges: { standard: true } }])).toThrow(
      'customSchemes.0.scheme is missing',
    );
    expect(() => protocol['registerSchemesAsPrivileged']?.([{ scheme: 'a', privileges: { safe: true } }])).toThrow('safe does not exist');
    expect(() => dialog['showOpenDialog']?.({ properties: ['openFiles'] })).toThrow('showOpenDialog');
  });
  it('too many arguments, and too few', () => {
    expect(() => double().app['quit']?.(1)).toThrow('there is an argument too many');
    expect(() => double().session['fromPartition']?.()).toThrow('the argument partition is missing');
  });
  it('a switch that Electron does not document', () => {
    const { app } = double(false);
    const commandLine = (app as unknown as { commandLine: Anything }).commandLine;
    expect(() => commandLine['appendSwitch']?.('host-resolver-rule', 'MAP * ~NOTFOUND')).toThrow(
      'Electron documents no switch host-resolver-rule',
    );
  });
  it('calls at the wrong time', () => {
    expect(() => double(true).app['enableSandbox']?.()).toThrow('too late');
    expect(() => double(false).session['fromPartition']?.('x')).toThrow('too early');
    expect(() => double(false).utilityProcess['fork']?.('x')).toThrow('too early');
    const { BrowserWindow } = double(false);
    expect(() => new BrowserWindow({})).toThrow('too early');
  });
});
