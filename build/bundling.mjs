// What the bundles of the shells have in common, and how they are written.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * When the sources were last changed, for a program that doubts its machine's clock: as reproducible builds say it, else as git does; null
 * where neither is there. The time of the build itself would make every build another one.
 */
function sourcesOf() {
  const epoch = process.env.SOURCE_DATE_EPOCH ?? gitEpoch();
  return /^\d{1,12}$/.test(epoch) ? new Date(Number(epoch) * 1000).toISOString() : null;
}

function gitEpoch() {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return ''; // no git, or no repository: an archive of the sources
  }
}

/** esbuild's options for a bundle that Node runs. */
export const esmForNode = {
  absWorkingDir: root,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  mainFields: ['module', 'main'],
  format: 'esm',
  platform: 'node',
  target: 'node24',
  chunkNames: 'chunk-[hash]',
  external: ['better-sqlite3', 'keytar'],
  // Bundled CommonJS packages ask for Node's own modules through require.
  banner: { js: "import { createRequire as coldroomRequire } from 'node:module'; const require = coldroomRequire(import.meta.url);" },
  legalComments: 'none',
  minifyWhitespace: true,
  write: false,
  define: { COLDROOM_SOURCES_OF: JSON.stringify(sourcesOf()) },
};

/**
 * Bundles, and writes into one folder. Entries take their names last and in one step, so that a process starting meanwhile
 * finds the old bundle or the new one, never half of one. Files of an older bundle go; folders stay.
 */
export async function writeBundles(out, bundles) {
  const built = await Promise.all(bundles.map((options) => build(options)));
  const outputFiles = built.flatMap((one) => one.outputFiles);
  mkdirSync(out, { recursive: true });
  const isEntry = (path) => !basename(path).startsWith('chunk-');
  for (const file of outputFiles.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)))) {
    writeFileSync(`${file.path}.new`, file.contents);
    renameSync(`${file.path}.new`, file.path);
  }
  const current = new Set(outputFiles.map((file) => basename(file.path)));
  for (const entry of readdirSync(out, { withFileTypes: true }))
    if (entry.isFile() && !current.has(entry.name) && !entry.name.endsWith('.new')) rmSync(join(out, entry.name));
}

/** The faces of the printed forms, which main/report/fonts.ts reads from beside its bundle. */
const FONTS = [
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  '@expo-google-fonts/ibm-plex-mono/400Regular/IBMPlexMono_400Regular.ttf',
];

/** Copies the fonts into `fonts` of a bundle's folder, each in one step. */
export function copyFonts(out) {
  const folder = join(out, 'fonts');
  mkdirSync(folder, { recursive: true });
  for (const font of FONTS) {
    const target = join(folder, basename(font));
    copyFileSync(join(root, 'node_modules', font), `${target}.new`);
    renameSync(`${target}.new`, target);
  }
}
