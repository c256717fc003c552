import type { BrowserWindow } from 'electron';

/** Elsewhere Electron takes the call and does nothing. */
const CAN_PROTECT: readonly string[] = ['darwin', 'win32'];

/**
 * Keeps a window out of screen pictures and recordings, or no longer.
 * SECURITY(REQ-SCREEN): what rests on it rests on what the system says afterwards, not on having asked.
 * @returns whether it is kept out of them now; false where the system cannot.
 */
export function protectContent(
  window: Pick<BrowserWindow, 'setContentProtection' | 'isContentProtected'>,
  on: boolean,
  platform: string = process.platform,
): boolean {
  window.setContentProtection(on);
  return on && CAN_PROTECT.includes(platform) && window.isContentProtected();
}
