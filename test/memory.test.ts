import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { TestStation } from './command-line.ts';
import { keptKeys } from './kept-keys.ts';
import { inMemoryOf } from './process-memory.ts';

describe.skipIf(process.platform !== 'linux')('the memory of a process that has sealed', () => {
  const station = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() }, { keyPool: keptKeys() });
  // Made here, so that no program's text or command line holds them.
  const canary = (what: string) => `${what} ${randomBytes(24).toString('hex')}`;
  const left = canary('left on purpose');
  const secrets = { small: canary('small'), boxed: canary('boxed'), large: canary('large'), both: canary('both') };
  let child: ChildProcessByStdio<Writable, Readable, null>;

  beforeAll(async () => {
    const at = await standIn.listen();
    await station.prepare({ ...at, account: at.accountId });
    await station.must('assign --environment rehearsal --user wallet --key-environment COLD --out @key.json');
    station.write('left', left);
    station.write('words', 'abacus abdomen abdominal abide abiding ability\n');
    const calls = Object.entries(secrets).map(([name, secret]) => {
      const isLarge = name === 'large' || name === 'both';
      const isBoxed = name === 'boxed' || name === 'both';
      const file = station.write(name, isLarge ? `${secret} `.repeat(5000) : secret);
      const call = { key: station.path('key.json'), in: file, out: station.path(`${name}.sealed.json`), mode: 'auto', send_name: false };
      return isBoxed ? { ...call, passphrase_file: station.path('words') } : call;
    });
    station.write('calls.json', JSON.stringify(calls));
    const script = join(import.meta.dirname, 'seal-and-stay.ts');
    const args = [script, station.home, station.path('passphrase'), station.path('left'), station.path('calls.json')];
    child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => {
        resolve();
      });
      child.once('exit', (code) => {
        reject(new Error(`it ended with ${String(code)}`));
      });
    });
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    await standIn.close();
    station.remove();
  });

  it('holds what was left on purpose, and no secret', () => {
    expect(inMemoryOf(child.pid ?? 0, [left, ...Object.values(secrets)])).toEqual([left]);
  });
});
