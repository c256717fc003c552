import { describe, expect, it } from 'vitest';
import { askingEvent } from '../../test/electron/electron-double.ts';
import { openShell } from '../../test/electron/start-shell.ts';

describe('the window', () => {
  it('has every preference that security rests on, written out', async () => {
    const { electron } = await openShell();
    const { session, preload, ...rest } = electron.window.options.webPreferences;
    expect(session).toBe(electron.sessions.get('coldroom')?.double);
    expect(preload).toMatch(/[/\\]preload\.cjs$/);
    expect(rest).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      enableBlinkFeatures: '',
      webviewTag: false,
      plugins: false,
      webgl: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      disableDialogs: true,
      safeDialogs: true,
      devTools: false,
    });
  });
  it('has developer tools in a checkout only', async () => {
    const { electron } = await openShell([], { isPackaged: false });
    expect(electron.window.options.webPreferences['devTools']).toBe(true);
  });
  it('loads our page and nothing else, and shows itself when there is something to see', async () => {
    const { electron } = await openShell();
    expect(electron.window.calls).toEqual([['loadURL', 'app://coldroom/index.html']]);
    electron.window.events.emit('ready-to-show');
    expect(electron.window.calls.at(-1)).toEqual(['show']);
  });
  it('is small enough for the smallest screen that is supported', async () => {
    const { electron } = await openShell();
    expect(electron.window.options).toMatchObject({ show: false, minWidth: 1024, minHeight: 700 });
  });
  it('hides its content from screen captures while the session asks for it', async () => {
    const { electron, session } = await openShell();
    expect(session.options.protectContent(true)).toBe(process.platform !== 'linux');
    expect(session.options.protectContent(false)).toBe(false);
    expect(electron.window.calls.slice(-2)).toEqual([
      ['setContentProtection', true],
      ['setContentProtection', false],
    ]);
  });
  it.each([
    ['darwin', true],
    ['win32', true],
    ['linux', false],
  ] as const)('says of %s that its content is hidden: %s, and never once it is shown again or refused', async (platform, isHidden) => {
    const { electron } = await openShell();
    const { protectContent } = await import('./content-protection.ts');
    const window = electron.window.double as unknown as Parameters<typeof protectContent>[0];
    expect(protectContent(window, true, platform)).toBe(isHidden);
    expect(protectContent(window, false, platform)).toBe(false);
    const deaf = { setContentProtection: () => undefined, isContentProtected: () => false };
    expect(protectContent(deaf, true, platform)).toBe(false);
  });
  it('has a menu of zoom alone', async () => {
    const { electron } = await openShell();
    const roles = JSON.stringify(electron.menu);
    expect(roles).toContain('zoomIn');
    for (const role of ['reload', 'forceReload', 'toggleDevTools', 'services', 'startSpeaking', 'viewMenu', 'appMenu', 'editMenu'])
      expect(roles).not.toContain(`"${role}"`);
  });
  it('has copy, paste and quit in a menu on macOS, where they are nowhere else', async () => {
    const { electron } = await openShell();
    const { setupMenu } = await import('./menu.ts');
    setupMenu('darwin');
    const roles = JSON.stringify(electron.menu);
    for (const role of ['copy', 'paste', 'selectAll', 'quit', 'hide']) expect(roles).toContain(`"${role}"`);
    for (const role of ['services', 'startSpeaking', 'reload']) expect(roles).not.toContain(`"${role}"`);
  });
});

describe('every page, whoever made it,', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])('has %s refused', async (name) => {
    const { electron } = await openShell();
    for (const contents of [electron.window.contents, electron.contents()]) {
      const event = askingEvent();
      expect(contents.events.emit(name, event)).toBe(true);
      expect(event.prevented).toBe(true);
    }
  });
  it('opens no window', async () => {
    const { electron } = await openShell();
    for (const { calls } of [electron.window.contents, electron.contents()]) {
      const handler = calls.get('setWindowOpenHandler')?.[0] as (details: object) => unknown;
      expect(handler({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
    }
  });
  it('sends no UDP past the proxy', async () => {
    const { electron } = await openShell();
    for (const { calls } of [electron.window.contents, electron.contents()])
      expect(calls.get('setWebRTCIPHandlingPolicy')).toEqual(['disable_non_proxied_udp']);
  });
});
