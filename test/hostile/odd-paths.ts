import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parseArguments } from '../../app/cli/arguments.ts';
import { COMMANDS, findCommand, type Command } from '../../app/cli/commands.ts';
import type { Figure } from '../proof/campaign.ts';
import { Lane, type End } from '../network/lane.ts';
import { OddFiles } from './odd-files.ts';

/**
 * Every path that a command reads, each in a command line that is whole but for that one: `@odd` is it, `@name` a file of the
 * station's folder. The test holds the list against the commands' options.
 */
export const READS: readonly string[] = [
  'check @odd',
  'seal --key @odd --in @secret --out @new',
  'seal --key @key.json --in @odd --out @new',
  'seal --key @key.json --in @secret --passphrase-file @odd --out @new',
  'seal --plan @odd --item seed.txt --key @key.json --in @secret --out @new',
  'rehearse --plan @odd',
  'recover --plan @odd --item seed.txt --ciphertext @secret --private-key @secret --out @new',
  'store @odd --out @new',
  'inspect --in @odd',
  'inspect --in @phrase --bip39-passphrase-file @odd',
  'inspect --in @secret --password-file @odd',
  'rehearse --in @odd',
  'recover --sealed @odd --private-key @secret --out @new',
  'recover folder --in @odd --private-key @secret --out @new',
  'recover folder --in @. --private-key @odd --out @new',
  'recover folder --in @. --private-key @secret --private-key-passphrase-file @odd --out @new',
  'recover folder --in @. --private-key @secret --passphrase-file @odd --out @new',
  'recover folder --in @. --private-key @secret --plan @odd --out @new',
  'recover --ciphertext @odd --private-key @secret --out @new',
  'recover --ciphertext @secret --private-key @odd --out @new',
  'recover --ciphertext @secret --private-key @secret --private-key-passphrase-file @odd --out @new',
  'recover --ciphertext @secret --private-key @secret --passphrase-file @odd --out @new',
  'recover --openpgp-package @odd --openpgp-key @openpgp --openpgp-passphrase-file @passphrase --out @new',
  'recover --openpgp-package @secret --openpgp-key @odd --openpgp-passphrase-file @passphrase --out @new',
  'recover --openpgp-package @secret --openpgp-key @openpgp --openpgp-passphrase-file @odd --out @new',
  'recovery key --name n --out-public @new --out-private @new2 --passphrase-file @odd',
  'environment set rehearsal --ca @odd',
  'trust add --environment rehearsal --jwks @odd',
  'pair --in @odd',
  'carry @odd',
  'import @odd',
  'plan check @odd',
  'plan new --from @odd --out @new',
  'plan sheet @odd --out @new',
  'policy set @odd --administrator A',
  'ceremony script --script rehearsal --environment rehearsal --plan @odd --out @new',
  'ceremony check @odd',
  'ceremony check @secret --pdf @odd',
  'ledger compare @odd @odd',
  'ledger rebuild --from @odd',
];

/** Read by the very reader that `inspect` has for them, and only once a plan or a release was found in order. */
export const READ_LATER: readonly string[] = ['seal', 'recover', 'recover folder', 'rehearse'].flatMap((command) => [
  `${command} --bip39-passphrase-file`,
  `${command} --password-file`,
]);

/** Options that name what is written, not what is read; a report's printed form among them. */
const isWritten = (words: readonly string[], name: string): boolean =>
  /^out(-|$)/.test(name) || (words.join(' ') === 'ceremony report' && name === 'pdf');

/** The options and words of commands that read a path, as `command --option`. */
export function readingOptions(): string[] {
  return COMMANDS.flatMap((command) =>
    Object.entries(command.options)
      .filter(([name, kind]) => (kind === 'path' || kind === 'paths') && !isWritten(command.words, name))
      .map(([name]) => `${command.words.join(' ')} --${name}`),
  );
}

/** Where a folder is as good as a file, or a file's content is nobody's business. */
function mayBeTaken(line: string, what: string): boolean {
  if (what === 'an empty file' && line.includes('--bip39-passphrase-file')) return true; // an empty one is none
  return what === 'a link to a folder' && /^(carry|import|seal --key @key.json --in|ledger rebuild)/.test(line);
}

const MOST_MS = 60_000;

async function runHere(lane: Lane, line: string, odd: string): Promise<End> {
  const argv = line.split(' ').map((word) => (word === '@odd' ? odd : word.startsWith('@') ? lane.path(word.slice(1)) : word));
  const found = findCommand(argv);
  if (found === null) return { exit: 1, code: 'no such command', output: {} };
  const input = await inputOf(found.command, found.rest);
  return 'exit' in input ? input : lane.run(found.command.operation, input.input);
}

async function inputOf(command: Command, rest: readonly string[]): Promise<{ input: unknown } | End> {
  try {
    return {
      input: await command.input(
        parseArguments(rest, command.options, (path) => path),
        { readToken: () => Promise.resolve('') },
      ),
    };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return { exit: code === 'usage' ? 2 : 1, code: typeof code === 'string' ? code : 'bug', output: { thrown: String(error) } };
  }
}

/** What a refused input must leave as it was: the rows that say what is held, and the files outside the station. */
function standing(lane: Lane): string {
  const database = new Database(join(lane.home, 'ledger.sqlite'), { readonly: true });
  try {
    const counts = ['item', 'backup', 'assigned_key', 'document', 'anchor', 'assignment'].map(
      (table) => (database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n,
    );
    return JSON.stringify([counts, readdirSync(lane.folder).toSorted()]);
  } finally {
    database.close();
  }
}

/** Every path that a command reads, given what is no file: a refusal with a code, soon, and nothing left behind. */
export async function oddPathsCampaign(wanted: (line: string, what: string) => boolean): Promise<Figure> {
  const losses: string[] = [];
  let inputs = 0;
  const lane = new Lane('operations');
  let odd: OddFiles | null = null;
  try {
    await lane.open();
    odd = await OddFiles.make(lane.path('odd'));
    lane.write('secret', 'a secret');
    lane.write('phrase', 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about');
    lane.write('openpgp', 'no OpenPGP key');
    for (const line of READS) {
      for (const [what, path] of Object.entries(odd.paths)) {
        if (!wanted(line, what)) continue;
        const before = standing(lane);
        const begun = Date.now();
        const end = await within(runHere(lane, line, path));
        inputs += 1;
        const said = `${line} with ${what}: exit ${end.exit.toString()} (${end.code ?? 'no code'})`;
        if (mayBeTaken(line, what) ? end.exit === 1 : end.exit !== 2 && end.exit !== 3)
          losses.push(`${said} ${JSON.stringify(end.output)}`);
        else if (!mayBeTaken(line, what) && standing(lane) !== before) losses.push(`${said}, and something was left behind`);
        if (Date.now() - begun > MOST_MS) losses.push(`${said}, after ${(Date.now() - begun).toString()} ms`);
      }
    }
  } finally {
    odd?.close();
    await lane.close();
  }
  return { what: 'paths that lead to no file, for every command that reads one', runs: 0, faults: 0, inputs, losses, left_out: null };
}

/** A command that hangs is a loss, and not the end of the campaign. */
function within(work: Promise<End>): Promise<End> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<End>((done) => {
    timer = setTimeout(() => {
      done({ exit: 1, code: 'it hangs', output: {} });
    }, MOST_MS);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}
