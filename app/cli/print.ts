import type { ColdroomError, ErrorFamily } from '../../main/values/index.ts';
import type { Command } from './commands.ts';

/** design.md, "Command line": 1 bug, 2 bad input, 3 refused by a check, 4 refused by the service, 5 unreachable or unknown. */
const EXIT_CODES: Readonly<Record<ErrorFamily, number>> = { bug: 1, input: 2, check: 3, service: 4, unreachable: 5 };

/** With several problems the first of these present decides. */
const SEVERITY: readonly ErrorFamily[] = ['bug', 'check', 'unreachable', 'service', 'input'];

export function exitCodeOf(error: ColdroomError): number {
  return EXIT_CODES[error.family];
}

export function mostSevere(problems: readonly ColdroomError[]): ColdroomError | null {
  for (const family of SEVERITY) {
    const found = problems.find((problem) => problem.family === family);
    if (found !== undefined) return found;
  }
  return null;
}

export function printOutput(command: Command, output: unknown, notes: readonly string[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...(output as object), notes })}\n`);
    return;
  }
  process.stdout.write(command.text(output));
}

/** @param notes what was said before it failed; told already where it is not JSON. */
export function printError(error: ColdroomError, notes: readonly string[], json: boolean): void {
  if (json) {
    printErrorObject(error, notes);
    return;
  }
  const hint = error.hint === null ? '' : `  ${error.hint}\n`;
  process.stderr.write(`coldroom: ${error.message} [${error.code}]\n${hint}`);
}

/** An error that nobody foresaw. Its own message is not printed: it may quote what was being worked on. */
export function printBug(error: unknown, notes: readonly string[], json: boolean): void {
  const message = 'an error that Coldroom did not foresee; nothing was confirmed';
  const hint = 'run `coldroom ledger check`, and send the lines below to whoever maintains Coldroom';
  if (json) printErrorObject({ code: 'bug', message, hint }, notes);
  else process.stderr.write(`coldroom: ${message} [bug]\n  ${hint}\n${frames(error)}`);
}

type ErrorMembers = Pick<ColdroomError, 'code' | 'message' | 'hint'>;

/** design.md, "Command line"; `notes` stand beside the error where there are any. */
function printErrorObject({ code, message, hint }: ErrorMembers, notes: readonly string[]): void {
  process.stderr.write(`${JSON.stringify({ error: { code, message, hint }, ...(notes.length === 0 ? {} : { notes }) })}\n`);
}

function frames(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return `  ${error.name}\n${lines.slice(0, 8).join('\n')}\n`;
}
