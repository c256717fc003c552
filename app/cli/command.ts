import type { OperationName } from '../../main/operations/index.ts';
import { usage, type Arguments, type OptionTable, type OptionValue } from './arguments.ts';

/** What a command may ask of the process it runs in. */
export type CommandSources = { readToken: () => Promise<string> };

/** One command: its words, its options, how they become an operation's input, how its output reads as text. */
export type Command = {
  readonly words: readonly string[];
  /** The line after the words, as design.md writes it. */
  readonly synopsis: string;
  readonly summary: string;
  readonly options: OptionTable;
  readonly operation: OperationName;
  readonly input: (parsed: Arguments, sources: CommandSources) => unknown;
  readonly text: (output: unknown) => string;
  /** The process goes on after the output, until it is stopped. */
  readonly staysOpen?: boolean;
};

/** The value of an option that must be there. @throws input `usage`. */
export function need(parsed: Arguments, name: string): OptionValue {
  const value = parsed.options[name];
  if (value === undefined) throw usage(`--${name} is missing`);
  return value;
}

/** Members for the options that were given, under the operation's names: `{ user: 'user', 'key-environment': 'key_environment' }`. */
export function given(parsed: Arguments, names: Readonly<Record<string, string>>): Record<string, OptionValue> {
  const members: Record<string, OptionValue> = {};
  for (const [option, member] of Object.entries(names)) {
    const value = parsed.options[option];
    if (value !== undefined) members[member] = value;
  }
  return members;
}

/** @throws input `usage` when there are not exactly as many words as wanted. */
export function words(parsed: Arguments, names: readonly string[]): readonly string[] {
  if (parsed.positionals.length < names.length) throw usage(`${names[parsed.positionals.length] ?? 'a word'} is missing`);
  if (parsed.positionals.length > names.length) throw usage('there is a word too many');
  return parsed.positionals;
}

/** Refuses stray words on a command that takes none. */
export function noWords(parsed: Arguments): void {
  words(parsed, []);
}
