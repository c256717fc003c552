import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { CHANNEL } from '../window/channel.ts';
import type { WindowEvent } from '../../main/operations/index.ts';
import type { Session } from '../window/session.ts';
import { PAGE_ORIGIN } from './page-address.ts';

/** Hands what our page says to the session, and what the session answers to the page. */
export function setupPageChannel(window: BrowserWindow, session: Session): void {
  ipcMain.handle(CHANNEL, (event, message: unknown) => {
    if (!isOurPage(event, window)) throw new Error('refused');
    return session.receive(message);
  });
}

/** Tells the page something, while there is one. */
export function tellPage(window: BrowserWindow, event: WindowEvent): void {
  if (!window.isDestroyed()) window.webContents.send(CHANNEL, event);
}

function isOurPage(event: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame;
  if (frame === null || window.isDestroyed()) return false;
  // SECURITY(REQ-PAGE-CHANNEL): only our window's main frame is heard, and only while it shows our page: not another window, not a frame in the
  // page, not what a navigation that should not have been possible has put there.
  return (
    event.sender === window.webContents && frame === window.webContents.mainFrame && frame.parent === null && frame.origin === PAGE_ORIGIN
  );
}
