import { execFileSync, spawnSync } from 'node:child_process';
import { constants, generateKeyPairSync, publicEncrypt, randomBytes, sign } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { canonicalJson, sha256, type Json } from '../main/values/index.ts';
import { TestStation } from './command-line.ts';
import { keptKeys } from './kept-keys.ts';

// The page is for the day when nothing of ours is left: every block of it is taken out of the page and run as it stands there, by
// bash with the machine's own openssl, gpg and Python, against items that the command line sealed and the stand-in released.

const page = readFileSync(join(import.meta.dirname, '../docs/recover-without-coldroom.md'), 'utf8');
/** By what its first line, a comment, begins with. */
const blocks = new Map(
  [...page.matchAll(/^```sh\n# (\w+): [^\n]*\n.*?^```$/gms)].map((match) => [
    match[1] ?? '',
    match[0].slice('```sh\n'.length, -'```'.length),
  ]),
);
const used = new Set<string>();

function block(name: string): string {
  used.add(name);
  const text = blocks.get(name);
  if (text === undefined) throw new Error(`the page has no block ${name}`);
  return text;
}

const OPENPGP_PASSPHRASE = 'release 2031  with two spaces';
const KEY_PASSPHRASE = 'a key’s own passphrase';
const PASSPHRASE = 'Zoë\\battery horse staple rocket'; // composed; it is typed decomposed below
const TYPED = PASSPHRASE.normalize('NFD');

type Sealed = { coldroom: string; signature: string; station: Record<string, string>; body: Record<string, string | number | null> };
const MODES = { direct: 446, passphrase: 410, envelope: 70_001, 'envelope+passphrase': 5000 } as const;
type Mode = keyof typeof MODES;
const modes = Object.keys(MODES) as Mode[];
const isBoxed = (mode: Mode) => mode.includes('passphrase');

/** What lies in the folder of step 1, by path in it. */
type Files = Record<string, string | Buffer>;
type Came = { output: string; work: string; secret: Buffer | null };

describe('recovery without Coldroom', () => {
  const station = new TestStation();
  const standIn = new StandIn({ now: () => Date.now() }, { keyPool: keptKeys() });
  const folder = mkdtempSync(join(tmpdir(), 'coldroom-page-'));
  const secrets = new Map<Mode, Buffer>();
  const packages = new Map<Mode | 'key', string>();
  const left: string[] = [];
  let openPgpKey = '';
  let privateKey = '';
  let encryptedKey = '';

  const sealed = (mode: Mode): string => readFileSync(station.path(`${mode}.sealed.json`), 'utf8');
  const sealedJson = (mode: Mode): Sealed => JSON.parse(sealed(mode)) as Sealed;
  const ciphertext = (mode: Mode): Buffer => Buffer.from(String(sealedJson(mode).body['ciphertext']), 'base64');

  /** Runs blocks one after the other in one bash, as people paste them. @param typed one line for each passphrase that is asked for. */
  function run(files: Files, names: readonly string[], typed: readonly string[] = []): Came {
    const source = mkdtempSync(join(folder, 'given-'));
    cpSync(join(import.meta.dirname, '../docs/recover-without-coldroom.md'), join(source, 'recover-without-coldroom.md'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(source, name, '..'), { recursive: true });
      writeFileSync(join(source, name), content);
    }
    const script = [block('1'), `cp -r '${source}/.' .`, ...names.map((name) => blocks.get(name) ?? name), 'echo "WORK=$work"'].join('\n');
    for (const name of names) if (blocks.has(name)) used.add(name);
    const came = spawnSync('/bin/bash', ['-c', script], {
      input: typed.map((line) => `${line}\n`).join(''),
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: folder, LC_ALL: 'C.UTF-8' },
    });
    const output = came.stdout + came.stderr;
    const work = /^WORK=(.*)$/m.exec(output)?.[1] ?? '';
    if (work !== '') left.push(work);
    const path = join(work, 'secret.bin');
    return { output, work, secret: existsSync(path) ? readFileSync(path) : null };
  }

  const AFTER_PASSPHRASES = ['6', '7', '8', '9', '10'];

  /** From a private key and one file to the secret. */
  function recover(file: Files, mode: Mode, key = privateKey): Came {
    const names = ['2', '3', '4', ...(isBoxed(mode) ? ['4c'] : []), ...AFTER_PASSPHRASES];
    return run({ 'given/key': key, ...file }, names, isBoxed(mode) ? [TYPED] : []);
  }

  beforeAll(async () => {
    const at = await standIn.listen();
    await station.prepare({ ...at, account: at.accountId });
    await station.must('assign --environment rehearsal --user wallet --key-environment COLD --out @key.json');
    station.write('words', `${PASSPHRASE}\n`);
    for (const mode of modes) {
      secrets.set(mode, randomBytes(MODES[mode]));
      station.write(`${mode}.secret`, secrets.get(mode) ?? '');
      const passphrase = isBoxed(mode) ? ' --passphrase-file @words' : '';
      await station.must(`seal --key @key.json --in @${mode}.secret --out @${mode}.sealed.json --mode ${mode}${passphrase}`);
    }
    const stored = await station.must(`store ${modes.map((mode) => `@${mode}.sealed.json`).join(' ')} --out @receipts`);
    const backups = stored.out['items'] as { backup_id: string }[];

    const gnupg = join(folder, 'gnupg');
    mkdirSync(gnupg, { mode: 0o700 });
    const gpg = (...args: string[]) =>
      execFileSync(
        'gpg',
        ['--homedir', gnupg, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', OPENPGP_PASSPHRASE, ...args],
        {
          encoding: 'utf8',
        },
      );
    gpg('--quick-gen-key', 'Recovery', 'future-default', 'default', 'never');
    openPgpKey = gpg('--armor', '--export-secret-keys');
    const keyId = String(station.json('envelope.sealed.json').body['key_id']);
    const [key, ...ciphertexts] = await standIn.release(keyId, gpg('--armor', '--export'));
    execFileSync('gpgconf', ['--homedir', gnupg, '--kill', 'gpg-agent']);
    packages.set('key', key?.armored ?? '');
    for (const [index, mode] of modes.entries()) {
      packages.set(mode, ciphertexts.find((one) => one.name === `${backups[index]?.backup_id ?? ''}.bin.asc`)?.armored ?? '');
    }
    const opened = run({ 'openpgp.key': openPgpKey, 'packages/a.asc': packages.get('key') ?? '' }, ['4', '4a', '5'], [OPENPGP_PASSPHRASE]);
    privateKey = readFileSync(join(opened.work, 'opened/a'), 'utf8');
    writeFileSync(join(folder, 'key.pem'), privateKey);
    writeFileSync(join(folder, 'key-words'), KEY_PASSPHRASE);
    const pkcs8 = [
      'pkcs8',
      '-topk8',
      '-v2',
      'aes-256-cbc',
      '-in',
      join(folder, 'key.pem'),
      '-passout',
      `file:${join(folder, 'key-words')}`,
    ];
    encryptedKey = execFileSync('openssl', pkcs8, { encoding: 'utf8' });
  });
  afterAll(async () => {
    for (const work of left) rmSync(work, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
    await standIn.close();
    station.remove();
  });

  it.each(modes)('%s: from the released OpenPGP packages to the secret', (mode) => {
    const files = { 'openpgp.key': openPgpKey, 'packages/a.asc': packages.get('key') ?? '', 'packages/b.gpg': packages.get(mode) ?? '' };
    const names = ['2', '3', '4', '4a', ...(isBoxed(mode) ? ['4c'] : []), '5', ...AFTER_PASSPHRASES];
    const { output, work, secret } = run(files, names, [OPENPGP_PASSPHRASE, ...(isBoxed(mode) ? [TYPED] : [])]);
    expect(secret?.equals(secrets.get(mode) ?? Buffer.alloc(0)), output).toBe(true);
    for (const line of ['ok openssl', 'ok gpg', 'ok python', 'opened a', 'opened b', 'a private key', 'a ciphertext'])
      expect(output).toContain(line);
    expect(output).toContain(mode.startsWith('envelope') ? 'the key fits' : 'the ciphertext names no key');
    expect(output).not.toContain('REFUSED');
    expect(statSync(work).mode & 0o777).toBe(0o700);
    expect(statSync(join(work, 'secret.bin')).mode & 0o777).toBe(0o600);
    for (const passphrase of [OPENPGP_PASSPHRASE, TYPED, PASSPHRASE]) expect(output).not.toContain(passphrase);
  });

  it.each(modes)('%s: from a sealed item', (mode) => {
    const { output, secret } = recover({ 'given/item.sealed.json': sealed(mode) }, mode);
    expect(secret?.equals(secrets.get(mode) ?? Buffer.alloc(0)), output).toBe(true);
    expect(output).toContain(`a sealed item; mode ${mode}, ${MODES[mode].toString()} bytes, name "${mode}.secret"`);
    expect(output).toContain(`signed by the station ${sealedJson(mode).station['id'] ?? ''}`);
    expect(output).toContain('the key fits');
    expect(output).toContain(mode.startsWith('envelope') ? 'there is no checksum to compare with' : 'the checksum matches');
  });

  it.each(modes)('%s: from the bare ciphertext, in binary and in base64, with an encrypted private key', (mode) => {
    const bare = ciphertext(mode);
    for (const form of [bare, bare.toString('base64'), bare.toString('base64').replace(/.{64}/g, '$&\r\n')]) {
      const names = ['3', '4', '4b', ...(isBoxed(mode) ? ['4c'] : []), ...AFTER_PASSPHRASES];
      const typed = [KEY_PASSPHRASE, ...(isBoxed(mode) ? [TYPED] : [])];
      const { output, secret } = run({ 'given/key': encryptedKey, 'given/bare': form }, names, typed);
      expect(secret?.equals(secrets.get(mode) ?? Buffer.alloc(0)), output).toBe(true);
    }
  });

  it('from the ledger of a station alone', async () => {
    await station.must('ledger export --format copy --out @copy.sqlite');
    for (const mode of modes) {
      const id = String(sealedJson(mode).body['item_id']);
      const names = ['3', 'L', `python3 from-ledger.py ledger.sqlite ${id}`, '4', ...(isBoxed(mode) ? ['4c'] : []), ...AFTER_PASSPHRASES];
      const files = { 'given/key': privateKey, 'ledger.sqlite': readFileSync(station.path('copy.sqlite')) };
      const { output, work, secret } = run(files, names, isBoxed(mode) ? [TYPED] : []);
      expect(secret?.equals(secrets.get(mode) ?? Buffer.alloc(0)), output).toBe(true);
      for (const one of modes)
        expect(output).toContain(` ${String(sealedJson(one).body['item_id'])} ${one} ${MODES[one].toString()} bytes`);
      expect(readFileSync(join(work, `given/${id}.sealed.json`), 'utf8')).toBe(sealed(mode));
    }
    // A ledger that is in use has what is newest in its log beside it.
    const files = { 'ledger.sqlite': readFileSync(join(station.home, 'ledger.sqlite')) };
    const log = join(station.home, 'ledger.sqlite-wal');
    const { output } = run(existsSync(log) ? { ...files, 'ledger.sqlite-wal': readFileSync(log) } : files, ['3', 'L']);
    for (const one of modes) expect(output).toContain(String(sealedJson(one).body['item_id']));
    expect(run(files, ['3', 'python3 from-ledger.py ledger.sqlite nothing']).output).toContain('REFUSED');
  });

  it('a passphrase that is wrong opens nothing, and the right one does after it', () => {
    for (const mode of ['passphrase', 'envelope+passphrase'] as const) {
      for (const wrong of [`${PASSPHRASE} `, PASSPHRASE.toLowerCase(), '']) {
        const files = { 'given/key': privateKey, 'given/item': sealed(mode) };
        const once = run(files, ['3', '4', '4c', ...AFTER_PASSPHRASES], [wrong]);
        expect(once.secret).toBe(null);
        expect(once.output).toContain('REFUSED: the passphrase does not open it, or it was changed');
        const twice = run(files, ['3', '4', '4c', ...AFTER_PASSPHRASES, '4c', '10'], [wrong, TYPED]);
        expect(twice.secret?.equals(secrets.get(mode) ?? Buffer.alloc(0)), twice.output).toBe(true);
      }
    }
  });

  it('an OpenPGP package that was changed or cut, another key, a wrong passphrase: nothing is opened', () => {
    const armored = packages.get('envelope') ?? '';
    const binary = Buffer.from(armored.replace(/^(-.*|Comment.*|=.{4}|)$/gm, '').replace(/\s/g, ''), 'base64');
    const changed = (at: number) => Buffer.from(binary).fill((binary[at] ?? 0) ^ 1, at, at + 1);
    const bad: Files = {
      'packages/cut.gpg': binary.subarray(0, -1),
      'packages/half.gpg': binary.subarray(0, binary.length / 2),
      'packages/late.gpg': changed(binary.length - 3),
      'packages/middle.gpg': changed(Math.floor(binary.length / 2)),
      'packages/whole.gpg': binary,
    };
    const { output, work } = run({ 'openpgp.key': openPgpKey, ...bad }, ['4', '4a', '5'], [OPENPGP_PASSPHRASE]);
    expect(execFileSync('ls', ['opened'], { cwd: work, encoding: 'utf8' }), output).toBe('whole\n');
    expect(output.match(/^REFUSED: packages/gm)).toHaveLength(4);
    const wrong = run({ 'openpgp.key': openPgpKey, ...bad }, ['4', '4a', '5'], [`${OPENPGP_PASSPHRASE}x`]);
    expect(execFileSync('ls', ['opened'], { cwd: wrong.work, encoding: 'utf8' })).toBe('');
  });

  it('an OpenPGP key that openpgp.js made, under a passphrase, opens as well', async () => {
    const made = await generateKey({
      type: 'ecc',
      curve: 'curve25519Legacy',
      userIDs: [{ name: 'Recovery' }],
      passphrase: OPENPGP_PASSPHRASE,
      format: 'armored',
    });
    const released = await standIn.release(String(sealedJson('direct').body['key_id']), made.publicKey);
    const files = { 'openpgp.key': made.privateKey, 'packages/key.asc': released[0]?.armored ?? '' };
    const { output, work } = run(files, ['4', '4a', '5'], [OPENPGP_PASSPHRASE]);
    expect(existsSync(join(work, 'opened/key')), output).toBe(true);
    expect(readFileSync(join(work, 'opened/key'), 'utf8')).toBe(privateKey);
  });

  it('a sealed item that was changed or cut is not taken', () => {
    for (const mode of modes) {
      const text = sealed(mode);
      const item = sealedJson(mode);
      const { body } = item;
      const with_ = (change: Record<string, unknown>) => JSON.stringify({ ...item, body: { ...body, ...change } });
      const data = ciphertext(mode);
      data[200] = (data[200] ?? 0) ^ 1;
      const changed: Record<string, string> = {
        ciphertext: with_({ ciphertext: data.toString('base64') }),
        'ciphertext and digest': with_({ ciphertext: data.toString('base64'), ciphertext_sha256: sha256(data) }),
        mode: with_({ mode: 'direct' === mode ? 'passphrase' : 'direct' }),
        name: with_({ name: 'another' }),
        signature: JSON.stringify({ ...item, signature: Buffer.alloc(64).toString('base64') }),
        station: JSON.stringify({ ...item, station: { ...item.station, id: '0'.repeat(64) } }),
        'a member twice': text.replace('"body"', '"body": {}, "body"'),
        'another kind': JSON.stringify({ ...item, coldroom: 'receipt/1' }),
        'cut by one': text.slice(0, -2),
        half: text.slice(0, text.length / 2),
      };
      const files = Object.fromEntries(Object.entries(changed).map(([name, content]) => [`given/${name}`, content]));
      const { output, work } = run(files, ['3', '6']);
      expect(output.match(/REFUSED/g), output).toHaveLength(Object.keys(changed).length);
      expect(existsSync(join(work, 'ciphertext.bin'))).toBe(false);
    }
  });

  it('what is none of these is named, and nothing of it taken', () => {
    const files = {
      'given/zip': Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(600)]),
      'given/pgp': openPgpKey,
      'given/old': '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n',
      'given/noise': randomBytes(511),
      'given/empty': '',
      'given/text': 'abandon abandon',
    };
    const { output, work } = run(files, ['3', '6']);
    expect(output.match(/REFUSED/g)).toHaveLength(Object.keys(files).length);
    for (const words of ['a ZIP archive', 'still an OpenPGP package', 'an RSA key in the older form']) expect(output).toContain(words);
    for (const name of ['key.pem', 'ciphertext.bin']) expect(existsSync(join(work, name))).toBe(false);
    const two = run({ 'given/a': ciphertext('direct'), 'given/b': ciphertext('envelope') }, ['3', '6']);
    expect(two.output).toContain('one ciphertext only');
    expect(readFileSync(join(two.work, 'ciphertext.bin')).equals(ciphertext('direct'))).toBe(true);
  });

  it('a page that came through a program which ends lines with CRLF has the same programs', () => {
    const { output } = run({ 'recover-without-coldroom.md': page.replaceAll('\n', '\r\n'), 'given/item': sealed('direct') }, ['3', '6']);
    expect(output).toContain('given/item: a sealed item; mode direct');
  });

  it('another private key opens nothing', () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    for (const mode of modes) {
      const { output, secret } = recover({ 'given/item': sealed(mode) }, mode, other);
      expect(secret).toBe(null);
      expect(output).toContain('STOP: this is not the key');
      expect(output).toContain('REFUSED: another private key');
    }
    const wrong = run({ 'given/key': encryptedKey, 'given/item': sealed('direct') }, ['3', '4', '4b', ...AFTER_PASSPHRASES], ['no']);
    expect(wrong.secret).toBe(null);
    expect(wrong.output).toContain('STOP: step 6 took no private key, or its passphrase');
    expect(wrong.output).not.toContain('this is not the key');
    const older = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n';
    const none = run({ 'given/key': older, 'given/item': sealed('direct') }, ['3', '4', ...AFTER_PASSPHRASES]);
    expect(none.output).toContain('STOP: step 6 took no private key');
    expect(none.output).not.toContain('this is not the key');
  });

  it('a sealed item that lies about its checksum gives nothing', () => {
    const item = sealedJson('direct');
    const key = String(item.body['public_key']);
    const publicKey = { key: Buffer.from(key, 'hex'), format: 'der', type: 'spki' } as const;
    const forged = publicEncrypt({ ...publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from('forged'));
    const liar = generateKeyPairSync('ed25519');
    const raw = liar.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const lie = {
      ...item,
      station: { ...item.station, id: sha256(raw), public_key: raw.toString('base64') },
      body: { ...item.body, ciphertext: forged.toString('base64'), ciphertext_sha256: sha256(forged) },
    };
    const unsigned = Object.fromEntries(Object.entries(lie).filter(([member]) => member !== 'signature')) as Json;
    const signature = sign(null, Buffer.from(canonicalJson(unsigned)), liar.privateKey).toString('base64');
    const { output, secret, work } = recover({ 'given/item': JSON.stringify({ ...lie, signature }) }, 'direct');
    expect(secret, output).toBe(null);
    expect(output).toContain('REFUSED: what came out is not what was sealed');
    expect(existsSync(join(work, 'inner.bin'))).toBe(false);
  });

  /** Tries many ciphertexts in one bash. @returns of each, what came out, or null. */
  function open(mode: Mode, tries: readonly Buffer[]): (Buffer | null)[] {
    const files: Files = Object.fromEntries(tries.map((bytes, index) => [`tries/${index.toString()}`, bytes]));
    const each = [
      'for one in tries/*; do rm -f ciphertext.bin known-* inner.* secret.bin',
      'python3 take.py "$one" || continue',
      block('8'),
      block('9'),
      block('10'),
      'ls inner.part 2>/dev/null',
      'if [ -f secret.bin ]; then mv secret.bin "out-${one#tries/}"; fi; done',
    ].join('\n');
    const names = ['3', '4', ...(isBoxed(mode) ? ['4c'] : []), '6', '7', each];
    const { output, work } = run({ 'given/key': privateKey, ...files }, names, isBoxed(mode) ? [TYPED] : []);
    expect(output).not.toMatch(/^inner\.part$/m);
    return tries.map((_bytes, index) => {
      const path = join(work, `out-${index.toString()}`);
      return existsSync(path) ? readFileSync(path) : null;
    });
  }

  it.each(modes)('%s: a bare ciphertext that was cut gives nothing', (mode) => {
    const bare = ciphertext(mode);
    const lengths = [0, 1, 4, 100, 511, 512, 513, bare.length - 17, bare.length - 16, bare.length - 1].filter(
      (length) => length < bare.length,
    );
    expect(
      open(
        mode,
        lengths.map((length) => bare.subarray(0, length)),
      ),
    ).toEqual(lengths.map(() => null));
    expect(open(mode, [bare])[0]?.equals(secrets.get(mode) ?? Buffer.alloc(0))).toBe(true);
  });

  it.each(modes)('%s: a bare ciphertext that was changed gives nothing, or the very secret where no content was touched', (mode) => {
    const bare = ciphertext(mode);
    const secret = secrets.get(mode) ?? Buffer.alloc(0);
    const places = Array.from({ length: 24 }, (_, index) => Math.floor((index * (bare.length - 1)) / 23));
    const flipped = places.map((at) => Buffer.from(bare).fill((bare[at] ?? 0) ^ (1 << (at % 8)), at, at + 1));
    const came = open(mode, flipped);
    for (const [index, at] of places.entries()) {
      // Before the content of an envelope lie some bytes that openssl does not look at; the tag is the last of it.
      const isHeader = mode.startsWith('envelope') && at < bare.length - MODES[mode] - (isBoxed(mode) ? 36 : 0) - 16 - 2;
      if (isHeader) expect(came[index]?.equals(secret) ?? true, at.toString()).toBe(true);
      else expect(came[index], at.toString()).toBe(null);
    }
  });

  it('the last step leaves no folder behind', () => {
    const { output } = run({ 'given/key': privateKey }, ['3', '6', 'echo "BEFORE=$work"', '11']);
    const work = /^BEFORE=(.*)$/m.exec(output)?.[1] ?? '';
    expect(work).toMatch(/^\/dev\/shm\/recovery\./);
    expect(existsSync(work)).toBe(false);
  });

  it('every block of the page was run', () => {
    expect(blocks.size).toBe([...page.matchAll(/^```sh$/gm)].length);
    expect([...used].toSorted()).toEqual([...blocks.keys()].toSorted());
  });
});
