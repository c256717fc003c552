import './cheap-scrypt.mjs';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandIn } from '../main/rehearsal/index.ts';
import { systemClock } from '../main/values/index.ts';
import { TestStation, type Run } from './command-line.ts';

const pem = readFileSync(join(import.meta.dirname, 'vectors/rsa4096-a.key.pem'));
const key = createPrivateKey(pem);
const CANARY = 'canary openpgp passphrase 8812';

describe('from a request to the secret, at the command line', () => {
  const station = new TestStation();
  const standIn = new StandIn(systemClock, {
    keyPool: { prepare: () => undefined, stop: () => undefined, take: () => Promise.resolve(key) },
  });
  const secrets = { small: randomBytes(300), large: randomBytes(40_000) };
  const backupIds: Record<string, string> = {};
  let keyId = '';
  let fingerprint = '';

  beforeAll(async () => {
    const at = await standIn.listen();
    await station.prepare({ api: at.api, jwks: at.jwks, token: at.token, account: at.accountId });
    const assigned = await station.must('assign --environment rehearsal --user w --key-environment COLD --out @key.json');
    keyId = String(assigned.out['key_id']);
    for (const [name, secret] of Object.entries(secrets)) {
      station.write(`${name}.secret`, secret);
      await station.must(`seal --key @key.json --in @${name}.secret --out @${name}.sealed.json`);
      const stored = await station.must(`store @${name}.sealed.json --out @receipts`);
      backupIds[name] = String((stored.out['items'] as { backup_id: string }[])[0]?.backup_id);
    }
    station.write('openpgp-passphrase', `${CANARY}\n`);
    const made = await station.must(
      'recovery key --name vault-2 --out-public @pub.asc --out-private @key.asc --passphrase-file @openpgp-passphrase',
    );
    expect(Object.keys(made.out).toSorted()).toEqual(['fingerprint', 'notes', 'private_file', 'public_file']);
    fingerprint = String(made.out['fingerprint']);
    for (const one of await standIn.release(keyId, readFileSync(station.path('pub.asc'), 'utf8'))) station.write(one.name, one.armored);
  });
  afterAll(async () => {
    await standIn.close();
    station.remove();
  });

  const openpgp = '--openpgp-key @key.asc --openpgp-passphrase-file @openpgp-passphrase';
  const packageOf = (name: string) => `--openpgp-package @${backupIds[name] ?? ''}.bin.asc`;
  const isBack = (run: Run, name: keyof typeof secrets, file: string) => {
    expect(run.code).toBe(0);
    expect(Object.keys(run.out).toSorted()).toEqual(['checksum', 'file', 'found', 'identifier', 'notes', 'size_bytes']);
    expect(readFileSync(station.path(file)).equals(secrets[name])).toBe(true);
    if (process.platform !== 'win32') expect(statSync(station.path(file)).mode & 0o777).toBe(0o600);
  };

  it('opens what the stand-in released, and compares it with the ledger', async () => {
    for (const name of ['small', 'large'] as const) {
      const run = await station.run(`recover --openpgp-package @private-key.pem.asc ${packageOf(name)} ${openpgp} --out @${name}.back`);
      isBack(run, name, `${name}.back`);
      expect(run.out).toMatchObject({
        checksum: 'matches',
        size_bytes: secrets[name].length,
        found: [
          { package: station.path('private-key.pem.asc'), what: 'private-key' },
          { package: station.path(`${backupIds[name] ?? ''}.bin.asc`), what: 'ciphertext' },
        ],
      });
    }
  });

  it('of all that was released takes what the sealed item names', async () => {
    const all = `--openpgp-package @private-key.pem.asc ${packageOf('small')} ${packageOf('large')} ${openpgp}`;
    const unsaid = await station.run(`recover ${all} --out @unsaid`);
    expect([unsaid.code, unsaid.error?.code]).toEqual([2, 'recover-several-ciphertexts']);
    expect(unsaid.out['found']).toHaveLength(3);
    isBack(await station.run(`recover ${all} --sealed @large.sealed.json --out @said`), 'large', 'said');
    const differs = `recover --openpgp-package @private-key.pem.asc ${packageOf('small')} ${openpgp} --sealed @large.sealed.json --out @no`;
    const other = await station.run(differs);
    expect([other.code, other.error?.code]).toEqual([3, 'released-ciphertext-differs']);
    isBack(
      await station.run(`recover --openpgp-package @private-key.pem.asc ${openpgp} --sealed @small.sealed.json --out @lack`),
      'small',
      'lack',
    );
    expect(existsSync(station.path('no')) || existsSync(station.path('unsaid'))).toBe(false);
  });

  it('needs no station, and then has nothing to compare with', async () => {
    const elsewhere = new TestStation();
    for (const name of ['private-key.pem.asc', `${backupIds['small'] ?? ''}.bin.asc`, 'key.asc', 'openpgp-passphrase']) {
      elsewhere.write(name, readFileSync(station.path(name)));
    }
    const run = await elsewhere.run(`recover --openpgp-package @private-key.pem.asc ${packageOf('small')} ${openpgp} --out @back`);
    expect([run.code, run.out['checksum']]).toEqual([0, 'unknown']);
    expect(readFileSync(elsewhere.path('back')).equals(secrets.small)).toBe(true);
    const again = await elsewhere.run(`recover --openpgp-package @private-key.pem.asc ${packageOf('small')} ${openpgp} --out @back`);
    expect([again.code, again.error?.code]).toEqual([2, 'output-exists']);
    elsewhere.remove();
  });

  it('refuses what does not belong together before it opens anything', async () => {
    const cases: [string, number, string][] = [
      [`recover --openpgp-package @private-key.pem.asc --out @no`, 2, 'recover-openpgp-halves'],
      [`recover ${openpgp} --sealed @small.sealed.json --private-key @key.asc --out @no`, 2, 'recover-openpgp-halves'],
      [`recover --openpgp-package @pub.asc ${openpgp} --out @no`, 2, 'openpgp-not-message'],
      [`recover --openpgp-package @private-key.pem.asc --openpgp-key @pub.asc --out @no`, 2, 'openpgp-key-not-private'],
      [`recover --openpgp-package @private-key.pem.asc --openpgp-key @key.asc --out @no`, 2, 'openpgp-key-protected'],
      [
        `recover --openpgp-package @private-key.pem.asc --openpgp-key @key.asc --openpgp-passphrase-file @passphrase --out @no`,
        2,
        'openpgp-passphrase-wrong',
      ],
      [`recover --openpgp-package @private-key.pem.asc ${openpgp} --out @no`, 2, 'recover-ciphertext-missing'],
      [`recovery key --name x --out-public @p --out-private @p --passphrase-file @passphrase`, 2, 'recovery-key-one-file'],
      [`recovery key --name x --out-public @p --out-private @s --passphrase-file @passphrase --type dsa`, 2, 'input-invalid'],
      [`recovery key --name x --out-public @pub.asc --out-private @s --passphrase-file @passphrase`, 2, 'output-exists'],
    ];
    for (const [command, code, error] of cases) {
      const run = await station.run(command);
      expect([command, run.code, run.error?.code]).toEqual([command, code, error]);
    }
    expect(['no', 'p', 's'].filter((name) => existsSync(station.path(name)))).toEqual([]);
  });

  it.skipIf(spawnSync('gpg', ['--version']).status !== 0)('opens packages that gpg makes for the pair', async () => {
    const home = station.makeFolder('gpg');
    const gpg = (...args: string[]) => {
      const ran = spawnSync('gpg', ['--homedir', home, '--batch', '--quiet', '--trust-model', 'always', ...args]);
      expect([ran.status, args]).toEqual([0, args]);
      return ran.stdout;
    };
    try {
      spawnSync('gpg', ['--homedir', home, '--batch', '--quiet', '--import', station.path('pub.asc')]);
      station.write('pem', pem);
      const sealed = station.path('small.sealed.json');
      station.write('one.gpg', gpg('--recipient', fingerprint, '--output', '-', '--encrypt', station.path('pem')));
      station.write(
        'two.txt',
        gpg('--armor', '--compress-algo', 'bzip2', '--recipient', fingerprint, '--output', '-', '--encrypt', sealed),
      );
      const run = await station.run(`recover --openpgp-package @two.txt --openpgp-package @one.gpg ${openpgp} --out @gpg.back`);
      isBack(run, 'small', 'gpg.back');
      expect(run.out['found']).toMatchObject([{ what: 'sealed' }, { what: 'private-key' }]);
      // A sealed item that was changed on its way is no unknown thing.
      const document = station.json('small.sealed.json');
      station.write('changed.json', JSON.stringify({ ...document, created_at: '2026-01-01T00:00:00.000Z' }));
      station.write('three.gpg', gpg('--recipient', fingerprint, '--output', '-', '--encrypt', station.path('changed.json')));
      const changed = await station.run(`recover --openpgp-package @three.gpg --openpgp-package @one.gpg ${openpgp} --out @no`);
      expect([changed.code, changed.error?.code]).toEqual([3, 'document-signature']);
      expect(existsSync(station.path('no'))).toBe(false);
    } finally {
      spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    }
  });

  it('prints no passphrase and no secret', () => {
    expect(station.printed).not.toContain(CANARY);
    expect(station.printed).not.toContain('BEGIN PRIVATE KEY');
    expect(station.printed).not.toContain(secrets.small.toString('base64').slice(0, 40));
  });
});
