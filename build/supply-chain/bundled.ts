import { build as bundle } from 'esbuild';
import { join } from 'node:path';
import { build as buildPage } from 'vite';
import { esmForNode, root } from '../bundling.mjs';

/** Loaded from files of their own beside the bundles, since they are libraries of the machine's; and what fonts are copied from. */
const BESIDE_THE_BUNDLES = ['better-sqlite3', 'keytar', '@expo-google-fonts/inter', '@expo-google-fonts/ibm-plex-mono'];

/** The folder of the package that a bundled file is from, `node_modules/a/node_modules/b`; null for a file of ours. */
export function placeOfModule(path: string): string | null {
  const plain = path.replaceAll('\\', '/').replace(/[?#].*$/, '');
  const start = plain.indexOf('node_modules/');
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(start === -1 ? '' : plain.slice(start));
  return match?.[1] ?? null;
}

/** The packages of which anything is in what ships: in main's bundles, in the page, or beside them. @returns places, sorted. */
export async function shippedPlaces(): Promise<string[]> {
  const { metafile } = await bundle({
    ...esmForNode,
    entryPoints: {
      main: 'app/electron/main.ts',
      cli: 'app/cli/main.ts',
      keychain: 'app/electron/keychain-child.ts',
      replay: 'main/ledger/replay-worker.ts',
    },
    external: [...esmForNode.external, 'electron'],
    splitting: true,
    outdir: join(root, 'dist', 'looked-at'),
    metafile: true,
  });
  const page = await buildPage({ configFile: join(root, 'build', 'vite.renderer.mjs'), logLevel: 'silent', build: { write: false } });
  const chunks = (Array.isArray(page) ? page : [page]).flatMap((one) => ('output' in one ? one.output : []));
  const modules = [
    ...Object.keys(metafile.inputs),
    ...chunks.flatMap((one) => (one.type === 'chunk' ? Object.keys(one.modules) : one.originalFileNames)),
  ];
  const beside = BESIDE_THE_BUNDLES.map((name) => `node_modules/${name}`);
  return [...new Set([...modules.map(placeOfModule).filter((place) => place !== null), ...beside])].toSorted();
}
