import { GLOBAL_OPTIONS } from './arguments.ts';
import type { Command } from './command.ts';
import { CARRY_COMMANDS } from './commands-carry.ts';
import { CEREMONY_COMMANDS } from './commands-ceremony.ts';
import { LEDGER_COMMANDS } from './commands-ledger.ts';
import { PLAN_COMMANDS } from './commands-plan.ts';
import { POLICY_COMMANDS } from './commands-policy.ts';
import { SECRET_COMMANDS } from './commands-secret.ts';
import { SERVICE_COMMANDS } from './commands-service.ts';
import { STATION_COMMANDS } from './commands-station.ts';

export type { Command } from './command.ts';

/** Every command, in the order in which a ceremony meets them. */
export const COMMANDS: readonly Command[] = [
  ...STATION_COMMANDS,
  ...CARRY_COMMANDS,
  ...POLICY_COMMANDS,
  ...PLAN_COMMANDS,
  ...SERVICE_COMMANDS,
  ...SECRET_COMMANDS,
  ...LEDGER_COMMANDS,
  ...CEREMONY_COMMANDS,
];

/**
 * Finds the command that the arguments name; global options may stand before it. The longest name wins (`ledger list`).
 * @returns the command with all other arguments, or null.
 */
export function findCommand(argv: readonly string[]): { command: Command; rest: string[] } | null {
  const start = firstWord(argv);
  const candidates = COMMANDS.filter((command) => command.words.every((word, index) => argv[start + index] === word));
  const command = candidates.toSorted((a, b) => b.words.length - a.words.length)[0];
  if (command === undefined) return null;
  return { command, rest: [...argv.slice(0, start), ...argv.slice(start + command.words.length)] };
}

/** Where the first word is that is neither a global option nor its value. */
function firstWord(argv: readonly string[]): number {
  let at = 0;
  for (;;) {
    const option = /^--([a-z-]+)$/.exec(argv[at] ?? '')?.[1];
    if (option === undefined) {
      if (argv[at]?.startsWith('--') !== true) return at;
      at += 1; // --home=DIR
      continue;
    }
    at += GLOBAL_OPTIONS[option] === 'path' ? 2 : 1;
  }
}

/** The help of one command, or of all. */
export function helpText(command: Command | null): string {
  if (command !== null) return `coldroom ${command.words.join(' ')} ${command.synopsis}\n\n${command.summary}\n`;
  const lines = COMMANDS.map((one) => `  coldroom ${one.words.join(' ')} ${one.synopsis}\n      ${one.summary}`);
  return [
    'coldroom [--home DIR] [--json] [--keychain-passphrase-file FILE] <command>',
    '',
    ...lines,
    '',
    'Exit: 0 done, 1 bug, 2 bad input, 3 refused by a check (stop and escalate), 4 the service refused, 5 unreachable or outcome unknown.',
    '',
  ].join('\n');
}
