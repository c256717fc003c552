import { posix, win32 } from 'node:path';

/** A quoted absolute path, as error messages write it (`quote`). */
const QUOTED_PATH = /"((?:\/|[A-Za-z]:\\\\|\\\\\\\\)(?:[^"\\]|\\.)*)"/g;

/**
 * Takes paths out of whatever goes to the page: those that main knows, wherever they stand, and every absolute path between
 * quotes. A file's own name stays; the folders it lies in are nobody's business on a projector.
 */
export function hidePaths(value: unknown, known: readonly string[]): unknown {
  const longestFirst = known.filter((path) => path.length > 1).toSorted((a, b) => b.length - a.length);
  return walk(value, longestFirst);
}

function walk(value: unknown, known: readonly string[]): unknown {
  if (typeof value === 'string') return hideIn(value, known);
  if (Array.isArray(value)) return value.map((one) => walk(one, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, known)]));
}

function hideIn(text: string, known: readonly string[]): string {
  // A path has a separator; a browsed folder's names, against thousands of known paths, need not be looked at.
  if (!/[/\\]/.test(text)) return text;
  // Whole quoted paths first: with a known folder taken out of its middle, the rest would look like no path any more.
  let shown = text.replace(QUOTED_PATH, (_, path: string) => `"${lastPart(path.replaceAll('\\\\', '\\'))}"`);
  // Again, until none is left: what stands around a path may close up to another. Each time it gets shorter.
  for (let found = nextOf(shown, known); found !== undefined; found = nextOf(shown, known)) {
    shown = shown.replaceAll(found, lastPart(found).replaceAll('$', '$$$$'));
  }
  return shown;
}

function nextOf(text: string, known: readonly string[]): string | undefined {
  return known.find((path) => text.includes(path) && lastPart(path).length < path.length);
}

function lastPart(path: string): string {
  return path.includes('\\') && !path.includes('/') ? win32.basename(path) : posix.basename(path);
}
