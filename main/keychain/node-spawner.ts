import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { KeychainSpawner } from './protocol.ts';

/** What the session's keychain is found by. Nothing else of the process environment is handed on. */
const PASSED_ON = [
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'XDG_DATA_HOME',
  'HOME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'SystemRoot',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
];

/** Starts the child in plain Node. @param program the path of a script that calls `runKeychainChild`. */
export function createNodeSpawner(program: string): KeychainSpawner {
  return () => {
    const env = Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'], env, windowsHide: true });
    // A child that ended cannot be written to; that it ended is told by onEnd.
    child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout });
    return {
      send: (line) => void child.stdin.write(`${line}\n`),
      onLine: (listener) => void lines.on('line', listener),
      onEnd: (listener) => {
        child.once('error', listener);
        child.once('exit', listener);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
