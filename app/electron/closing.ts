import { app, type BrowserWindow } from 'electron';
import type { Session } from '../window/session.ts';
import { tellPage } from './page-channel.ts';

/** How long the session may take to end. An app that nobody sees and that never ends could not be started again. */
const CLOSE_MS = 5_000;

/** A window that is closed while something is under way asks its page first; the app ends when its session has. */
export function setupClosing(window: BrowserWindow, session: Session): void {
  window.on('close', (event) => {
    if (!session.isBusy()) return;
    event.preventDefault();
    tellPage(window, { event: 'close-asked' });
  });
  // On macOS too, where apps outlive their windows: a station that nobody sees is no use to anyone.
  app.on('window-all-closed', () => {
    app.quit();
  });
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    closed = true;
    void Promise.race([session.close(), new Promise((late) => setTimeout(late, CLOSE_MS))]).finally(() => {
      app.quit();
    });
  });
}
