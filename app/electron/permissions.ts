import type { Session } from 'electron';

/** Refuses every permission that a page can ask for, in each of the ways in which Chromium asks. */
export function denyPermissions(session: Session): void {
  // SECURITY: nothing is granted when the page asks.
  session.setPermissionRequestHandler((_contents, _permission, callback) => {
    callback(false);
  });
  // SECURITY: nothing counts as granted beforehand, which Chromium checks apart from asking.
  session.setPermissionCheckHandler(() => false);
  // SECURITY: no USB, HID or serial device, not even one that was allowed before.
  session.setDevicePermissionHandler(() => false);
  // SECURITY: no picture of this or any other screen.
  session.setDisplayMediaRequestHandler((_request, callback) => {
    callback(null);
  });
  // SECURITY: no Bluetooth pairing.
  session.setBluetoothPairingHandler((_details, callback) => {
    callback({ confirmed: false });
  });
}
