// What nobody can do without: the same cipher, digest, flush and reading back as for an envelope, in a loop with nothing around it.
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

const [from = '', to = ''] = process.argv.slice(2);
const buffer = Buffer.alloc(256 * 1024);
const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
const written = createHash('sha256');
const [source, target] = [openSync(from, 'r'), openSync(to, 'wx')];
for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
  const sealed = cipher.update(buffer.subarray(0, read));
  written.update(sealed);
  writeSync(target, sealed);
}
cipher.final();
written.update(cipher.getAuthTag());
writeSync(target, cipher.getAuthTag());
fsyncSync(target);
closeSync(target);
const again = createHash('sha256');
const back = openSync(to, 'r');
for (let read = readSync(back, buffer); read > 0; read = readSync(back, buffer)) again.update(buffer.subarray(0, read));
if (!again.digest().equals(written.digest())) throw new Error('it reads back differently');
