import { parseArgs } from 'node:util';
import { inputError, quote } from '../../main/values/index.ts';

/** How one option is written: with a value, or alone. `path` values are resolved against the caller's folder; a
 * `list` or `paths` may be given several times. */
export type OptionKind = 'text' | 'path' | 'flag' | 'number' | 'list' | 'paths';

export type OptionValue = string | number | boolean | readonly string[];

export type OptionTable = Readonly<Record<string, OptionKind>>;

export type Arguments = {
  options: Readonly<Record<string, OptionValue>>;
  /** The words after the command's name, as typed. */
  positionals: readonly string[];
  /** The same words as paths, for commands whose words are files. */
  paths: readonly string[];
};

/** Options that every command takes, before or after its name. */
export const GLOBAL_OPTIONS: OptionTable = {
  home: 'path',
  json: 'flag',
  'keychain-passphrase-file': 'path',
  help: 'flag',
  version: 'flag',
};

/**
 * Reads a command line strictly: an unknown option, an option without its value, or one given twice is refused, so that a
 * mistyped word cannot silently change what happens to a key.
 * @throws input `usage`.
 */
export function parseArguments(argv: readonly string[], table: OptionTable, resolvePath: (path: string) => string): Arguments {
  const all = { ...GLOBAL_OPTIONS, ...table };
  const { values, positionals, tokens } = parseStrictly(argv, all);
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (seen.has(token.name) && !isRepeatable(all[token.name])) throw usage(`--${token.name} is given twice`);
    seen.add(token.name);
  }
  const options: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(values)) {
    options[name] = readValue(name, value, all[name] ?? 'text', resolvePath);
  }
  return { options, positionals, paths: positionals.map(resolvePath) };
}

function parseStrictly(argv: readonly string[], table: OptionTable) {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, kind]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: isRepeatable(kind) },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true, tokens: true });
  } catch (cause) {
    // parseArgs quotes what was typed; a secret typed where it does not belong must not be repeated.
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason =
      code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 'an option is not one of this command' : 'an option lacks its value, or has one too many';
    throw inputError('usage', reason, { hint: 'see `coldroom help`', cause });
  }
}

function readValue(name: string, value: unknown, kind: OptionKind, resolvePath: (path: string) => string): OptionValue {
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((one) => (kind === 'paths' ? readPath(name, String(one), resolvePath) : String(one)));
  const text = typeof value === 'string' ? value : '';
  if (kind === 'path') return readPath(name, text, resolvePath);
  if (kind === 'number') {
    if (!/^\d{1,9}$/.test(text)) throw usage(`--${name} needs a whole number, and ${quote(text)} is none`);
    return Number(text);
  }
  return text;
}

function readPath(name: string, text: string, resolvePath: (path: string) => string): string {
  if (text === '') throw usage(`--${name} needs a path`);
  return resolvePath(text);
}

function isRepeatable(kind: OptionKind | undefined): boolean {
  return kind === 'list' || kind === 'paths';
}

export function usage(message: string): Error {
  return inputError('usage', message, { hint: 'see `coldroom help`' });
}
