// Runs operations as a shell does, prints what a shell would be given of each, and stays, so that its memory and that of its keychain
// child can be searched. It keeps the bytes of one more file on purpose: a search that does not find those finds nothing.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeSpawner } from '../main/keychain/index.ts';
import { runOperation, type OperationContext, type OperationName } from '../main/operations/index.ts';
import { isColdroomError } from '../main/values/index.ts';

const [home = '', passphrase = '', left = '', calls = ''] = process.argv.slice(2);
const spawnKeychainChild = createNodeSpawner(join(import.meta.dirname, '../app/cli/keychain-child.ts'));
// As with the OS keychain, which answers from a process of its own; it is there while secrets are looked at.
const child = spawnKeychainChild();
const said: unknown[] = [];
const context: OperationContext = {
  home,
  clock: { now: () => Date.now() },
  keychainPassphraseFile: passphrase,
  spawnKeychainChild,
  onProgress: (progress) => said.push(progress),
  onNote: (note) => said.push(note),
};
const kept = readFileSync(left);
// The keychain's child is told of the same file, as the name of an entry that nothing has: its memory is searched for it, too.
child.send({ id: 1, do: 'get', account: kept.toString('utf8') });
for (const [name, input] of JSON.parse(readFileSync(calls, 'utf8')) as [OperationName, object][]) {
  try {
    const { output, problems } = await runOperation(name, context, input);
    said.push({ name, output, problems: problems.map(({ code, message, hint }) => ({ code, message, hint })) });
  } catch (error) {
    if (!isColdroomError(error)) throw error;
    said.push({ name, output: null, problems: [{ code: error.code, message: error.message, hint: error.hint }] });
  }
}
process.stdout.write(`${JSON.stringify(said)}\n`);
await once(process.stdin, 'data');
child.kill();
process.stdout.write(`${kept.length.toString()}\n`);
