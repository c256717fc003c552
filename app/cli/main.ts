// The command line in plain Node.
import { fileURLToPath } from 'node:url';
import { createNodeSpawner } from '../../main/keychain/index.ts';
import { keepHeapOutOfCoreDumps } from '../../main/machine/index.ts';
import { runCommandLine } from './command-line.ts';

// Whatever is made in here is the owner's alone, even where a mode was not written out.
process.umask(0o077);
keepHeapOutOfCoreDumps();

const keychainChild = fileURLToPath(new URL('keychain-child.mjs', import.meta.url));
process.exitCode = await runCommandLine(process.argv.slice(2), createNodeSpawner(keychainChild));
