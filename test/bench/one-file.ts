// One file sealed or opened in a process of its own, so that its time and its memory are the file's alone. Without `durable`, nothing is
// flushed or read back, as the programs that it is timed against do not either. Prints the highest memory in kB.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileChunks, writeNewFileOf, writePieces } from '../../main/files/index.ts';
import { openEnvelope, parseAssignedKey, sealEnvelope } from '../../main/sealing/index.ts';

const [what = '', how = '', pem = '', from = '', to = ''] = process.argv.slice(2);
const privateKey = createPrivateKey(readFileSync(pem));
const hex = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex');
const source = fileChunks(from, 'the file');
const pieces =
  what === 'seal' ? sealEnvelope(source, statSync(from).size, parseAssignedKey(hex)) : openEnvelope(source, privateKey, 'strict');
if (how === 'durable') {
  await writeNewFileOf(to, pieces);
} else {
  const handle = await open(to, 'wx');
  await writePieces(handle, pieces);
  await handle.close();
}
process.stdout.write(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '');
