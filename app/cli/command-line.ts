import { isAbsolute, resolve } from 'node:path';
import type { KeychainSpawner } from '../../main/keychain/index.ts';
import { checkOnThisStation, runOperation, type OperationContext } from '../../main/operations/index.ts';
import { ColdroomError, inputError, systemClock } from '../../main/values/index.ts';
import { defaultHome } from '../home-folder.ts';
import { software } from '../software.ts';
import { parseArguments, usage, type Arguments } from './arguments.ts';
import { findCommand, helpText } from './commands.ts';
import { endAsAwaited, endThroughExit, outliveReaders, stayOpen } from './ending.ts';
import { exitCodeOf, mostSevere, printBug, printError, printOutput } from './print.ts';
import { readStandardInput } from './standard-input.ts';
import { VERSION } from './version.ts';
import { Notes, takeWarnings, warningsTold } from './notes.ts';

/**
 * Runs one command to its end, in this process: reads its standard input, writes to its output and errors.
 * @param argv what follows the program's name.
 * @param spawnKeychainChild how this shell starts the child that asks the OS keychain.
 * @returns the exit code, as design.md lists them. A command that stays open ends the process itself.
 */
export async function runCommandLine(argv: readonly string[], spawnKeychainChild: KeychainSpawner): Promise<number> {
  const json = argv.includes('--json');
  const notes = new Notes(json);
  const lost = outliveReaders();
  takeWarnings(notes);
  try {
    const code = await run(argv, notes, spawnKeychainChild);
    const unsaid = code === 0 ? await lost() : null;
    if (unsaid === null) return code;
    throw unsaid;
  } catch (error) {
    await warningsTold();
    if (error instanceof ColdroomError) {
      printError(error, notes.kept, json);
      return exitCodeOf(error);
    }
    printBug(error, notes.kept, json);
    return 1;
  }
}

async function run(argv: readonly string[], notes: Notes, spawnKeychainChild: KeychainSpawner): Promise<number> {
  const found = findCommand(argv);
  if (found === null) return withoutCommand(argv);
  const { command, rest } = found;
  const parsed = parseArguments(rest, command.options, resolvePath);
  const json = parsed.options['json'] === true;
  if (parsed.options['help'] === true) {
    printText('help', helpText(command), json);
    return 0;
  }
  const context = contextOf(parsed, json, notes, spawnKeychainChild);
  endThroughExit((problem) => {
    printError(problem, notes.kept, json);
  });
  // Before the options: what a station does not have needs none.
  await checkOnThisStation(command.operation, context.home);
  const input = await command.input(parsed, { readToken: readStandardInput });
  const outcome = await runOperation(command.operation, context, input);
  await warningsTold();
  const worst = mostSevere(outcome.problems);
  const stays = command.staysOpen === true && worst === null;
  if (stays) endAsAwaited();
  printOutput(command, outcome.output, notes.kept, json);
  if (json) {
    if (worst !== null) printError(worst, [], true);
  } else {
    for (const problem of outcome.problems) printError(problem, [], false);
  }
  if (stays) await stayOpen();
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

function contextOf(parsed: Arguments, json: boolean, notes: Notes, spawnKeychainChild: KeychainSpawner): OperationContext {
  const { home, 'keychain-passphrase-file': passphraseFile } = parsed.options;
  return {
    home: typeof home === 'string' ? home : defaultHome(),
    clock: systemClock,
    keychainPassphraseFile: typeof passphraseFile === 'string' ? passphraseFile : null,
    spawnKeychainChild,
    software,
    onProgress: ({ step, subject, done, total }) => {
      if (json || !process.stderr.isTTY || total === null) return;
      process.stderr.write(
        `\r${step} ${JSON.stringify(subject)}: ${done.toString()} of ${total.toString()}${step === 'seal' || step === 'send' ? ' bytes' : ''}${done === total ? '\n' : ''}`,
      );
    },
    onNote: (note) => {
      notes.add(note);
    },
  };
}

/** Under npm's own `coldroom` script the working folder is the project's; the caller's is in INIT_CWD. */
function resolvePath(path: string): string {
  if (isAbsolute(path)) return resolve(path);
  const caller = process.env['npm_lifecycle_event'] === 'coldroom' ? process.env['INIT_CWD'] : undefined;
  return resolve(caller ?? workingFolder(), path);
}

/** @throws input `working-folder-missing`: it was deleted, or its medium taken out, while a shell stood in it. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw inputError('working-folder-missing', 'the folder that this was started in does not exist any more', {
      hint: 'change to one that does, or name full paths',
      cause,
    });
  }
}
