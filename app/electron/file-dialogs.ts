import { dialog, type BrowserWindow } from 'electron';
import { basename } from 'node:path';
import type { Chooser } from '../window/session.ts';

/** Lets a person choose files and folders in the system's own dialogs. The page never sees a path. */
export function createChooser(window: BrowserWindow): Chooser {
  return {
    openFiles: async ({ title, many }) => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title,
        // SECURITY(REQ-PATHS): a secret's file does not turn up in the system's list of recent documents.
        properties: ['openFile', 'dontAddToRecent', ...(many ? (['multiSelections'] as const) : [])],
      });
      return canceled ? [] : filePaths;
    },
    openFolder: async ({ title }) => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title,
        properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
    saveFile: async ({ title, suggestedName }) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title,
        // SECURITY(REQ-PATHS): a name, never a place: what suggests it may come from a document.
        defaultPath: basename(suggestedName),
        properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
      });
      return canceled || filePath === '' ? null : filePath;
    },
  };
}
