import { vi } from 'vitest';
import type { Session, SessionOptions } from '../../app/window/session.ts';
import { ElectronDouble } from './electron-double.ts';

/** A session that notes what it gets. */
export class PlayedSession implements Session {
  readonly received: unknown[] = [];
  busy = false;
  closed = 0;
  loaded = 0;
  locked = 0;
  readonly options: SessionOptions;

  constructor(options: SessionOptions) {
    this.options = options;
  }

  receive(message: unknown): Promise<unknown> {
    this.received.push(message);
    return Promise.resolve({ heard: message });
  }

  isBusy(): boolean {
    return this.busy;
  }

  pageLoaded(): Promise<void> {
    this.loaded += 1;
    return Promise.resolve();
  }

  lock(): void {
    this.locked += 1;
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

export type Shell = { readonly electron: ElectronDouble; readonly sessions: PlayedSession[] };

/**
 * Starts the shell's own entry against a double of Electron, with a session in place of the wizard's.
 * @param args what follows the executable on the command line.
 */
export async function startShell(
  args: readonly string[] = [],
  options: { isPackaged?: boolean; firstInstance?: boolean; electron?: ElectronDouble } = {},
): Promise<Shell> {
  const electron = options.electron ?? new ElectronDouble(options);
  const sessions: PlayedSession[] = [];
  vi.resetModules();
  vi.doMock('electron', () => electron.module);
  vi.doMock('../../app/window/session.ts', () => ({
    createSession: (given: SessionOptions) => {
      const session = new PlayedSession(given);
      sessions.push(session);
      return session;
    },
  }));
  process.argv = ['/opt/coldroom', ...(options.isPackaged === false ? ['/the app'] : []), ...args];
  await import('../../app/electron/main.ts');
  return { electron, sessions };
}

/** The same, with Chromium started and the window open. */
export async function openShell(
  args: readonly string[] = [],
  options: { isPackaged?: boolean } = {},
): Promise<Shell & { session: PlayedSession }> {
  const shell = await startShell(args, options);
  await shell.electron.start();
  const [session] = shell.sessions;
  if (session === undefined) throw new Error(`no session was made: ${JSON.stringify(shell.electron.dialogs)}`);
  return { ...shell, session };
}
