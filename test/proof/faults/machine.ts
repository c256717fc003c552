import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..', '..');
const built = join(root, 'node_modules', '.cache', 'coldroom-faults', process.pid.toString());
/** A command that hangs is a loss of its own kind. */
const HANGS_MS = 240_000;

/** What machine.c does at its n-th call, counted from 1. `clockSeconds` puts the clock off from that call on, or throughout. */
export type Fault = {
  readonly at?: number;
  readonly do?: 'kill' | 'torn' | 'stop' | 'fail' | 'fail-on';
  readonly errno?: 'ENOSPC' | 'EROFS' | 'EIO';
  readonly clockSeconds?: number;
};

/** What one process came to. `code` null: it was killed. */
export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
  readonly ms: number;
};

export type Start = {
  /** Files below it count as calls. */
  readonly root: string;
  readonly stdin?: string;
  readonly fault?: Fault;
  /** A file that gets one line for each call that counts, and one that begins with `failed` after each that fails on order. */
  readonly log?: string;
  readonly killAfterMs?: number;
  /** Told once the process is stopped by a `stop` fault; it is let go on afterwards. */
  readonly whenStopped?: () => void;
};

/** The two programs that faults are put under: the command line, and one operation as a window's main process runs it. */
const PROGRAMS = {
  coldroom: join(root, 'dist', 'cli', 'coldroom.mjs'),
  operate: join(built, 'operate.mjs'),
} as const;
export type Program = keyof typeof PROGRAMS;

let machine: Promise<void> | null = null;

/** Why no faults can be put under processes here, or null. */
export function whyNoMachine(): string | null {
  if (process.platform !== 'linux') return 'faults are put under the C library by LD_PRELOAD, which is tried on Linux alone';
  return spawnSync('gcc', ['--version']).status === 0 ? null : 'there is no gcc here';
}

/** Compiles machine.c and bundles operate.ts, once in this process. */
export function prepareMachine(): Promise<void> {
  machine ??= make();
  return machine;
}

async function make(): Promise<void> {
  mkdirSync(built, { recursive: true });
  process.once('exit', () => {
    rmSync(built, { recursive: true, force: true });
  });
  const source = join(import.meta.dirname, 'machine.c');
  const compiled = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library(), source, '-ldl'], { encoding: 'utf8' });
  if (compiled.status !== 0) throw new Error(compiled.stderr);
  await build({
    absWorkingDir: root,
    entryPoints: { operate: join(import.meta.dirname, 'operate.ts') },
    outdir: built,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    external: ['better-sqlite3', 'keytar'],
    banner: { js: "import { createRequire as coldroomRequire } from 'node:module'; const require = coldroomRequire(import.meta.url);" },
  });
  if (!existsSync(PROGRAMS.coldroom)) throw new Error('the command line is not bundled: run build/bundle.mjs');
}

const library = (): string => join(built, 'machine.so');

/** Runs a program to its end, whatever that is. @throws Error where it hangs. */
export async function start(program: Program, args: readonly string[], how: Start): Promise<Ended> {
  const node = ['--import', join(import.meta.dirname, 'cheap-scrypt.mjs'), '--disable-warning=ExperimentalWarning'];
  const begun = performance.now();
  const child = spawn(process.execPath, [...node, PROGRAMS[program], ...args], { env: environment(how), stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined); // a command that reads nothing, or was killed, closes it
  child.stdin.end(how.stdin ?? '');
  const timers = [setTimeout(() => child.kill('SIGKILL'), HANGS_MS)];
  if (how.killAfterMs !== undefined) timers.push(setTimeout(() => child.kill('SIGKILL'), how.killAfterMs));
  const stopped = how.whenStopped === undefined ? null : letGoOnce(child, how.whenStopped);
  const closed = new Promise<number | null>((done) => child.once('close', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  for (const timer of timers) clearTimeout(timer);
  stopped?.();
  const ms = performance.now() - begun;
  if (ms >= HANGS_MS) throw new Error(`${args.join(' ')} did not end within ${(HANGS_MS / 1000).toString()} s`);
  return { code, stdout, stderr, error: errorIn(program === 'coldroom' ? stderr : lastLineOf(stderr)), ms };
}

function environment({ root: folder, fault, log }: Start): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'coldroom'),
    LD_PRELOAD: library(),
    FAULT_ROOT: folder,
    ...(log === undefined ? {} : { FAULT_LOG: log }),
    ...(fault?.at === undefined ? {} : { FAULT_AT: fault.at.toString() }),
    ...(fault?.do === undefined ? {} : { FAULT_DO: fault.do }),
    ...(fault?.errno === undefined ? {} : { FAULT_ERRNO: constants.errno[fault.errno].toString() }),
    ...(fault?.clockSeconds === undefined ? {} : { FAULT_CLOCK: fault.clockSeconds.toString() }),
  };
}

/** Waits for the process to be stopped, does the work, and lets it go on. @returns what ends the waiting. */
function letGoOnce(child: ChildProcess, whenStopped: () => void): () => void {
  const timer = setInterval(() => {
    if (!isStopped(child.pid ?? 0)) return;
    clearInterval(timer);
    whenStopped();
    child.kill('SIGCONT');
  }, 5);
  return () => {
    clearInterval(timer);
  };
}

function isStopped(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid.toString()}/stat`, 'utf8').split(') ')[1]?.startsWith('T') === true;
  } catch {
    return false; // it has ended
  }
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** Null also where something stands beside the one object that `--json` promises. */
function errorIn(stderr: string): Ended['error'] {
  try {
    return (JSON.parse(stderr) as { error?: Ended['error'] }).error ?? null;
  } catch {
    return null;
  }
}

const lastLineOf = (lines: string): string => lines.trim().split('\n').at(-1) ?? '';
