import { readKey, readPrivateKey } from 'openpgp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isColdroomError, type Passphrase } from '../values/index.ts';
import { makeRecoveryKey, readRecoveryKey, RECOVERY_KEY_TYPES, type RecoveryKey } from './openpgp-key.ts';
import { openPackage } from './package.ts';
import { Gpg, OPENPGP_PASSPHRASE, recoveryKey } from './released.fixture.ts';

const pass = (text: string) => Buffer.from(text, 'utf8') as Passphrase;
const bytes = (text: string) => Buffer.from(text, 'latin1');
const codeOf = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => (isColdroomError(error) ? error.code : error));

describe.each(RECOVERY_KEY_TYPES)('a pair of type %s', (type) => {
  let made: RecoveryKey;
  beforeAll(async () => {
    made = await recoveryKey(type);
  });

  it('is armoured, named, and private under its passphrase alone', async () => {
    expect(made.publicArmored).toMatch(/^-----BEGIN PGP PUBLIC KEY BLOCK-----\n/);
    expect(made.privateArmored).toMatch(/^-----BEGIN PGP PRIVATE KEY BLOCK-----\n/);
    expect(made.fingerprint).toMatch(/^[0-9A-F]{40}$/);
    const shown = await readKey({ armoredKey: made.publicArmored });
    expect(shown.isPrivate()).toBe(false);
    expect(shown.getUserIDs()).toEqual(['Recovery of vault-2']);
    const locked = await readPrivateKey({ armoredKey: made.privateArmored });
    expect(locked.getKeys().map((key) => 'isDecrypted' in key.keyPacket && key.keyPacket.isDecrypted())).toEqual([false, false]);
  });

  it('is read again with its passphrase, and with no other', async () => {
    const key = await readRecoveryKey(bytes(made.privateArmored), pass(OPENPGP_PASSPHRASE), 'k');
    expect(key.getFingerprint().toUpperCase()).toBe(made.fingerprint);
    expect(await codeOf(readRecoveryKey(bytes(made.privateArmored), pass(`${OPENPGP_PASSPHRASE} `), 'k'))).toBe('openpgp-passphrase-wrong');
    expect(await codeOf(readRecoveryKey(bytes(made.privateArmored), null, 'k'))).toBe('openpgp-key-protected');
    expect(await codeOf(readRecoveryKey(bytes(made.publicArmored), pass(OPENPGP_PASSPHRASE), 'k'))).toBe('openpgp-key-not-private');
    expect(await codeOf(readRecoveryKey(bytes('no key at all'), null, 'k'))).toBe('openpgp-key-not-private');
  });

  it('opens what is encrypted to it once its file has been wiped, armoured and binary', async () => {
    const { createMessage, encrypt, unarmor } = await import('openpgp');
    const publicKey = (await readPrivateKey({ armoredKey: made.privateArmored })).toPublic();
    const { data } = (await unarmor(made.privateArmored)) as unknown as { data: Uint8Array };
    for (const file of [bytes(made.privateArmored), Buffer.from(data)]) {
      const key = await readRecoveryKey(file, pass(OPENPGP_PASSPHRASE), 'k');
      file.fill(0);
      const message: unknown = await encrypt({
        message: await createMessage({ text: 'to be recovered' }),
        encryptionKeys: publicKey,
      });
      expect((await openPackage(bytes(String(message)), key, 'p')).toString()).toBe('to be recovered');
    }
  });

  it.skipIf(!Gpg.isThere)('is one that gpg imports, encrypts to and decrypts with', () => {
    const gpg = new Gpg();
    try {
      gpg.run(['--import'], made.publicArmored);
      const message = gpg.run(['--armor', '--recipient', made.fingerprint, '--encrypt'], 'to be recovered');
      gpg.run(['--import'], made.privateArmored);
      expect(gpg.run(['--decrypt'], message).toString()).toBe('to be recovered');
      expect(gpg.run(['--with-colons', '--list-secret-keys']).toString()).toContain(`fpr:::::::::${made.fingerprint}:`);
    } finally {
      gpg.close();
    }
  });
});

describe.skipIf(!Gpg.isThere)('a private key of gpg’s', () => {
  let gpg: Gpg;
  beforeAll(() => {
    gpg = new Gpg();
    gpg.run(['--quick-generate-key', 'one@example.invalid', 'future-default', 'default', 'never']);
  });
  afterAll(() => {
    gpg.close();
  });

  it('is read, armoured and binary, behind a byte order mark too', async () => {
    const armored = gpg.run(['--armor', '--export-secret-keys']);
    for (const file of [armored, gpg.run(['--export-secret-keys']), Buffer.concat([Buffer.from('efbbbf', 'hex'), armored])]) {
      expect((await readRecoveryKey(file, pass(OPENPGP_PASSPHRASE), 'k')).getUserIDs()).toEqual(['one@example.invalid']);
    }
  });

  it('is read without its primary half', async () => {
    const file = gpg.run(['--export-secret-subkeys']);
    expect((await readRecoveryKey(file, pass(OPENPGP_PASSPHRASE), 'k')).getUserIDs()).toEqual(['one@example.invalid']);
  });

  it('is refused beside another', async () => {
    gpg.run(['--quick-generate-key', 'two@example.invalid', 'future-default', 'default', 'never']);
    expect(await codeOf(readRecoveryKey(gpg.run(['--export-secret-keys']), pass(OPENPGP_PASSPHRASE), 'k'))).toBe('openpgp-key-several');
  });
});

it('a key without a passphrase is read without one, and with none that does not belong', async () => {
  const { privateKey } = await (await import('openpgp')).generateKey({ userIDs: [{ name: 'x' }], format: 'armored' });
  expect((await readRecoveryKey(bytes(privateKey), null, 'k')).isPrivate()).toBe(true);
  expect(await codeOf(readRecoveryKey(bytes(privateKey), pass('x'), 'k'))).toBe('openpgp-key-not-protected');
});

it('two pairs of one name are two pairs', async () => {
  const [a, b] = await Promise.all([1, 2].map(() => makeRecoveryKey('x', 'curve25519', pass('y'))));
  expect(a?.fingerprint).not.toBe(b?.fingerprint);
});
