import { utilityProcess } from 'electron';
import { dirname } from 'node:path';
import { keychainChildEnvironment, type KeychainSpawner } from '../../main/keychain/index.ts';

/**
 * Starts the keychain's child in one of Electron's utility processes: this executable cannot run as plain Node, a fuse forbids it.
 * @param program the path of the bundled child.
 */
export function createUtilitySpawner(program: string): KeychainSpawner {
  return () => {
    const child = utilityProcess.fork(program, [], {
      serviceName: 'Coldroom keychain',
      // SECURITY(REQ-KEYCHAIN-CHILD): what it prints could hold an entry.
      stdio: 'ignore',
      // SECURITY(REQ-KEYCHAIN-CHILD): nothing of our environment that would make it load other code, or that other programs keep there.
      env: keychainChildEnvironment(),
      // SECURITY(REQ-KEYCHAIN-CHILD): no arguments for its Node, whatever ours were.
      execArgv: [],
      // SECURITY(REQ-KEYCHAIN-CHILD): on macOS it loads libraries of our own signature alone.
      allowLoadingUnsignedLibraries: false,
      cwd: dirname(process.execPath),
    });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    return {
      send: (message) => {
        child.postMessage(message);
      },
      onMessage: (listener) => {
        child.on('message', listener);
      },
      kill: () => {
        child.kill();
      },
      exited,
    };
  };
}
