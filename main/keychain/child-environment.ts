/**
 * What a keychain is found by, and a window to ask its user in. Nothing else of the environment is handed on: not what would
 * make Node load other code (NODE_OPTIONS), not a locale, in which error texts would be translated, not what other programs
 * keep there.
 */
const PASSED_ON = [
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'XDG_DATA_HOME',
  'HOME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'SystemRoot',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
];

/** The environment for a child that asks the OS keychain. */
export function keychainChildEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.includes(name)));
}
