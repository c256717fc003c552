import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNodeSpawner } from '../../main/keychain/index.ts';
import { runOperation, type OperationContext } from '../../main/operations/index.ts';
import { ColdroomError, inputError, systemClock } from '../../main/values/index.ts';
import { parseArguments, usage, type Arguments } from './arguments.ts';
import { findCommand, helpText } from './commands.ts';
import { exitCodeOf, mostSevere, printBug, printError, printOutput } from './print.ts';
import { readStandardInput } from './standard-input.ts';
import { VERSION } from './version.ts';

// Whatever is made in here is the owner's alone, even where a mode was not written out.
process.umask(0o077);

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json');
  try {
    return await run(argv);
  } catch (error) {
    if (error instanceof ColdroomError) {
      printError(error, json);
      return exitCodeOf(error);
    }
    printBug(error, json);
    return 1;
  }
}

async function run(argv: readonly string[]): Promise<number> {
  const found = findCommand(argv);
  if (found === null) return withoutCommand(argv);
  const { command, rest } = found;
  const parsed = parseArguments(rest, command.options, resolvePath);
  const json = parsed.options['json'] === true;
  if (parsed.options['help'] === true) {
    printText('help', helpText(command), json);
    return 0;
  }
  const notes: string[] = [];
  const context = contextOf(parsed, json, notes);
  if (command.staysOpen !== true) endThroughExit();
  const input = await command.input(parsed, { readToken: readStandardInput });
  const outcome = await runOperation(command.operation, context, input);
  printOutput(command, outcome.output, notes, json);
  const worst = mostSevere(outcome.problems);
  if (json) {
    if (worst !== null) printError(worst, true);
  } else {
    for (const problem of outcome.problems) printError(problem, false);
  }
  if (command.staysOpen === true && worst === null) await untilStopped();
  return worst === null ? 0 : exitCodeOf(worst);
}

function withoutCommand(argv: readonly string[]): number {
  const { options, positionals } = parseArguments(argv, {}, resolvePath);
  const json = options['json'] === true;
  if (options['version'] === true) {
    printText('version', `coldroom ${VERSION}\n`, json);
    return 0;
  }
  if (options['help'] === true || positionals[0] === 'help') {
    printText('help', helpText(null), json);
    return 0;
  }
  throw usage(positionals.length === 0 ? 'no command was given' : 'there is no such command');
}

function printText(member: string, text: string, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify({ [member]: text.trimEnd() })}\n` : text);
}

function contextOf(parsed: Arguments, json: boolean, notes: string[]): OperationContext {
  const { home, 'keychain-passphrase-file': passphraseFile } = parsed.options;
  return {
    home: typeof home === 'string' ? home : defaultHome(),
    clock: systemClock,
    keychainPassphraseFile: typeof passphraseFile === 'string' ? passphraseFile : null,
    spawnKeychainChild: createNodeSpawner(fileURLToPath(new URL('keychain-child.mjs', import.meta.url))),
    onProgress: ({ step, subject, done, total }) => {
      if (json || !process.stderr.isTTY || total === null) return;
      process.stderr.write(
        `\r${step} ${JSON.stringify(subject)}: ${done.toString()} of ${total.toString()} bytes${done === total ? '\n' : ''}`,
      );
    },
    onNote: (note) => {
      notes.push(note);
      if (!json) process.stderr.write(`note: ${note}\n`);
    },
  };
}

/** Under npm's own `coldroom` script the working folder is the project's; the caller's is in INIT_CWD. */
function resolvePath(path: string): string {
  const from = process.env['npm_lifecycle_event'] === 'coldroom' ? (process.env['INIT_CWD'] ?? process.cwd()) : process.cwd();
  return resolve(from, path);
}

function defaultHome(): string {
  if (process.platform === 'win32') {
    const appData = process.env['APPDATA'];
    if (appData !== undefined && isAbsolute(appData)) return join(appData, 'Coldroom');
  }
  const home = homedir();
  if (home === '') throw inputError('home-unknown', 'this account has no home folder', { hint: 'name one with --home DIR' });
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Coldroom');
  const data = process.env['XDG_DATA_HOME'];
  return join(data !== undefined && isAbsolute(data) ? data : join(home, '.local', 'share'), 'coldroom');
}

/** Ending through exit(), not by the signal itself, lets what is temporary be removed; what was sent is in the ledger. */
function endThroughExit(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

async function untilStopped(): Promise<void> {
  // A pending promise keeps no process alive; a timer does.
  const awake = setInterval(() => undefined, 60_000);
  await new Promise<void>((stop) => {
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
  clearInterval(awake);
  process.exit(0);
}
