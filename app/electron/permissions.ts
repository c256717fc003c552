import type { Session } from 'electron';
import { PAGE_ORIGIN } from './page-address.ts';

/** Whether the page may use the camera now. */
export type CameraSwitch = { on: boolean };

/** What Electron says of who asks for a permission, or of whom it is checked; of it this is what counts. */
type Asked = {
  readonly isMainFrame?: boolean | undefined;
  readonly mediaTypes?: readonly string[] | undefined;
  readonly mediaType?: string | undefined;
  readonly securityOrigin?: string | undefined;
};

/**
 * Refuses every permission that a page can ask for, in each of the ways in which Chromium asks.
 * @param camera the one exception: pictures for our own page, while it is on. Left out: none.
 */
export function setupPermissions(session: Session, camera: CameraSwitch = { on: false }): void {
  // SECURITY(REQ-PAGE-PERMISSIONS): nothing is granted when the page asks, but the camera while its screen is open.
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(camera.on && permission === 'media' && isOurCamera(details));
  });
  // SECURITY(REQ-PAGE-PERMISSIONS): nothing counts as granted beforehand, which Chromium checks apart from asking.
  session.setPermissionCheckHandler((_contents, permission, _origin, details) => {
    return camera.on && permission === 'media' && isOurCamera(details);
  });
  // SECURITY(REQ-PAGE-PERMISSIONS): no USB, HID or serial device, not even one that was allowed before.
  session.setDevicePermissionHandler(() => false);
  // SECURITY(REQ-PAGE-PERMISSIONS): no picture of this or any other screen.
  session.setDisplayMediaRequestHandler((_request, callback) => {
    callback(null);
  });
  // SECURITY(REQ-PAGE-PERMISSIONS): no Bluetooth pairing.
  session.setBluetoothPairingHandler((_details, callback) => {
    callback({ confirmed: false });
  });
}

/** SECURITY(REQ-PAGE-PERMISSIONS): pictures alone, never sound; for the page itself, never for a frame in it; and only while it is our page. */
function isOurCamera({ isMainFrame, mediaTypes, mediaType, securityOrigin }: Asked): boolean {
  const wanted = mediaTypes ?? [mediaType];
  return isMainFrame === true && wanted.length === 1 && wanted[0] === 'video' && originOf(securityOrigin) === PAGE_ORIGIN;
}

/** Chromium writes an origin here with a slash behind it. */
function originOf(address: string | undefined): string | undefined {
  return address?.replace(/\/$/, '');
}
