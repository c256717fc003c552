// Bundles the command line into dist/cli with esbuild: a start costs a third of running the sources. Entries take their
// names last and in one step, so that a process starting meanwhile finds the old bundle or the new one, never half of one.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist', 'cli');

const common = {
  absWorkingDir: root,
  outdir: out,
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
};
const built = await Promise.all([
  build({ ...common, entryPoints: { coldroom: 'app/cli/main.ts' }, splitting: true }),
  // Apart, so that the child loads what it runs and nothing else.
  build({ ...common, entryPoints: { 'keychain-child': 'app/cli/keychain-child.ts' } }),
]);
const outputFiles = built.flatMap((one) => one.outputFiles);

mkdirSync(out, { recursive: true });
const isEntry = (path) => !basename(path).startsWith('chunk-');
for (const file of outputFiles.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)))) {
  writeFileSync(`${file.path}.new`, file.contents);
  renameSync(`${file.path}.new`, file.path);
}
const current = new Set(outputFiles.map((file) => basename(file.path)));
for (const name of readdirSync(out)) if (!current.has(name) && !name.endsWith('.new')) rmSync(join(out, name));
