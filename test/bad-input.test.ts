import './cheap-scrypt.mjs';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { coldroom, TestStation } from './command-line.ts';
import { keptKeys } from './kept-keys.ts';

const SHIM = join(import.meta.dirname, '../app/cli/coldroom');

/** Bad input of every command: one clear message, the right exit code, nothing written, nothing sent. */
describe('bad input', () => {
  const station = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() }, { keyPool: keptKeys() });

  beforeAll(async () => {
    const at = await standIn.listen();
    await station.prepare({ ...at, account: at.accountId });
    await station.must('assign --environment rehearsal --user wallet --key-environment COLD --out @key.json');
    station.write('secret', 'a secret');
    await station.must('seal --key @key.json --in @secret --out @sealed.json');
    station.write('empty', '');
    station.write('junk', Buffer.alloc(20 * 1024 * 1024, 0x41));
    station.write('text', 'hello');
    station.write('archive.zip', Buffer.from(zipSync({ 'key.pem': strToU8('-----BEGIN PRIVATE KEY-----') }, { level: 0 })));
    station.write('p-short', 'Xk9#mQ2vL7pR4wz\n');
    station.write('p-long', `${'Xk9#mQ2vL7pR4wzB'.repeat(8)}!\n`);
    station.write('p-kinds', 'xkqzmwvjplr9482651\n');
    station.write('p-same', 'Xk9#Xk9#Xk9#Xk9#Xk9#\n');
    station.write('p-easy', 'Password12345678!\n');
    station.write('others.json', '{"a":1}');
    station.write('version.json', JSON.stringify({ ...station.json('sealed.json'), coldroom: 'sealed/2' }));
    station.write('extra.json', JSON.stringify({ ...station.json('sealed.json'), extra: 1 }));
    station.write('tampered.json', JSON.stringify({ ...station.json('sealed.json'), created_at: '2020-01-01T00:00:00.000Z' }));
    station.makeFolder('folder');
    station.write('taken', 'somebody’s file');
    station.write('unreadable', 'x');
    chmodSync(station.path('unreadable'), 0o000);
    execFileSync('mkfifo', [station.path('fifo')]);
    station.write('crb1', 'CRB1 and more');
    station.write('big', Buffer.alloc(11_000_000, 1));
    station.write('public.pem', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n');
    station.write('encrypted.pem', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n');
  });
  afterAll(async () => {
    await standIn.close();
    station.remove();
  });

  const cases: [command: string, exit: number, code: string][] = [
    ['', 2, 'usage'],
    ['nonsense', 2, 'usage'],
    ['status --nonsense', 2, 'usage'],
    ['status surplus', 2, 'usage'],
    ['init --role single --keychain file', 2, 'station-exists'],
    ['init --role boss', 2, 'input-invalid'],
    ['environment set nowhere --api https://a --jwks https://b', 2, 'input-invalid'],
    ['environment set custom', 2, 'environment-hosts-missing'],
    ['environment set custom --api http://a.example --jwks https://b.example', 2, 'environment-not-https'],
    ['environment set rehearsal --api http://a.example --jwks http://127.0.0.1/j', 2, 'environment-not-loopback'],
    ['environment set rehearsal --drill-days x', 2, 'usage'],
    ['login --environment sandbox', 2, 'environment-not-set'],
    ['login --environment rehearsal', 2, 'token-empty'],
    ['trust add --environment rehearsal', 2, 'usage'],
    ['trust add --environment rehearsal --fetch --jwks @text', 2, 'usage'],
    ['trust add --environment rehearsal --jwks @absent', 2, 'file-missing'],
    ['trust revoke abc', 2, 'input-invalid'],
    [`trust revoke ${'a'.repeat(64)}`, 2, 'anchor-unknown'],
    ['assign --environment rehearsal --user u --out @k2.json', 2, 'usage'],
    ['assign --environment rehearsal --user u --key-environment cold --out @k2.json', 2, 'input-invalid'],
    ['assign --environment rehearsal --user u --key-environment COLD --key-environment HOT --out @k2.json', 2, 'usage'],
    ['assign --environment rehearsal --user u --key-environment COLD --key-type ed25519 --out @k2.json', 2, 'input-invalid'],
    ['assign --environment rehearsal --user u --key-environment COLD --account partner --out @k2.json', 2, 'partner-needs-organisation'],
    ['assign --environment rehearsal --user u --key-environment COLD --sign-with public_key --out @k2.json', 2, 'sign-with-field'],
    ['assign --environment rehearsal --user u --key-environment COLD --sign-with key_id,, --out @k2.json', 2, 'sign-with-field'],
    ['assign --environment rehearsal --user u --key-environment COLD --out @taken', 2, 'output-exists'],
    ['assign --environment rehearsal --user u --key-environment COLD --out @no/where.json', 2, 'output-folder-missing'],
    ['assign --environment sandbox --user u --key-environment COLD --out @k2.json', 2, 'environment-not-set'],
    ['assign --recheck 1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f --out @k2.json', 2, 'assignment-unknown'],
    ['check', 2, 'usage'],
    ['document 1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f --out @d.json', 2, 'document-unknown'],
    ['document not-an-id --out @d.json', 2, 'input-invalid'],
    ['seal --key @sealed.json --in @secret --out @s2.json', 2, 'document-kind'],
    ['seal --key @tampered.json --in @secret --out @s2.json', 3, 'document-signature'],
    ['seal --key @key.json --in @absent --out @s2.json', 2, 'file-missing'],
    ['seal --key @key.json --in @empty --out @s2.json', 2, 'secret-empty'],
    ['seal --key @key.json --in @crb1 --out @s2.json', 2, 'secret-looks-sealed'],
    ['seal --key @key.json --in @fifo --out @s2.json', 2, 'file-not-regular'],
    ['seal --key @key.json --in @big --out @s2.json', 2, 'sealed-too-large'],
    ['seal --key @key.json --in @junk --out @s2.json', 2, 'file-too-large'],
    ['seal --key @key.json --in @big --mode direct --out @s2.json', 2, 'mode-too-small'],
    ['seal --key @key.json --in @secret --mode passphrase --out @s2.json', 2, 'passphrase-needed'],
    ['seal --key @key.json --in @secret --passphrase-file @p-short --out @s2.json', 2, 'passphrase-too-short'],
    ['seal --key @key.json --in @secret --passphrase-file @p-kinds --out @s2.json', 2, 'passphrase-few-kinds'],
    ['seal --key @key.json --in @secret --passphrase-file @p-same --out @s2.json', 2, 'passphrase-few-characters'],
    ['seal --key @key.json --in @secret --passphrase-file @p-easy --out @s2.json', 2, 'passphrase-guessable'],
    ['seal --key @key.json --in @secret --passphrase-file @p-long --out @s2.json', 2, 'passphrase-too-long'],
    ['passphrase new --words 5 --out @s2.json', 2, 'input-invalid'],
    ['passphrase new --words 25 --out @s2.json', 2, 'input-invalid'],
    ['passphrase new --words six --out @s2.json', 2, 'usage'],
    ['passphrase new', 2, 'usage'],
    ['passphrase new --out @secret', 2, 'output-exists'],
    ['passphrase card --out @secret', 2, 'output-exists'],
    ['passphrase card --paper a5 --out @s2.json', 2, 'input-invalid'],
    ['seal --key @key.json --in @secret --mode rot13 --out @s2.json', 2, 'input-invalid'],
    ['seal --key @key.json --in @secret --out @taken', 2, 'output-exists'],
    ['store --out @receipts', 2, 'usage'],
    ['store @key.json --out @receipts', 2, 'document-kind'],
    ['store @tampered.json --out @receipts', 3, 'document-signature'],
    ['store @sealed.json --out @taken', 2, 'output-not-folder'],
    ['store @sealed.json --out @receipts --resolve-unknown perhaps', 2, 'usage'],
    ['verify', 2, 'usage'],
    ['verify --due --all', 2, 'usage'],
    ['verify --key 1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f', 2, 'key-unknown'],
    ['verify --backup 1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f', 2, 'backup-unknown'],
    ['recover --sealed @sealed.json --out @back', 2, 'usage'],
    ['recover --sealed @sealed.json --private-key @text --out @back', 2, 'private-key-not-pem'],
    ['recover --sealed @sealed.json --private-key @public.pem --out @back', 2, 'private-key-not-pkcs8'],
    ['recover --sealed @sealed.json --private-key @encrypted.pem --out @back', 2, 'private-key-encrypted'],
    ['recover --ciphertext @text --private-key @public.pem --out @back', 2, 'ciphertext-not-recognised'],
    ['recover --ciphertext @archive.zip --private-key @public.pem --out @back', 2, 'released-is-archive'],
    ['recover --sealed @sealed.json --private-key @archive.zip --out @back', 2, 'released-is-archive'],
    ['recover --sealed @sealed.json --ciphertext @text --private-key @text --out @back', 2, 'usage'],
    ['ledger', 2, 'usage'],
    ['ledger show 1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f', 2, 'id-unknown'],
    ['ledger export --out @taken', 2, 'output-exists'],
    ['ledger export --out @e.xml --format xml', 2, 'input-invalid'],
    ['ledger rebuild --from @absent', 2, 'folder-missing'],
    ['rehearse --in @absent', 2, 'file-missing'],
    ['rehearse --in @empty', 2, 'file-empty'],
    ['rehearsal serve --fault nonsense', 2, 'fault-unknown'],
    ['inspect --in @text --kind nonsense', 2, 'kind-unknown'],
    ['inspect --in @text --identifier nonsense', 2, 'identifier-type-unknown'],
    // Every command that reads a document, with everything that is none.
    ...[
      'check @FILE',
      'seal --key @FILE --in @secret --out @s2.json',
      'store @FILE --out @receipts',
      'recover --sealed @FILE --private-key @text --out @back',
    ].flatMap((command) =>
      (
        [
          ['absent', 'file-missing'],
          ['folder', 'file-is-folder'],
          ['empty', 'file-empty'],
          ['fifo', 'file-not-regular'],
          ['junk', 'file-too-large'],
          ['text', 'document-not-json'],
          ['others.json', 'document-not-ours'],
          ['version.json', 'document-version'],
          ['extra.json', 'document-members'],
        ] as const
      ).map(([file, code]): [string, number, string] => [command.replace('@FILE', `@${file}`), 2, code]),
    ),
  ];

  it.each(cases)('%s: exit %d, %s', async (command, exit, code) => {
    const before = station.files().filter((name) => !name.startsWith('home/'));
    const requests = standIn.requests.length;
    const run = await station.run(command);
    expect([run.code, run.error?.code]).toEqual([exit, code]);
    expect(run.error?.message).toMatch(/^[^A-Z\n][^\n]*[^.\n]$/u);
    expect(station.files().filter((name) => !name.startsWith('home/'))).toEqual(before);
    expect(standIn.requests.length).toBe(requests);
  });

  it('leaves what was there as it was, and a ledger that is in order', async () => {
    expect(readFileSync(station.path('taken'), 'utf8')).toBe('somebody’s file');
    expect((await station.must('ledger check')).out).toMatchObject({ ok: true });
  });

  it('a name that is too long for its folder says so, of one file and in a folder of secrets', async () => {
    const long = 'n'.repeat(250);
    const alone = await station.run(`passphrase new --out @${long}.phrase`);
    expect([alone.code, alone.error?.code, alone.error?.hint]).toEqual([2, 'output-unwritable', expect.stringContaining('shorter')]);
    mkdirSync(station.path('long-names'));
    station.write(`long-names/${long}`, 'a secret');
    station.write('long-names/short', 'another');
    const run = await station.run('seal --key @key.json --in @long-names --out @long-out');
    expect([run.code, run.error?.code, run.error?.hint]).toEqual([2, 'output-unwritable', expect.stringContaining('shorter')]);
    expect(run.out['items']).toMatchObject([{ item_id: null }, { name: 'short', problem: null }]);
    const folder = await station.run(`seal --key @key.json --in @long-names --out @${long}${long}`);
    expect([folder.code, folder.error?.code]).toEqual([2, 'output-unwritable']); // and not: that it is a file
  });

  it('a folder that was deleted while the shell stood in it is no bug, and needs only full paths', () => {
    const inGone = (words: string): string[] => [
      '-c',
      `mkdir "$1" && cd "$1" && rmdir "$1" && shift && "$@" ${words}`,
      'sh',
      station.path('gone'),
    ];
    const ask = (words: string): { status: number | null; stdout: string; stderr: string } =>
      spawnSync('sh', [...inGone(words), SHIM, '--json'], { encoding: 'utf8' });
    const relative = ask('check sealed.json');
    expect([relative.status, JSON.parse(relative.stderr.trim().split('\n').at(-1) ?? '')]).toEqual([
      2,
      { error: expect.objectContaining({ code: 'working-folder-missing' }) as object },
    ]);
    const full = ask(`check '${station.path('sealed.json')}'`);
    expect([full.status, JSON.parse(full.stdout)]).toMatchObject([0, { ok: true }]);
  });

  it('a folder for what is temporary that is not there is no bug', async () => {
    const env = { ...process.env, TMPDIR: station.path('nowhere') };
    const run = await coldroom(['--json', 'rehearse'], { env });
    expect([run.code, run.error?.code, run.error?.hint]).toEqual([2, 'output-unwritable', expect.stringContaining('TMPDIR')]);
  });

  it('a HOME that is no full path makes no station where somebody happens to stand', async () => {
    const folder = station.path('relative-home');
    mkdirSync(folder);
    const env = { ...process.env, HOME: 'here', XDG_DATA_HOME: '' };
    const run = await coldroom(['--json', 'init', '--role', 'single', '--keychain', 'file'], { cwd: folder, env });
    expect([run.code, run.error?.code]).toEqual([2, 'home-unknown']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('an unreadable file is named', async () => {
    expect((await station.run('check @unreadable')).error?.code).toBe('file-unreadable');
  });

  it('where there is no station, says so', async () => {
    for (const command of ['status', 'ledger list', 'ledger check', 'verify --all']) {
      const run = await coldroom(['--home', station.path('nowhere'), '--json', ...command.split(' ')]);
      expect([run.code, run.error?.code]).toEqual([2, 'station-missing']);
    }
    expect(existsSync(station.path('nowhere'))).toBe(false);
  });

  it('a keychain file without its passphrase, or with another, is locked', async () => {
    const without = await coldroom(['--home', station.home, '--json', 'verify', '--all']);
    expect([without.code, without.error?.code]).toEqual([2, 'keychain-passphrase-missing']);
    writeFileSync(station.path('other-passphrase'), 'another one');
    const other = await coldroom([
      '--home',
      station.home,
      '--json',
      '--keychain-passphrase-file',
      station.path('other-passphrase'),
      'verify',
      '--all',
    ]);
    expect([other.code, other.error?.code]).toEqual([2, 'keychain-passphrase-wrong']);
  });

  it('a cold station has no network commands, an online one no secrets', async () => {
    for (const [role, commands] of [
      [
        'cold',
        [
          'login',
          'assign',
          'login --environment rehearsal',
          'assign --environment rehearsal --user u --key-environment COLD --out @c.json',
          'store @sealed.json --out @r',
          'verify --all',
          'rehearse',
          'rehearsal serve',
        ],
      ],
      [
        'online',
        [
          'seal --key @key.json --in @secret --out @o.json',
          'recover --sealed @sealed.json --private-key @text --out @o',
          'inspect --in @secret',
          'rehearse --in @secret',
          'rehearse --plan @text --in @folder',
        ],
      ],
    ] as const) {
      const home = station.path(`${role}-home`);
      mkdirSync(home);
      const base = ['--home', home, '--json', '--keychain-passphrase-file', station.path('passphrase')];
      expect((await coldroom([...base, 'init', '--role', role, '--keychain', 'file'])).code).toBe(0);
      for (const command of commands) {
        const words = command.split(' ').map((word) => (word.startsWith('@') ? station.path(word.slice(1)) : word));
        const run = await coldroom([...base, ...words]);
        expect([command, run.code, run.error?.code]).toEqual([command, 2, 'not-on-this-station']);
      }
    }
  });
});
