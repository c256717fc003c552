import { app, clipboard, dialog } from 'electron';
import { join } from 'node:path';
import { VERSION } from '../cli/version.ts';
import { defaultHome } from '../home-folder.ts';
import { createSession } from '../window/session.ts';
import { setupClosing } from './closing.ts';
import { protectContent } from './content-protection.ts';
import { createChooser } from './file-dialogs.ts';
import { createUtilitySpawner } from './keychain-spawner.ts';
import { setupMenu } from './menu.ts';
import { PAGE_URL } from './page-address.ts';
import { setupPageChannel, tellPage } from './page-channel.ts';
import { setupPageRecovery } from './page-recovery.ts';
import { setupPageSession } from './page-session.ts';
import { setupSystemLock } from './system-lock.ts';
import { createWindow } from './window.ts';

/** Where the bundles lie: this file's own folder. */
const bundles = import.meta.dirname;

/**
 * Opens the one window on a station, once the app is ready.
 * @param home the station's folder, null for the default.
 */
export function setupWindow(home: string | null): void {
  app
    .whenReady()
    .then(() => openWindow(home))
    .catch((error: unknown) => {
      dialog.showErrorBox('Coldroom could not open its window', error instanceof Error ? error.message : 'no reason is known');
      app.exit(1);
    });
}

async function openWindow(home: string | null): Promise<void> {
  setupMenu();
  const camera = { on: false };
  const window = createWindow(await setupPageSession(join(bundles, 'renderer'), camera), join(bundles, 'preload.cjs'));
  const session = createSession({
    home: home ?? defaultHome(),
    shell: 'electron',
    version: VERSION,
    chooser: createChooser(window),
    spawnKeychainChild: createUtilitySpawner(join(bundles, 'keychain-child.mjs')),
    onEvent: (event) => {
      tellPage(window, event);
    },
    onClose: () => {
      window.destroy();
    },
    copyText: (text) => {
      void clipboard.writeText(text);
    },
    protectContent: (on) => protectContent(window, on),
    allowCamera: (on) => {
      camera.on = on;
      return Promise.resolve();
    },
  });
  setupPageChannel(window, session);
  setupClosing(window, session);
  setupSystemLock(session);
  setupPageRecovery(window);
  window.webContents.on('did-navigate', () => {
    void session.pageLoaded();
  });
  await window.loadURL(PAGE_URL);
}
