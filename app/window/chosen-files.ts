import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { isPlainFileName } from '../../main/files/index.ts';
import type { WINDOW_CALLS } from '../../main/operations/index.ts';
import { listMedia, lookAtMedium } from '../../main/transfer/index.ts';
import { inputError, isColdroomError } from '../../main/values/index.ts';
import { browse } from './file-browser.ts';
import { shownName, type PathHandles } from './path-handles.ts';

/** Native dialogs of a shell. The paths they give stay in main. */
export type Chooser = {
  /** An empty list: nothing was chosen. */
  openFiles(options: { title: string; many: boolean }): Promise<readonly string[]>;
  openFolder(options: { title: string }): Promise<string | null>;
  saveFile(options: { title: string; suggestedName: string }): Promise<string | null>;
};

type Wish = z.output<(typeof WINDOW_CALLS)['window.choose']['input']>;

/** What a page is given of the disk: names and handles, from the system's dialogs, or where a shell has none, from a browser of its own. */
export class ChosenFiles {
  readonly #chooser: Chooser | null;
  readonly #handles: PathHandles;

  constructor(chooser: Chooser | null, handles: PathHandles) {
    this.#chooser = chooser;
    this.#handles = handles;
  }

  /** @throws input `no-native-dialogs`. */
  async choose({ what, title, name }: Wish) {
    if (this.#chooser === null) throw inputError('no-native-dialogs', 'this shell has no dialogs of its own');
    const paths = await ask(this.#chooser, what, title, name);
    return Promise.all(
      paths.map(async (path) => ({ handle: this.#handles.handleOf(path), name: shownName(path), size_bytes: await sizeOrNull(path) })),
    );
  }

  /** @throws input `no-browser`, and those of looking into a folder. */
  browse(folder: Parameters<typeof browse>[1]): ReturnType<typeof browse> {
    this.#checkInWindow();
    return browse(this.#handles, folder);
  }

  /** @throws input `no-browser`, `file-name`. */
  newFile(folder: string, name: string): { handle: string } {
    this.#checkInWindow();
    if (!isPlainFileName(name)) {
      throw inputError('file-name', 'a file’s name has nothing in it that a system keeps for itself or that cannot be seen', {
        hint: 'choose a plain name: letters, digits, spaces, - and _',
      });
    }
    return { handle: this.#handles.handleOf(join(this.#handles.pathOf(folder), name)) };
  }

  /** Sticks and disks that are plugged in, and how much of what they hold is ours. */
  async media() {
    const found = await Promise.all(
      (await listMedia()).map(async (medium) => {
        try {
          return { medium, view: await lookAtMedium(medium.path) };
        } catch (error) {
          if (isColdroomError(error)) return null; // pulled since it was listed
          throw error;
        }
      }),
    );
    return {
      media: found
        .filter((one) => one !== null)
        .map(({ medium, view }) => ({
          handle: this.#handles.handleOf(medium.path),
          label: shownName(medium.label),
          writable: medium.writable,
          documents: view.documents.length,
          others: view.others.length,
        })),
    };
  }

  /** SECURITY(REQ-PATHS): where the system has dialogs, the page gets no look at the disk. */
  #checkInWindow(): void {
    if (this.#chooser !== null) throw inputError('no-browser', 'this shell chooses files in the system’s own dialogs');
  }
}

async function ask(chooser: Chooser, what: Wish['what'], title: string, name: string): Promise<readonly string[]> {
  switch (what) {
    case 'files':
    case 'file':
      return chooser.openFiles({ title, many: what === 'files' });
    case 'folder': {
      const folder = await chooser.openFolder({ title });
      return folder === null ? [] : [folder];
    }
    case 'save': {
      const file = await chooser.saveFile({ title, suggestedName: name });
      return file === null ? [] : [file];
    }
  }
}

async function sizeOrNull(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch {
    return null; // a file to be made is not there yet
  }
}
