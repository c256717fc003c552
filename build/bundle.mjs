// Bundles the command line into dist/cli and the evaluation shell into dist/chromium with esbuild: a start costs a third of
// running the sources.
import { join } from 'node:path';
import { copyFonts, esmForNode, root, writeBundles } from './bundling.mjs';

await Promise.all([bundle('cli', { coldroom: 'app/cli/main.ts' }), bundle('chromium', { window: 'app/chromium/main.ts' })]);

/**
 * One folder of dist: the entries with what they share, and apart the keychain's child and the ledger's second thread, so that each
 * loads what it runs alone.
 */
async function bundle(name, entryPoints) {
  const common = { ...esmForNode, outdir: join(root, 'dist', name) };
  copyFonts(common.outdir);
  await writeBundles(common.outdir, [
    { ...common, entryPoints, splitting: true },
    { ...common, entryPoints: { 'keychain-child': 'app/cli/keychain-child.ts' } },
    { ...common, entryPoints: { 'ledger-replay': 'main/ledger/replay-worker.ts' } },
  ]);
}
