import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OperationContext } from '../main/operations/index.ts';
import { VERSION } from './cli/version.ts';

/** Put in its place by the bundler (build/bundling.mjs): when the sources were last changed. */
declare const COLDROOM_SOURCES_OF: string | null;

/** Which program this is, for reports: its version, and of a bundle the digest of all its files. */
export function software(): ReturnType<NonNullable<OperationContext['software']>> {
  const here = fileURLToPath(import.meta.url);
  if (!here.endsWith('.mjs')) return { version: VERSION, sha256: null, built_at: null };
  return {
    version: VERSION,
    sha256: digestOf(dirname(here)),
    built_at: typeof COLDROOM_SOURCES_OF === 'string' ? COLDROOM_SOURCES_OF : null,
  };
}

/** SHA-256 over name and SHA-256 of every file of a bundle's folder, one line each, in the order of their names: as `sha256sum` prints them. */
function digestOf(folder: string): string {
  const lines = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .map(
      (path) =>
        `${createHash('sha256').update(readFileSync(path)).digest('hex')}  ${path.slice(folder.length + 1).replaceAll('\\', '/')}\n`,
    )
    .toSorted((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  return createHash('sha256').update(lines.join('')).digest('hex');
}
