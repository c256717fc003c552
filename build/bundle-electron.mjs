// Bundles Electron's side into dist/app: main.mjs with its chunks (the command line is one of them), preload.cjs, which a
// sandboxed page's process can load as CommonJS alone, keychain-child.mjs and ledger-replay.mjs. The page itself is Vite's, in
// dist/app/renderer.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyFonts, esmForNode, root, writeBundles } from './bundling.mjs';

const out = join(root, 'dist', 'app');

export async function bundleElectron() {
  copyFonts(out);
  const node = { ...esmForNode, outdir: out, external: [...esmForNode.external, 'electron'] };
  await writeBundles(out, [
    { ...node, entryPoints: { main: 'app/electron/main.ts' }, splitting: true },
    // Apart, so that the child and the ledger's second thread load what they run and nothing else.
    { ...node, entryPoints: { 'keychain-child': 'app/electron/keychain-child.ts' } },
    { ...node, entryPoints: { 'ledger-replay': 'main/ledger/replay-worker.ts' } },
    {
      ...node,
      entryPoints: { preload: 'app/electron/preload.ts' },
      format: 'cjs',
      platform: 'browser',
      external: ['electron'],
      outExtension: { '.js': '.cjs' },
      banner: {},
    },
  ]);
  await writeLicences(out);
}

/** The notices of others, which go along with what is theirs: of what people listed as shipping (build/supply-chain/shipped.txt). */
async function writeLicences(folder) {
  const [{ readShippedList }, { licenceText }, { readLockfile }] = await Promise.all([
    import('./supply-chain/shipped.ts'),
    import('./supply-chain/licences.ts'),
    import('./supply-chain/lockfile.ts'),
  ]);
  const shipped = readShippedList();
  const packages = readLockfile(join(root, 'package-lock.json')).filter((one) => one.isProduct && shipped.includes(one.name));
  writeFileSync(join(folder, 'licences.txt'), licenceText(root, packages));
}

if (process.argv[1] === import.meta.filename) await bundleElectron();
