import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { coldroom, TestStation, type Run } from './command-line.ts';
import { keptKeys } from './kept-keys.ts';

const itemOf = (run: Run) => (run.out['items'] as Record<string, unknown>[])[0] ?? {};
const backupsOf = (run: Run) => run.out['backups'] as { item_id: string; backup_id: string | null; state: string }[];

describe('what survives', () => {
  const station = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() }, { keyPool: keptKeys() });
  /** Stands before the stand-in and can hold a request back, so that a process can be killed at that very moment. */
  let hold: ((released: () => void) => void) | null = null;
  const proxy = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const forward = async () => {
        const answer = await fetch(`http://127.0.0.1:${behind.toString()}${request.url ?? ''}`, {
          method: request.method ?? 'GET',
          headers: Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)) as [
            string,
            string,
          ][],
          ...(request.method === 'POST' ? { body: Buffer.concat(pieces) } : {}),
        });
        const body = Buffer.from(await answer.arrayBuffer());
        const finish = () => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
        if (hold !== null && request.method === 'POST') hold(finish);
        else finish();
      };
      forward().catch(() => response.destroy());
    });
  });
  let behind = 0;
  let apiAddress = '';
  let token = '';

  beforeAll(async () => {
    const at = await standIn.listen();
    behind = at.port;
    token = at.token;
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    const api = `http://127.0.0.1:${(proxy.address() as AddressInfo).port.toString()}`;
    apiAddress = api;
    await station.prepare({ ...at, api, jwks: `${api}/.well-known/jwks.json`, account: at.accountId });
    await station.must('assign --environment rehearsal --user wallet --key-environment COLD --out @key.json');
  });
  afterAll(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await standIn.close();
    station.remove();
  });

  const confirmSigner = async (): Promise<void> => {
    const shown = await station.run('trust add --environment rehearsal --fetch');
    const [next] = shown.out['confirm'] as { fingerprint: string }[];
    await station.must(`trust add --environment rehearsal --fetch --fingerprint ${next?.fingerprint ?? ''}`);
  };

  /** Starts a command and kills it once the service has carried its POST out, before the answer is there. */
  const killDuring = async (command: string): Promise<void> => {
    const args = ['--home', station.home, '--json', '--keychain-passphrase-file', station.path('passphrase')];
    const words = command.split(' ').map((word) => (word.startsWith('@') ? station.path(word.slice(1)) : word));
    const child = spawn(join(import.meta.dirname, '../app/cli/coldroom'), [...args, ...words], { stdio: 'ignore' });
    await new Promise<void>((held) => {
      hold = () => {
        hold = null;
        held();
      };
    });
    child.kill('SIGKILL');
    await new Promise((ended) => child.once('close', ended));
  };

  it('a store killed before its answer is unknown, not lost, and sent again only on a person’s word', async () => {
    station.write('a.secret', 'killed during store');
    await station.must('seal --key @key.json --in @a.secret --out @a.sealed.json');
    await killDuring('store @a.sealed.json --out @receipts');
    const held = standIn.held().length;
    expect(held).toBe(1);
    expect(backupsOf(await station.must('ledger list'))).toMatchObject([{ state: 'unknown', backup_id: null }]);
    const again = await station.run('store @a.sealed.json --out @receipts');
    expect([again.code, itemOf(again)['state'], standIn.held().length]).toEqual([5, 'unknown', held]);
    const word = standIn.held()[0]?.backupId ?? '';
    expect(itemOf(await station.must(`store @a.sealed.json --out @receipts --resolve-unknown backup-id=${word}`))).toMatchObject({
      state: 'stored',
      backup_id: word,
    });
    expect((await station.must('ledger check')).out).toMatchObject({ ok: true });
  });

  it('an assignment killed before its answer is unknown, and says so', async () => {
    await killDuring('assign --environment rehearsal --user killed --key-environment COLD --out @killed.json');
    expect(existsSync(station.path('killed.json'))).toBe(false);
    const { assignments } = (await station.must('ledger list')).out as { assignments: { assignment_id: string; state: string }[] };
    expect(assignments).toMatchObject([{ state: 'unknown' }]);
    const recheck = await station.run(`assign --recheck ${assignments[0]?.assignment_id ?? ''} --out @killed.json`);
    expect([recheck.code, recheck.error?.code, recheck.out['state']]).toEqual([5, 'assignment-unknown-outcome', 'unknown']);
  });

  it('two processes storing one item send it once', async () => {
    station.write('b.secret', 'stored by two');
    await station.must('seal --key @key.json --in @b.secret --out @b.sealed.json');
    const before = standIn.held().length;
    const runs = await Promise.all([
      station.run('store @b.sealed.json --out @receipts'),
      station.run('store @b.sealed.json --out @receipts'),
    ]);
    expect(runs.map((run) => run.code).toSorted()).toSatisfy((codes: number[]) => codes[0] === 0 && [0, 5].includes(codes[1] ?? -1));
    expect(standIn.held().length).toBe(before + 1);
  });

  it('nothing is sent for a key whose signing key was revoked since it was sealed', async () => {
    await station.must('assign --environment rehearsal --user revoked --key-environment COLD --out @revoked-key.json');
    station.write('r.secret', 'sealed before the revocation');
    await station.must('seal --key @revoked-key.json --in @r.secret --out @r.sealed.json');
    const { anchors } = (await station.must('trust list')).out as { anchors: { fingerprint: string }[] };
    const fingerprint = anchors[0]?.fingerprint ?? '';
    await station.must(`trust revoke ${fingerprint}`);
    const before = standIn.requests.length;
    const run = await station.run('store @r.sealed.json --out @receipts-of-none');
    expect([run.code, run.error?.code, standIn.requests.length]).toEqual([3, 'signer-revoked', before]);
    const pinned = await station.run(`trust add --environment rehearsal --fetch --fingerprint ${fingerprint}`);
    expect([pinned.code, pinned.error?.code]).toEqual([3, 'anchor-revoked']);
    await standIn.rotate();
    await confirmSigner();
  });

  it('a document is written again byte for byte', async () => {
    const sealed = station.json('b.sealed.json');
    await station.must(`document ${String(sealed['id'])} --out @again.json`);
    expect(station.json('again.json')).toEqual(sealed);
  });

  it('a key pack of another environment is refused by seal and store, and the refusal is on record', async () => {
    await station.must('environment set rehearsal --api http://127.0.0.1:9 --jwks http://127.0.0.1:9/j');
    station.write('c.secret', 'for other hosts');
    const sealed = await station.run('seal --key @key.json --in @c.secret --out @c.sealed.json');
    // The key pack is held already; what it may be used for is decided by its environment's hosts.
    expect([sealed.code, sealed.error?.code]).toEqual([3, 'document-environment']);
    const stored = await station.run('store @b.sealed.json --out @receipts');
    expect([stored.code, stored.error?.code]).toEqual([3, 'document-environment']);
    expect(existsSync(station.path('c.sealed.json'))).toBe(false);
    expect((await station.must('trust list')).out).toMatchObject({ anchors: [{ state: 'revoked' }], accounts: [] });
    expect((await station.must('status')).out).toMatchObject({ environments: [{ name: 'rehearsal', token: 'none', anchors: 0 }] });
    expect((await station.must('ledger check')).out).toMatchObject({ ok: true });
  });

  it('a ledger that was restored from an older copy is not worked on, and says why', async () => {
    const latest = station.makeFolder('latest');
    const older = station.makeFolder('older');
    await station.must('environment set rehearsal --drill-days 31');
    const names = readdirSync(station.home).filter((name) => name.startsWith('ledger.sqlite'));
    for (const name of names) copyFileSync(join(station.home, name), join(older, name));
    await station.must(`environment set rehearsal --api ${apiAddress} --jwks ${apiAddress}/.well-known/jwks.json`);
    await station.must('login --environment rehearsal', `${token}\n`);
    await confirmSigner();
    station.write('d.secret', 'stored after the copy');
    const keyPack = await station.run('assign --environment rehearsal --user wallet-d --key-environment COLD --out @key-d.json');
    expect(keyPack.code).toBe(0);
    await station.must('seal --key @key-d.json --in @d.secret --out @d.sealed.json');
    await station.must('store @d.sealed.json --out @receipts');
    const held = standIn.held().length;
    for (const name of readdirSync(station.home).filter((one) => one.startsWith('ledger.sqlite'))) {
      renameSync(join(station.home, name), join(latest, name));
    }
    for (const name of names) copyFileSync(join(older, name), join(station.home, name));
    const again = await station.run('store @d.sealed.json --out @receipts-again');
    expect([again.code, again.error?.code, standIn.held().length]).toEqual([3, 'ledger-rolled-back', held]);
    expect((await station.run('ledger check')).error?.code).toBe('ledger-rolled-back');
    for (const name of readdirSync(station.home).filter((one) => one.startsWith('ledger.sqlite'))) rmSync(join(station.home, name));
    for (const name of readdirSync(latest)) renameSync(join(latest, name), join(station.home, name));
    expect((await station.must('ledger check')).out).toMatchObject({ ok: true });
  });

  it('a drill asks about every backup, though it cannot ask about one', async () => {
    await station.must('logout --environment rehearsal');
    const run = await station.run('verify --all');
    const results = run.out['results'] as { check: string }[];
    expect([run.code, run.error?.code, new Set(results.map((one) => one.check))]).toSatisfy(
      ([code, error, checks]: [number, string, Set<string>]) =>
        [2, 3].includes(code) && /token-missing|environment-changed/.test(error) && checks.size === 1 && checks.has('unknown'),
    );
    expect(results.length).toBeGreaterThan(3);
  });

  it('a lost ledger is made again from the documents, and what it cannot know is unknown', async () => {
    station.write('never-stored.secret', 'x');
    for (const name of readdirSync(station.home)) {
      if (name.startsWith('ledger.sqlite')) renameSync(join(station.home, name), station.path(`lost-${name}`));
    }
    expect((await station.run('status')).error?.code).toBe('ledger-missing');
    const folder = station.makeFolder('documents');
    const receipt = `${String(station.json('b.sealed.json').body['item_id'])}.receipt.json`;
    renameSync(station.path('receipts', receipt), join(folder, receipt));
    for (const name of ['key.json', 'a.sealed.json', 'b.sealed.json']) renameSync(station.path(name), join(folder, name));
    const rebuilt = await station.must('ledger rebuild --from @documents');
    expect(rebuilt.out).toMatchObject({ imported: 4, refused: 0 });
    expect(
      backupsOf(await station.must('ledger list'))
        .map((one) => one.state)
        .toSorted(),
    ).toEqual(['stored', 'unknown']);
    expect((await station.must('ledger check')).out).toMatchObject({ ok: true, macs: 'valid' });
    expect((await station.must('ledger rebuild --from @documents')).out).toMatchObject({ imported: 0, already_kept: 4 });
  });

  it('a lost keychain leaves the ledger readable, its chain checkable and its MACs not', async () => {
    rmSync(join(station.home, 'keychain.box'));
    const run = await coldroom([
      '--home',
      station.home,
      '--json',
      '--keychain-passphrase-file',
      station.path('passphrase'),
      'ledger',
      'check',
    ]);
    expect([run.code, run.out['ok'], run.out['macs']]).toEqual([0, true, 'not-checkable']);
    expect((await station.must('ledger list')).code).toBe(0);
    const writing = await station.run('trust add --environment rehearsal --account-id k');
    expect([writing.code, writing.error?.code]).toSatisfy(([code, error]: [number, string]) => code === 2 && error.startsWith('keychain-'));
  });
});

describe('the executable', () => {
  it('works from any folder, through a link, with an empty environment', async () => {
    const run = await coldroom(['--version'], { cwd: '/', env: {} });
    expect([run.code, run.stdout]).toEqual([0, expect.stringMatching(/^coldroom \d+\.\d+\.\d+\n$/)]);
  });
  it('rehearses a real file, and leaves nothing behind', async () => {
    const station = new TestStation();
    try {
      station.write('real.bin', Buffer.alloc(20_000, 3));
      const { out } = await station.must('rehearse --in @real.bin');
      expect(out).toMatchObject({ ok: true, kept: null });
      expect(out['recovered_sha256']).toBe(out['file_sha256']);
      expect(station.files()).toEqual(['passphrase', 'real.bin']);
    } finally {
      station.remove();
    }
  });
});
