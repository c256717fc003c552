import { app } from 'electron';
import { dirname } from 'node:path';
import { createProcessSpawner, runKeychainChild } from '../../main/keychain/index.ts';
import { KEYCHAIN_CHILD, type Launch } from './launch.ts';

/** Does what was asked for without a window, and never returns: Electron would start Chromium. */
export async function setupCommand(launch: Exclude<Launch, { kind: 'window' }>): Promise<never> {
  return launch.kind === 'command' ? runCommand(launch.argv) : beKeychainChild();
}

/**
 * Runs a command in this process and ends it. While the main module waits for this Electron does not start Chromium
 * (electron/electron#40719), so a command needs no display. That rules `utilityProcess` out, which starts with the app being
 * ready: the keychain's child is this executable again.
 */
async function runCommand(argv: readonly string[]): Promise<never> {
  endWithFarewell();
  const { runCommandLine } = await import('../cli/command-line.ts');
  const code = await runCommandLine(argv, createProcessSpawner(ownArguments(), dirname(process.execPath)));
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((flushed) =>
      stream.write('', () => {
        flushed();
      }),
    );
  return process.exit(code);
}

/** This process is the child that talks to the OS keychain, over its stdin and stdout. It ends when its parent closes them. */
function beKeychainChild(): Promise<never> {
  runKeychainChild();
  return new Promise<never>(() => undefined);
}

/** What starts this app again from its executable: outside a package, Electron's own needs the app's path. */
function ownArguments(): string[] {
  return app.isPackaged ? [KEYCHAIN_CHILD] : [app.getAppPath(), KEYCHAIN_CHILD];
}

/**
 * Electron's `process.exit` is `app.exit`, which before Chromium has started ends the process without its 'exit' event, and
 * what is temporary is removed on that.
 */
function endWithFarewell(): void {
  process.exit = (code) => {
    const exitCode = Number(code ?? process.exitCode ?? 0);
    process.emit('exit', exitCode);
    app.exit(exitCode);
    return undefined as never;
  };
}
