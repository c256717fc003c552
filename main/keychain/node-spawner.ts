import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { keychainChildEnvironment } from './child-environment.ts';
import { parseLine, type KeychainSpawner } from './protocol.ts';

/**
 * Starts the child in this process's own Node, JSON lines over its stdin and stdout.
 * @param program the path of a script that calls `runKeychainChild`.
 */
export function createNodeSpawner(program: string): KeychainSpawner {
  return createProcessSpawner([program], dirname(program));
}

/**
 * Starts the child as this very executable with other arguments, JSON lines over its stdin and stdout.
 * @param args what makes the executable call `runKeychainChild`.
 * @param folder where it runs: not the caller's folder, that may be the stick that is about to be pulled out.
 */
export function createProcessSpawner(args: readonly string[], folder: string): KeychainSpawner {
  return () => {
    const child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: keychainChildEnvironment(),
      cwd: folder,
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
