import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { TestStation } from './command-line.ts';

const shim = join(import.meta.dirname, '../app/cli/coldroom');
/** A namespace of the cold station's own: nothing in it but a loopback that is down. Needs the right to make one, and strace. */
const possible = spawnSync('unshare', ['-n', 'strace', '-V']).status === 0;
if (!possible) process.stdout.write('skipped: this machine allows no network namespace, or has no strace\n');

describe.skipIf(!possible)('a cold station on the command line, without a network', () => {
  const online = new TestStation();
  const cold = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() });
  const traces = mkdtempSync(join(tmpdir(), 'coldroom-trace-'));

  /** Runs the shim in the namespace, with every socket and connection that it or a child of it makes written down. */
  function run(command: string, wanted = 0): Record<string, unknown> {
    const words = command.split(' ').map((word) => (word.startsWith('@') ? cold.path(word.slice(1)) : word));
    const trace = join(traces, `${readdirSync(traces).length.toString()}.txt`);
    const args = [
      '-n',
      'strace',
      '-f',
      '-qq',
      '-e',
      'trace=socket,socketpair,connect,bind',
      '-o',
      trace,
      shim,
      '--home',
      cold.home,
      '--json',
    ];
    const done = spawnSync('unshare', [...args, '--keychain-passphrase-file', cold.path('passphrase'), ...words], { encoding: 'utf8' });
    expect([command, done.status, done.stderr.includes('"error"')]).toEqual([command, wanted, wanted !== 0]);
    return JSON.parse(done.stdout === '' ? '{}' : done.stdout) as Record<string, unknown>;
  }

  beforeAll(async () => {
    const at = await standIn.listen();
    await online.prepare({ ...at, account: at.accountId });
    cold.write('jwks.json', await (await fetch(at.jwks)).text());
    cold.write('account', at.accountId);
    cold.write('phrase.txt', 'a secret that no network ever saw');
    await online.must('pair --out @office.station.json');
    copyFileSync(online.path('office.station.json'), cold.path('office.station.json'));
  });

  afterAll(async () => {
    await standIn.close();
    for (const station of [online, cold]) station.remove();
    rmSync(traces, { recursive: true, force: true });
  });

  it('goes from its first start to the receipts, and makes no socket of an internet family', async () => {
    const confirm = (output: Record<string, unknown>) => (output['confirm'] as { fingerprint: string }[])[0]?.fingerprint ?? '';
    run('init --role cold --keychain file --name vault');
    expect(run('network')).toMatchObject({ gate: 'clear', live: false, reasons: [] });
    const signer = confirm(run('trust add --environment rehearsal --jwks @jwks.json', 3));
    run(`trust add --environment rehearsal --jwks @jwks.json --fingerprint ${signer}`);
    run(`trust add --environment rehearsal --account-id ${readFileSync(cold.path('account'), 'utf8')}`);
    const office = confirm(run('pair --in @office.station.json', 3));
    run(`pair --in @office.station.json --fingerprint ${office}`);
    run('pair --out @vault.station.json');
    copyFileSync(cold.path('vault.station.json'), online.path('vault.station.json'));
    const vault = confirm((await online.run('pair --in @vault.station.json')).out);
    await online.must(`pair --in @vault.station.json --fingerprint ${vault}`);
    await online.must('assign --environment rehearsal --user wallet --key-environment COLD --out @one.keypack.json');
    copyFileSync(online.path('one.keypack.json'), cold.path('one.keypack.json'));
    run('check @one.keypack.json');
    run('network policy stop');
    run('seal --key @one.keypack.json --in @phrase.txt --out @one.sealed.json');
    copyFileSync(cold.path('one.sealed.json'), online.path('one.sealed.json'));
    await online.must('store @one.sealed.json --out @receipts');
    const receipts = cold.makeFolder('receipts');
    for (const name of readdirSync(online.path('receipts'))) copyFileSync(online.path('receipts', name), join(receipts, name));
    run('import @receipts');
    expect(run('ledger list')).toMatchObject({ backups: [{ state: 'stored', last_check: 'valid' }] });
    expect(run('ledger check')).toMatchObject({ ok: true });

    const calls = readdirSync(traces).flatMap((name) => readFileSync(join(traces, name), 'utf8').split('\n'));
    expect(readdirSync(traces).length).toBeGreaterThan(12);
    expect(calls.filter((line) => /AF_INET|AF_INET6|AF_PACKET/.test(line))).toEqual([]);
  });

  it('is traced by what would show a connection: the control', () => {
    const trace = join(traces, 'control.txt');
    spawnSync('strace', [
      '-f',
      '-qq',
      '-e',
      'trace=socket,connect',
      '-o',
      trace,
      process.execPath,
      '-e',
      "require('net').connect(9,'127.0.0.1').on('error',()=>{})",
    ]);
    expect(readFileSync(trace, 'utf8')).toMatch(/AF_INET/);
    rmSync(trace);
  });

  it('seals nothing where there is a network and its policy stops', async () => {
    // Outside the namespace this machine has a network, or it could not run the other station's side in a test.
    const seen = (await cold.must('network')).out;
    if (seen['live'] !== true) return;
    const stopped = await cold.run('seal --key @one.keypack.json --in @phrase.txt --out @two.sealed.json');
    expect([stopped.code, stopped.error?.code]).toEqual([3, 'network-live']);
    await cold.must('network policy warn');
    const warned = await cold.must('seal --key @one.keypack.json --in @phrase.txt --out @two.sealed.json');
    expect(JSON.stringify(warned.out)).toContain('two.sealed.json');
  });
});
