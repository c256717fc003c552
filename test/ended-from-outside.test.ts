import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestStation } from './command-line.ts';

const shim = join(import.meta.dirname, '../app/cli/coldroom');

describe.skipIf(process.platform === 'win32')('the command line, ended from outside', () => {
  const station = new TestStation();
  /** Takes a connection and says nothing. */
  const silent = createServer(() => undefined);
  beforeAll(async () => {
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
    const { port } = silent.address() as { port: number };
    await station.must('init --role single --keychain file --name vault');
    const api = `http://127.0.0.1:${port.toString()}`;
    await station.must(`environment set rehearsal --api ${api} --jwks ${api}/jwks.json`);
  });
  afterAll(() => {
    silent.close();
    station.remove();
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
    ['SIGTERM', 143],
  ] as const)('by %s, says so, with what to look at', async (signal, code) => {
    const args = ['--json', '--home', station.home, 'trust', 'add', '--environment', 'rehearsal', '--fetch'];
    const asked = once(silent, 'connection');
    const child = spawn(shim, [...args, '--keychain-passphrase-file', station.path('passphrase')], { stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.on('data', (piece: Buffer) => (told += piece.toString('utf8')));
    await asked;
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([code, null]);
    expect(JSON.parse(told)).toMatchObject({ error: { code: 'stopped', message: `stopped by ${signal} before the end` } });
  });
});

describe.skipIf(process.platform === 'win32')('a command that goes on for long, ended from outside', () => {
  const station = new TestStation();
  afterAll(() => {
    station.remove();
  });

  it.each([
    ['rehearse', 'SIGHUP', 129],
    ['rehearse --keep', 'SIGINT', 130],
    ['rehearse --keep', 'SIGQUIT', 131],
    ['rehearse', 'SIGTERM', 143],
  ] as const)('%s, by %s again and again, leaves nothing of its station behind', async (command, signal, code) => {
    const folder = mkdtempSync(join(station.folder, 'temporary-'));
    const child = spawn(shim, ['--json', ...command.split(' ')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: folder },
    });
    let told = '';
    child.stderr.on('data', (piece: Buffer) => (told += piece.toString('utf8')));
    const closed = once(child, 'close');
    // Its ledger is the last of a station's files to be made; what follows takes seconds.
    await vi.waitUntil(() => readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('ledger.sqlite')), 60_000);
    const again = setInterval(() => child.kill(signal), 1);
    expect(await closed).toEqual([code, null]);
    clearInterval(again);
    expect(readdirSync(folder)).toEqual([]);
    expect(JSON.parse(told)).toMatchObject({ error: { code: 'stopped', message: `stopped by ${signal} before the end` } });
  });

  it.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const)('rehearsal serve takes %s for the end that it waits for', async (signal) => {
    const child = spawn(shim, ['--json', '--home', station.home, 'rehearsal', 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

describe.runIf(existsSync('/dev/full'))('the command line, where the disk that it prints to is full', () => {
  const full = (command: string, standard: 'stdout' | 'stderr') => {
    const disk = openSync('/dev/full', 'w');
    const { status, stdout, stderr } = spawnSync(shim, command.split(' '), {
      encoding: 'utf8',
      stdio: ['ignore', standard === 'stdout' ? disk : 'pipe', standard === 'stderr' ? disk : 'pipe'],
    });
    closeSync(disk);
    return { status, said: standard === 'stdout' ? stderr : stdout };
  };

  it('says that its result did not arrive', () => {
    const { status, said } = full('--json help', 'stdout');
    expect([status, JSON.parse(said)]).toEqual([2, { error: expect.objectContaining({ code: 'output-unwritable' }) as object }]);
  });

  it('ends as it would have, where its errors did not arrive', () => {
    expect(full('no-such-command', 'stderr')).toEqual({ status: 2, said: '' });
  });
});
