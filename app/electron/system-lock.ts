import { powerMonitor } from 'electron';
import type { Session } from '../window/session.ts';

/** Whoever locks the computer, or closes its lid, has left: the window is covered at once. Call once the app is ready. */
export function setupSystemLock(session: Session): void {
  // SECURITY(REQ-IDLE-LOCK): sooner than by its own clock.
  const lock = (): void => {
    session.lock();
  };
  powerMonitor.on('lock-screen', lock);
  powerMonitor.on('suspend', lock);
}
