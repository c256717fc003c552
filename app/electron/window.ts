import { app, BrowserWindow, nativeTheme, type Session, type WebPreferences } from 'electron';

/**
 * Makes the one window, not yet loaded.
 * @param preload the path of the bundled preload script.
 */
export function createWindow(session: Session, preload: string): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Coldroom',
    width: 1280,
    height: 860,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    autoHideMenuBar: true,
    // What is seen before the page has drawn itself.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14181d' : '#f4f6f8',
    webPreferences: pagePreferences(session, preload),
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  return window;
}

/** Every preference that security rests on, written out: a default is somebody else's decision. */
function pagePreferences(session: Session, preload: string): WebPreferences {
  return {
    session,
    preload,
    // SECURITY(REQ-PAGE-SANDBOX): the page's process may do nothing by itself; taking it over is not taking the machine over.
    sandbox: true,
    // SECURITY(REQ-PAGE-SANDBOX): the page cannot change what the preload script works with.
    contextIsolation: true,
    // SECURITY(REQ-PAGE-SANDBOX): no Node in the page, in its workers or in its frames.
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    // SECURITY(REQ-PAGE-SANDBOX): the same-origin rule holds, and nothing comes over plain HTTP.
    webSecurity: true,
    allowRunningInsecureContent: false,
    // SECURITY(REQ-PAGE-SANDBOX): nothing that Chromium does not call finished.
    experimentalFeatures: false,
    enableBlinkFeatures: '',
    // SECURITY(REQ-PAGE-SANDBOX): no pages in the page, no plug-ins (Chromium's PDF viewer is one), no 3D drivers.
    webviewTag: false,
    plugins: false,
    webgl: false,
    // SECURITY(REQ-PAGE-TYPED): what is typed goes to no spell-checker.
    spellcheck: false,
    // SECURITY(REQ-PAGE-SANDBOX): a file dropped on the window does not open in it.
    navigateOnDragDrop: false,
    // SECURITY(REQ-PAGE-SANDBOX): the page cannot put up the system's message boxes, nor many of them.
    disableDialogs: true,
    safeDialogs: true,
    // SECURITY(REQ-SHELL-SWITCHES): no developer tools in what is shipped.
    devTools: !app.isPackaged,
  };
}
