import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quote, systemCode } from '../values/index.ts';
import { ok, unlike, type CheckLine } from './line.ts';

const HOME = { id: 'home-private', what: 'the station’s folder and its files are the owner’s alone' } as const;

/** More files than this a station's folder does not hold; what lies behind them is not looked at, and the line says so. */
const MOST_FILES = 20_000;
/** Of everything that is wrong this much is named. */
const NAMED = 3;

type Finding = { readonly name: string; readonly mode: string; readonly isGrave: boolean };

/** What was found of a station's folder: the line, and the newest change among its files in milliseconds. */
export type HomeFindings = { readonly line: CheckLine; readonly newestMs: number | null };

/**
 * Looks at owner and mode of a home folder and of everything in it; links are not followed. Others who may write: `failed`, since they
 * could put another ledger or keychain there. Others who may read: `warn`. On Windows modes say nothing.
 * @param owner the number of the user who should own it all; null on Windows.
 */
export async function lookAtHome(home: string, owner: number | null): Promise<HomeFindings> {
  const findings: Finding[] = [];
  let newestMs: number | null = null;
  let seen = 0;
  const look = async (path: string, name: string): Promise<void> => {
    const found = await lstat(path);
    seen += 1;
    if (!found.isDirectory()) newestMs = Math.max(newestMs ?? 0, found.mtimeMs);
    const mode = found.mode & 0o777;
    const others = found.isSymbolicLink() ? 0 : mode & 0o077;
    const isForeign = owner !== null && found.uid !== owner;
    if (isForeign) findings.push({ name, mode: 'of another user', isGrave: true });
    else if (others !== 0) findings.push({ name, mode: mode.toString(8).padStart(4, '0'), isGrave: (others & 0o022) !== 0 });
    if (!found.isDirectory()) return;
    for (const entry of await readdir(path)) {
      if (seen >= MOST_FILES) return;
      await look(join(path, entry), name === '' ? entry : join(name, entry)).catch(unlessGone);
    }
  };
  try {
    await look(home, '');
  } catch (error) {
    const code = systemCode(error) ?? 'unknown error';
    if (code === 'ENOENT') return { line: unlike(HOME, 'not-checkable', 'there is no such folder', 'make a station first'), newestMs };
    return {
      line: unlike(HOME, 'failed', `it cannot be looked at (${code})`, 'find out who changed the folder, and who may read it'),
      newestMs,
    };
  }
  return { line: owner === null ? byWindows(seen) : judged(findings, seen), newestMs };
}

function judged(findings: readonly Finding[], seen: number): CheckLine {
  const isCut = seen >= MOST_FILES;
  if (findings.length === 0 && isCut)
    return unlike(HOME, 'not-checkable', `the first ${seen.toString()} files only`, 'look at the rest by hand');
  if (findings.length === 0) return ok(HOME, `${seen.toString()} ${seen === 1 ? 'folder' : 'files and folders'}, for their owner alone`);
  const sorted = findings.toSorted((a, b) => Number(b.isGrave) - Number(a.isGrave));
  const named = sorted.slice(0, NAMED).map(({ name, mode }) => `${name === '' ? 'the folder' : quote(name)} ${mode}`);
  const more = findings.length > NAMED ? [`${(findings.length - NAMED).toString()} more`] : [];
  const isGrave = sorted[0]?.isGrave === true;
  return unlike(
    HOME,
    isGrave ? 'failed' : 'warn',
    [...named, ...more].join(', '),
    isGrave
      ? 'others could have changed this station: find out who; then take their rights away (chmod -R go= on the folder)'
      : 'take the rights of others away (chmod -R go= on the folder)',
  );
}

function byWindows(seen: number): CheckLine {
  return unlike(
    HOME,
    'not-checkable',
    `${seen.toString()} files and folders; Windows keeps their rights in lists that Coldroom does not read`,
    'look at the folder’s security settings: nobody but its owner should be listed',
  );
}

/** A lock or a temporary file that went away between two looks. */
function unlessGone(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error;
}
