import { describe, expect, it } from 'vitest';
import { askingEvent, type PlayedSession } from '../../test/electron/electron-double.ts';
import { declarations } from '../../test/electron/playing.ts';
import { openShell } from '../../test/electron/start-shell.ts';
import { CONTENT_SECURITY_POLICY } from '../window/content-security-policy.ts';

const DEAD_END = { mode: 'fixed_servers', proxyRules: 'http://coldroom.invalid:9', proxyBypassRules: '<-loopback>' };

async function sessions(isPackaged = true): Promise<PlayedSession[]> {
  const { electron } = await openShell([], { isPackaged });
  expect([...electron.sessions.keys()].toSorted()).toEqual(['', 'coldroom']);
  return [...electron.sessions.values()];
}

function handler(session: PlayedSession, name: string): (...args: unknown[]) => unknown {
  const found = session.handlers.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found as (...args: unknown[]) => unknown;
}

/** Calls a handler that answers through a callback. @returns the answer. */
function answerOf(session: PlayedSession, name: string, ...args: unknown[]): unknown {
  const answers: unknown[] = [];
  const all = args.map((one) => (one === 'CALLBACK' ? (answer: unknown) => answers.push(answer) : one));
  handler(session, name)(...all);
  expect(answers).toHaveLength(1);
  return answers[0];
}

describe('the page’s session, and the default one,', () => {
  it('lives in memory', async () => {
    const { electron } = await openShell();
    expect(electron.sessions.get('coldroom')?.options).toEqual({ cache: false });
    expect([...electron.sessions.keys()].some((name) => name.startsWith('persist:'))).toBe(false);
  });
  it('grants none of the permissions that Electron knows', async () => {
    const type = declarations.named('Session');
    const asked = declarations.literalsOfHandler(type, 'setPermissionRequestHandler', 1);
    const checked = declarations.literalsOfHandler(type, 'setPermissionCheckHandler', 1);
    expect(asked.length).toBeGreaterThan(30);
    expect(asked).toEqual(expect.arrayContaining(['media', 'clipboard-read', 'fileSystem', 'local-network', 'openExternal']));
    for (const session of await sessions()) {
      for (const permission of asked) expect(answerOf(session, 'setPermissionRequestHandler', {}, permission, 'CALLBACK', {})).toBe(false);
      for (const permission of checked)
        expect(handler(session, 'setPermissionCheckHandler')(null, permission, 'app://coldroom', {})).toBe(false);
    }
  });
  it('gives the page the camera while it is on, and nothing else and nobody else', async () => {
    const { electron, session: window } = await openShell();
    const [page, other] = [electron.sessions.get('coldroom'), electron.sessions.get('')];
    if (page === undefined || other === undefined) throw new Error('no session');
    const asks = (of: PlayedSession, permission: string, details: object): unknown[] => {
      const { mediaTypes, ...rest } = details as { mediaTypes?: string[] };
      return [
        answerOf(of, 'setPermissionRequestHandler', {}, permission, 'CALLBACK', details),
        handler(of, 'setPermissionCheckHandler')({}, permission, 'app://coldroom', { ...rest, mediaType: mediaTypes?.[0] }),
      ];
    };
    const ours = { isMainFrame: true, mediaTypes: ['video'], securityOrigin: 'app://coldroom/', requestingUrl: 'app://coldroom/' };
    expect(asks(page, 'media', ours)).toEqual([false, false]);
    await window.options.allowCamera(true);
    expect(asks(page, 'media', ours)).toEqual([true, true]);
    expect(asks(page, 'media', { ...ours, securityOrigin: 'app://coldroom' })).toEqual([true, true]);
    expect(asks(other, 'media', ours)).toEqual([false, false]);
    for (const permission of ['display-capture', 'clipboard-read', 'geolocation', 'usb']) {
      expect(asks(page, permission, ours)).toEqual([false, false]);
    }
    for (const change of [
      { mediaTypes: ['audio'] },
      { mediaTypes: [] },
      { isMainFrame: false },
      { securityOrigin: 'https://coincover.com/' },
      { securityOrigin: 'app://coldroom.evil/' },
      { securityOrigin: undefined },
    ]) {
      expect(asks(page, 'media', { ...ours, ...change })).toEqual([false, false]);
    }
    expect(answerOf(page, 'setPermissionRequestHandler', {}, 'media', 'CALLBACK', { ...ours, mediaTypes: ['video', 'audio'] })).toBe(false);
    await window.options.allowCamera(false);
    expect(asks(page, 'media', ours)).toEqual([false, false]);
  });
  it('tells the session of every page that is loaded, so that the camera ends with the one before', async () => {
    const { electron, session } = await openShell();
    electron.window.contents.events.emit('did-navigate', {}, 'app://coldroom/index.html', 200, 'OK');
    expect(session.loaded).toBe(1);
  });
  it('gives no device and no screen', async () => {
    for (const session of await sessions()) {
      for (const deviceType of ['usb', 'hid', 'serial']) expect(handler(session, 'setDevicePermissionHandler')({ deviceType })).toBe(false);
      expect(answerOf(session, 'setDisplayMediaRequestHandler', {}, 'CALLBACK')).toBeNull();
      expect(answerOf(session, 'setBluetoothPairingHandler', { pairingKind: 'confirm' }, 'CALLBACK')).toEqual({ confirmed: false });
    }
  });
  it.each([
    'https://coincover.com/',
    'http://127.0.0.1:8080/',
    'ws://localhost/',
    'wss://example.com/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'devtools://devtools/bundled/inspector.html',
    'chrome-extension://abc/',
    'application://coldroom/',
    'data:text/html,hello',
  ])('cancels %s', async (url) => {
    for (const session of await sessions()) expect(answerOf(session, 'onBeforeRequest', { url }, 'CALLBACK')).toEqual({ cancel: true });
  });
  it('lets the page’s own files through, and the developer tools’ in a checkout', async () => {
    for (const session of await sessions())
      expect(answerOf(session, 'onBeforeRequest', { url: 'app://coldroom/assets/a.js' }, 'CALLBACK')).toEqual({ cancel: false });
    for (const session of await sessions(false)) {
      expect(answerOf(session, 'onBeforeRequest', { url: 'devtools://devtools/a.js' }, 'CALLBACK')).toEqual({ cancel: false });
      expect(answerOf(session, 'onBeforeRequest', { url: 'https://example.com/' }, 'CALLBACK')).toEqual({ cancel: true });
    }
  });
  it('ends at a proxy that cannot exist, and so does what belongs to no session', async () => {
    const { electron } = await openShell();
    for (const session of electron.sessions.values()) expect(session.calls.get('setProxy')).toEqual([DEAD_END]);
    expect(electron.calls.find(([name]) => name === 'setProxy')).toEqual(['setProxy', DEAD_END]);
  });
  it('asks no name server in its own way', async () => {
    const { electron } = await openShell();
    expect(electron.calls.find(([name]) => name === 'configureHostResolver')).toEqual([
      'configureHostResolver',
      { enableBuiltInResolver: false, secureDnsMode: 'off', secureDnsServers: [], enableAdditionalDnsQueryTypes: false },
    ]);
  });
  it('checks no spelling and downloads nothing', async () => {
    for (const session of await sessions()) {
      expect(session.calls.get('setSpellCheckerEnabled')).toEqual([false]);
      expect(session.calls.get('setSpellCheckerLanguages')).toEqual([[]]);
      const event = askingEvent();
      expect(session.events.emit('will-download', event)).toBe(true);
      expect(event.prevented).toBe(true);
    }
  });
  it('serves the page in one of them alone', async () => {
    const { electron } = await openShell();
    expect(electron.sessions.get('')?.handlers.has('app:')).toBe(false);
    const session = electron.sessions.get('coldroom');
    if (session === undefined) throw new Error('no session');
    const answer = (await handler(session, 'app:')(new Request('app://coldroom/index.html', { method: 'POST' }))) as Response;
    expect(answer.status).toBe(405);
    expect(answer.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
  });
});
