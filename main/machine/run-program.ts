import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { win32 } from 'node:path';

export interface ProgramOutput {
  /** What the program ended with; null where a signal ended it. */
  readonly exit: number | null;
  /** Standard output, UTF-8. Standard error is not kept: it is in the words of the system's language. */
  readonly stdout: string;
}

/**
 * Runs one of the system's own programs.
 * @param path absolute: a PATH that somebody else has set must not choose the program.
 * @returns null where it cannot be started, does not end in time or says too much: then nothing is known.
 */
export type RunProgram = (path: string, args: readonly string[]) => Promise<ProgramOutput | null>;

/** The longest that a program may take. They are asked again every few seconds. */
const TIMEOUT_MS = 5000;
/** The most that is taken of its output. The longest of them, a routing table, has some ten thousand bytes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** {@link RunProgram} on this machine: no shell, no input, an environment of our own, at most 5 seconds and 1 MiB. */
export const runProgram: RunProgram = (path, args) =>
  new Promise((resolve) => {
    const options = {
      env: environment(),
      // Not the caller's folder: that may be the stick that is about to be pulled out.
      cwd: process.platform === 'win32' ? win32.parse(programsFolder()).root : '/',
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      encoding: 'utf8',
      shell: false,
      windowsHide: true,
    } as const;
    const child = execFile(path, args, options, (error, stdout) => {
      // A program that refuses still says why on its output; one that was killed, cut short or never ran says nothing whole.
      const cut = error !== null && (error.killed === true || typeof error.code !== 'number');
      resolve(cut ? null : { exit: child.exitCode, stdout });
    });
    // Ends at once for a program that would ask; one that could not be started has no input to end.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
  });

/**
 * What the programs need and nothing else of ours: no variable that makes them load code, no locale in which their words
 * would be translated.
 */
function environment(): Record<string, string> {
  if (process.platform !== 'win32') return { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C', LC_ALL: 'C' };
  const systemRoot = win32.dirname(programsFolder());
  return { SystemRoot: systemRoot, windir: systemRoot, TEMP: tmpdir(), TMP: tmpdir() };
}

/** Windows' `System32`, absolute, as the system names it; its usual place where nothing sensible is named. */
export function programsFolder(systemRoot = process.env['SystemRoot']): string {
  const named = systemRoot !== undefined && /^[A-Za-z]:\\[^"%\r\n]+$/.test(systemRoot) ? systemRoot : 'C:\\Windows';
  return win32.join(named, 'System32');
}
