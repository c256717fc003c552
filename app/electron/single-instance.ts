import { app, BrowserWindow } from 'electron';

/** @returns false in a second start: the first one shows its window, this one ends. Commands run beside a window. */
export function setupSingleInstance(): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.on('second-instance', () => {
    for (const window of BrowserWindow.getAllWindows()) {
      if (window.isMinimized()) window.restore();
      window.focus();
    }
  });
  return true;
}
