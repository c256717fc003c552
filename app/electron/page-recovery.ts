import type { BrowserWindow } from 'electron';
import { PAGE_URL } from './page-address.ts';

/** A page that keeps dying is not started again and again: somebody has to look. */
const MAX_RESTARTS = 3;

/** Loads the page again when its process has died: all state is in the ledger, so it opens at the same step. */
export function setupPageRecovery(window: BrowserWindow): void {
  let restarts = 0;
  window.webContents.on('render-process-gone', () => {
    restarts += 1;
    if (restarts <= MAX_RESTARTS && !window.isDestroyed()) void window.loadURL(PAGE_URL);
  });
}
