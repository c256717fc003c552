import './cheap-scrypt.mjs';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { TestStation } from './command-line.ts';
import { keptKeys } from './kept-keys.ts';

const shim = join(import.meta.dirname, '../app/cli/coldroom');
/** How this machine lets a test make a namespace with nothing in it but a loopback that is down: as root, or in a user namespace of its own. */
const NAMESPACE = [['-n'], ['-rn']].find((flags) => spawnSync('unshare', [...flags, 'strace', '-V']).status === 0);
/** What puts an interface that is up into such a namespace. It leads nowhere, and it is as real as any other to whoever looks. */
const LINK = [
  'ip link add cold0 type dummy && ip link set cold0 up',
  'ip link add cold0 type veth peer name cold1 && ip link set cold0 up && ip link set cold1 up',
].find((link) => NAMESPACE !== undefined && spawnSync('unshare', [...NAMESPACE, 'sh', '-c', link]).status === 0);

/** The reason stands in the name, so that what was not tested is read where it would have been. */
const unless = (why: string | null, name: string) => (why === null ? name : `${name} [skipped: ${why}]`);
const noNamespace = NAMESPACE === undefined ? 'no network namespace can be made here, or there is no strace' : null;
const noLink = noNamespace ?? (LINK === undefined ? 'no interface can be made in a network namespace here' : null);

describe.skipIf(noNamespace !== null)(unless(noNamespace, 'a cold station on the command line, without a network'), () => {
  const online = new TestStation();
  const cold = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() }, { keyPool: keptKeys() });
  const traces = mkdtempSync(join(tmpdir(), 'coldroom-trace-'));

  /**
   * Runs the shim in a namespace of its own, with every socket and connection that it or a child of it makes written down.
   * @param link a shell command that makes a network there first.
   */
  function runIn(link: string, command: string): { code: number | null; out: Record<string, unknown>; error: string | null } {
    const words = command.split(' ').map((word) => (word.startsWith('@') ? cold.path(word.slice(1)) : word));
    const trace = join(traces, `${readdirSync(traces).length.toString()}.txt`);
    const strace = ['strace', '-f', '-qq', '-e', 'trace=socket,socketpair,connect,bind', '-o', trace];
    const coldroom = [shim, '--home', cold.home, '--json', '--keychain-passphrase-file', cold.path('passphrase'), ...words];
    const shell = ['sh', '-c', `${link} && exec "$@"`, 'sh'];
    const done = spawnSync('unshare', [...(NAMESPACE ?? []), ...shell, ...strace, ...coldroom], { encoding: 'utf8' });
    const said = /"error":\{"code":"([a-z-]+)"/.exec(done.stderr);
    return {
      code: done.status,
      out: JSON.parse(done.stdout === '' ? '{}' : done.stdout) as Record<string, unknown>,
      error: said?.[1] ?? null,
    };
  }

  /** Where there is no network at all. */
  function run(command: string, wanted = 0): Record<string, unknown> {
    const { code, out, error } = runIn('true', command);
    expect([command, code, error !== null]).toEqual([command, wanted, wanted !== 0]);
    return out;
  }

  /** The calls for a socket of an internet family, or of one that sees every packet, in all that ran so far. */
  function internetCalls(): string[] {
    const calls = readdirSync(traces).flatMap((name) => readFileSync(join(traces, name), 'utf8').split('\n'));
    return calls.filter((line) => /AF_INET|AF_INET6|AF_PACKET/.test(line));
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
    // A machine's radios are seen from every namespace; alone they stop nothing.
    const seen = run('network') as { live: boolean; reasons: string[] };
    expect([seen.live, seen.reasons.filter((one) => !/^(wifi|bluetooth)-/.test(one))]).toEqual([false, []]);
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

    expect(readdirSync(traces).length).toBeGreaterThan(12);
    expect(internetCalls()).toEqual([]);
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

  it.skipIf(noLink !== null)(
    unless(noLink, 'where an interface is up, seals nothing under the policy stop, and seals under warn; where none is, under both'),
    () => {
      const seal = (name: string) => `seal --key @one.keypack.json --in @phrase.txt --out @${name}`;
      const live = { gate: 'stop', live: true, reasons: expect.arrayContaining(['interface-up:cold0']) as unknown };
      expect(runIn(LINK ?? '', 'network')).toMatchObject({ code: 0, out: live });
      expect(runIn(LINK ?? '', seal('stopped.sealed.json'))).toEqual({ code: 3, out: {}, error: 'network-live' });
      expect(existsSync(cold.path('stopped.sealed.json'))).toBe(false);
      run(seal('off.sealed.json'));
      expect(existsSync(cold.path('off.sealed.json'))).toBe(true);
      run('network policy warn');
      expect(runIn(LINK ?? '', 'network')).toMatchObject({ code: 0, out: { ...live, gate: 'warn' } });
      const warned = runIn(LINK ?? '', seal('warned.sealed.json'));
      expect([warned.code, warned.error]).toEqual([0, null]);
      expect(JSON.stringify(warned.out['notes'])).toContain('cold0');
      expect(existsSync(cold.path('warned.sealed.json'))).toBe(true);
      expect(internetCalls()).toEqual([]);
    },
  );
});
