import { app } from 'electron';
import { resolve } from 'node:path';
import { GLOBAL_OPTIONS } from '../cli/arguments.ts';

/** What this start is for. */
export type Launch =
  | { readonly kind: 'window'; readonly home: string | null }
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  | { readonly kind: 'keychain-child' };

/** The word that turns this executable into the keychain's child. No command is called so. */
export const KEYCHAIN_CHILD = '.keychain-child';

/** The AppImage's launcher puts it first where the system lets nobody make a sandbox; a command opens no page to shut in. */
const LAUNCHER_ARGUMENT = '--no-sandbox';

/** Reads what this start is for. Ends the process with the exit code for bad input where it asks for what is not given. */
export function setupLaunch(): Launch {
  try {
    return readLaunch(process.argv, app.isPackaged);
  } catch (error) {
    if (!(error instanceof RefusedArgument)) throw error;
    process.stderr.write(`${error.message}\n`);
    app.exit(2);
    throw error;
  }
}

/** A start that asks for what the window does not give. */
export class RefusedArgument extends Error {}

/**
 * Tells a command from a window: any word, `--help` and `--version` are for the command line.
 * @param argv `process.argv`.
 * @param isPackaged then the words follow the executable, else Electron's own and the path of the app.
 * @throws RefusedArgument where a packaged app's window is started with a switch.
 */
export function readLaunch(argv: readonly string[], isPackaged: boolean): Launch {
  const args = argv.slice(isPackaged ? 1 : 2);
  if (args[0] === KEYCHAIN_CHILD) return { kind: 'keychain-child' };
  if (isCommand(args)) return { kind: 'command', argv: args.filter((one) => one !== LAUNCHER_ARGUMENT) };
  return { kind: 'window', home: windowHome(args, isPackaged) };
}

function isCommand(args: readonly string[]): boolean {
  let value = false;
  for (const arg of args) {
    if (value) {
      value = false;
      continue;
    }
    if (!arg.startsWith('-') || arg === '--help' || arg === '--version' || arg === '--json') return true;
    value = GLOBAL_OPTIONS[arg.slice(2)] === 'path';
  }
  return false;
}

function windowHome(args: readonly string[], isPackaged: boolean): string | null {
  const rest = [...args];
  let home: string | null = null;
  while (rest.length > 0) {
    const arg = rest.shift() ?? '';
    if (arg === '--home') home = resolve(rest.shift() ?? '');
    else if (arg.startsWith('--home=')) home = resolve(arg.slice('--home='.length));
    // SECURITY(REQ-SHELL-SWITCHES): Chromium takes orders from its command line (remote debugging, no sandbox, another proxy, a log of everything).
    // What is shipped takes none, known or not: whoever can start the app with a switch cannot reach into a ceremony.
    else if (isPackaged) throw new RefusedArgument(`the window takes no argument but --home DIR: ${JSON.stringify(arg)}`);
  }
  return home;
}
