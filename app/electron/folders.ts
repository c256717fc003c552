import { app } from 'electron';
import { join } from 'node:path';

/**
 * Gives Chromium a folder of its own. Its default is the app's name in the system's folder for app data, which on Windows and
 * macOS is the folder of the default station (`defaultHome`): ledger and browser profile would lie in one heap.
 */
export function setupFolders(): void {
  app.setPath('userData', join(app.getPath('appData'), 'Coldroom Window'));
}
