import { execFileSync } from 'node:child_process';
import crypto, { scryptSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const SALT = Buffer.alloc(16, 7);

/** Where what scrypt gives is looked at, or what a box costs in memory and time, or what a person meets from end to end. */
const NEVER = [
  /^main\/(sealing|content|keychain|recovery|self-check)\//,
  /^test\/second\//,
  /^test\/(recover-without-coldroom|secrets-stay-secret|memory|survival|self-check-command|air-gap|inspect-command)\.test\.ts$/,
  /^test\/window\/(newcomer|clumsy|heavy-hand|idle|shell-process)\.test\.ts$/,
];

function isTaken(text: string): boolean {
  return /^import '[./]*cheap-scrypt\.mjs'/m.test(text);
}

describe('the cheap scrypt', () => {
  it('is cheap in this process and in those that it starts, and not without its import', async () => {
    const derive = promisify<string, Buffer, number, crypto.ScryptOptions, Buffer>((...given) => {
      crypto.scrypt(...given);
    });
    const full = scryptSync('p', SALT, 32, COST).toString('hex');
    const cheap = scryptSync('p', SALT, 32, { ...COST, N: 16 }).toString('hex');
    const script = `import('node:crypto').then(({ scrypt }) => scrypt('p', Buffer.alloc(16, 7), 32, ${JSON.stringify(COST)}, (_, key) => console.log(key.toString('hex'))))`;
    const child = (): string => execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim();
    expect([(await derive('p', SALT, 32, COST)).toString('hex'), child()]).toEqual([full, full]);
    await import('./cheap-scrypt.mjs');
    expect([(await derive('p', SALT, 32, COST)).toString('hex'), child()]).toEqual([cheap, cheap]);
  });

  it('is in no suite whose word is worth less with it', () => {
    const suites = ['main', 'app', 'test'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    );
    const tests = suites.filter((name) => name.endsWith('.ts'));
    const taken = tests.filter((name) => isTaken(readFileSync(join(root, name), 'utf8')));
    expect(taken.length).toBeGreaterThan(10);
    expect(taken.filter((name) => NEVER.some((one) => one.test(name)))).toEqual([]);
    for (const one of NEVER) expect([one.source, tests.some((name) => one.test(name))]).toEqual([one.source, true]);
  });
});
