// Seals as the command line does, in a process that stays afterwards, so that its memory can be searched. It keeps the bytes of one more
// file on purpose: a search that does not find those finds nothing.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { runOperation, type OperationContext } from '../main/operations/index.ts';

const [home = '', passphrase = '', left = '', calls = ''] = process.argv.slice(2);
const context: OperationContext = {
  home,
  clock: { now: () => Date.now() },
  keychainPassphraseFile: passphrase,
  spawnKeychainChild: () => {
    throw new Error('a file keychain starts no child');
  },
  onProgress: () => undefined,
  onNote: () => undefined,
};
const kept = readFileSync(left);
for (const input of JSON.parse(readFileSync(calls, 'utf8')) as object[]) {
  const { problems } = await runOperation('seal', context, input);
  if (problems.length > 0) throw new Error(problems.map((one) => one.code).join());
}
process.stdout.write('sealed\n');
await once(process.stdin, 'data');
process.stdout.write(`${kept.length.toString()}\n`);
