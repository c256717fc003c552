import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { WindowEvent } from '../../main/operations/index.ts';
import { must, OpenSessions } from './session.fixture.ts';
import type { Session, SessionOptions } from './session.ts';

export const PASSPHRASE = 'canary-4711 passphrase of the keychain';
export const FIRST_START = { role: 'single', name: 'desk', keychain: 'file', passphrase: PASSPHRASE };

/** A station that a window made, for the tests of one file, and windows on it. */
export type MadeStation = {
  /** Goes with the last test; the home lies in it. */
  readonly folder: string;
  readonly home: string;
  /** What the sessions of the test have told their pages. */
  readonly events: readonly WindowEvent[];
  /** A window before the passphrase was typed. It is closed after the test. */
  readonly open: (options?: Partial<SessionOptions>) => Session;
  readonly unlocked: (options?: Partial<SessionOptions>) => Promise<Session>;
};

/** Makes it before the first test of the file that calls this, and removes it after the last. */
export function madeStation(): MadeStation {
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-session-'));
  const home = join(folder, 'home');
  const sessions = new OpenSessions();
  const open = (options: Partial<SessionOptions> = {}): Session =>
    sessions.open({
      home,
      spawnKeychainChild: () => {
        throw new Error('canary-4711: this machine has no child');
      },
      ...options,
    });
  beforeAll(async () => {
    await must(open(), 'window.first-start', FIRST_START);
    await sessions.close();
  });
  afterEach(() => sessions.close());
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    home,
    events: sessions.events,
    open,
    unlocked: async (options = {}) => {
      const session = open(options);
      await must(session, 'window.unlock', { passphrase: PASSPHRASE });
      return session;
    },
  };
}
