import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { TestStation } from './command-line.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Which of these texts stand anywhere in the memory of a process that may be written to, as UTF-8 or UTF-16. */
function inMemoryOf(pid: number, texts: readonly string[]): string[] {
  const wanted = texts.map((text) => ({ text, forms: [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')] }));
  const longest = Math.max(...wanted.flatMap(({ forms }) => forms.map((form) => form.length)));
  const found = new Set<string>();
  const memory = openSync(`/proc/${pid.toString()}/mem`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid.toString()}/maps`, 'utf8').split('\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (from === undefined || to === undefined) continue;
      const end = Number.parseInt(to, 16);
      for (let at = Number.parseInt(from, 16); at < end; at += CHUNK_BYTES) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES + longest, end - at));
        const held = chunk.subarray(0, readSome(memory, chunk, at));
        for (const { text, forms } of wanted) if (forms.some((form) => held.includes(form))) found.add(text);
      }
    }
  } finally {
    closeSync(memory);
  }
  return texts.filter((text) => found.has(text));
}

/** Pages that were reserved and never touched cannot be read. */
function readSome(memory: number, into: Buffer, at: number): number {
  try {
    return readSync(memory, into, 0, into.length, at);
  } catch {
    return 0;
  }
}

describe.skipIf(process.platform !== 'linux')('the memory of a process that has sealed', () => {
  const station = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() });
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
