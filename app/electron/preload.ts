// Runs in the page's process, apart from the page. Gives it two functions and nothing of Electron.
import { contextBridge, ipcRenderer } from 'electron';
import { CHANNEL } from '../window/channel.ts';

// SECURITY(REQ-PAGE-NETWORK): WebRTC reaches literal addresses past every request blocker. The page has no use for it, so it is taken out first.
contextBridge.executeInMainWorld({
  func: () => {
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (/^(webkit)?RTC/.test(name)) Reflect.deleteProperty(globalThis, name);
    }
  },
});

// SECURITY(REQ-PAGE-CHANNEL): one channel, named here. The page gets no ipcRenderer, no event object with a sender in it, no other channel.
contextBridge.exposeInMainWorld('coldroom', {
  invoke: (operation: unknown, input: unknown): Promise<unknown> => ipcRenderer.invoke(CHANNEL, { operation, input }),
  /** @returns ends the listening. */
  on: (listener: (event: unknown) => void): (() => void) => {
    const hear = (_event: unknown, message: unknown): void => {
      listener(message);
    };
    ipcRenderer.on(CHANNEL, hear);
    return () => {
      ipcRenderer.off(CHANNEL, hear);
    };
  },
});
