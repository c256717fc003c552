import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const shim = join(root, 'app/cli/coldroom');

/** What one command came to: its exit code and both streams, and the JSON of each where it is JSON. */
export type Run = {
  code: number;
  stdout: string;
  stderr: string;
  out: Record<string, unknown>;
  error: { code: string; message: string; hint: string } | null;
};

/** Runs the command line as a script would: the shim, as a process, with nothing on standard input unless given. */
export async function coldroom(args: readonly string[], how: { cwd?: string; stdin?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Run> {
  const child = spawn(shim, args, { cwd: how.cwd ?? root, env: how.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined); // a command that reads nothing closes it
  child.stdin.end(how.stdin ?? '');
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>((done) =>
      child.once('close', (status) => {
        done(status ?? -1);
      }),
    ),
  ]);
  const parsedError = parse(stderr.trim().split('\n').at(-1) ?? '') as { error?: Run['error'] } | null;
  return { code, stdout, stderr, out: (parse(stdout) as Record<string, unknown> | null) ?? {}, error: parsedError?.error ?? null };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** A station of its own in a folder of its own, with a file keychain. */
export class TestStation {
  readonly folder: string;
  readonly home: string;
  readonly passphrase = 'canary-keychain-passphrase 4711';
  /** Everything that any command printed, for the canary search. */
  printed = '';

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'coldroom-test-'));
    this.home = join(this.folder, 'home');
    writeFileSync(this.path('passphrase'), `${this.passphrase}\n`);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  write(name: string, content: string | Buffer): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  json(name: string): Record<string, unknown> & { body: Record<string, unknown> } {
    return JSON.parse(readFileSync(this.path(name), 'utf8')) as Record<string, unknown> & { body: Record<string, unknown> };
  }

  /** Words are split at spaces; `@name` is a file in the station's folder. */
  async run(command: string, stdin?: string): Promise<Run> {
    const words = command.split(' ').map((word) => (word.startsWith('@') ? this.path(word.slice(1)) : word));
    const run = await coldroom(['--home', this.home, '--json', '--keychain-passphrase-file', this.path('passphrase'), ...words], {
      cwd: this.folder,
      ...(stdin === undefined ? {} : { stdin }),
    });
    this.printed += run.stdout + run.stderr;
    return run;
  }

  /** As run, for what has to work. */
  async must(command: string, stdin?: string): Promise<Run> {
    const run = await this.run(command, stdin);
    if (run.code !== 0) throw new Error(`${command}: exit ${run.code.toString()}\n${run.stdout}\n${run.stderr}`);
    return run;
  }

  /** From nothing to signed in, with the signing key and the account confirmed. */
  async prepare(at: { api: string; jwks: string; token: string; account: string }): Promise<void> {
    await this.must('init --role single --keychain file --name vault');
    await this.must(`environment set rehearsal --api ${at.api} --jwks ${at.jwks}`);
    await this.must('login --environment rehearsal', `${at.token}\n`);
    const shown = await this.run('trust add --environment rehearsal --fetch');
    const [first] = shown.out['confirm'] as { fingerprint: string }[];
    await this.must(`trust add --environment rehearsal --fetch --fingerprint ${first?.fingerprint ?? ''}`);
    await this.must(`trust add --environment rehearsal --account-id ${at.account}`);
  }

  /** Every file below the station's folder, by path relative to it. */
  files(below = '.'): string[] {
    return readdirSync(this.path(below), { recursive: true, encoding: 'utf8' }).filter((name) => statSync(this.path(below, name)).isFile());
  }

  makeFolder(name: string): string {
    mkdirSync(this.path(name), { recursive: true });
    return this.path(name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
