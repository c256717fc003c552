import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { parseLine, type KeychainSpawner } from './protocol.ts';

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

/**
 * Starts the child in this process's own Node, JSON lines over its stdin and stdout.
 * @param program the path of a script that calls `runKeychainChild`.
 */
export function createNodeSpawner(program: string): KeychainSpawner {
  return () => {
    const child = spawn(process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.includes(name))),
      // Not the caller's folder: that may be the stick that is about to be pulled out.
      cwd: dirname(program),
      windowsHide: true,
    });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
      child.once('error', () => {
        resolve();
      });
    });
    // Writing to a child that has ended fails here too; that it ended is told by `exited`.
    child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout });
    return {
      send: (message) => {
        child.stdin.write(`${JSON.stringify(message)}\n`);
      },
      onMessage: (listener) => {
        lines.on('line', (line) => {
          listener(parseLine(line));
        });
      },
      kill: () => {
        child.kill('SIGKILL');
      },
      exited,
    };
  };
}
