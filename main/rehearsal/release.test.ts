import { execFileSync, spawnSync } from 'node:child_process';
import { constants, createPrivateKey, createPublicKey, privateDecrypt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decrypt, generateKey, readMessage, readPrivateKey, type PrivateKey } from 'openpgp';
import { describe, expect, it } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { KEY_A_HEX, oaepCase, withStandIn, type Running } from './running-stand-in.fixture.ts';
import { expectRefusal } from './signed-answer.fixture.ts';
import type { ReleasePackage } from './release.ts';

const known = oaepCase('32 bytes');
const envelope = Buffer.from('an envelope');
const pair = await generateKey({ type: 'curve25519', userIDs: [{ name: 'Recovery' }], format: 'armored' });
const privateKey = await readPrivateKey({ armoredKey: pair.privateKey });
const hasGpg = spawnSync('gpg', ['--version']).status === 0;

/** Stores data and a file for one key, and data for another. @returns the first key's id. */
async function fill(running: Running): Promise<string> {
  const first = await running.assign();
  await running.post('/v1/secure/data', { public_key: KEY_A_HEX, data: known.ciphertext });
  await running.postFile(new Uint8Array(envelope), { public_key: KEY_A_HEX });
  const other = await running.assign({ user_identifier: 'user-2', key_type: 'ed25519' });
  await running.postFile(new Uint8Array(1), { public_key: String(other.json['public_key']) });
  expect(running.standIn.held()).toHaveLength(3);
  return String(first.json['key_id']);
}

async function open({ armored }: ReleasePackage, key: PrivateKey): Promise<{ name: string; content: Buffer }> {
  const opened: unknown = await decrypt({ message: await readMessage({ armoredMessage: armored }), decryptionKeys: key, format: 'binary' });
  const { data, filename } = opened as { data: Uint8Array; filename: string };
  return { name: filename, content: Buffer.from(data) };
}

/** The private key is key A's, and it really opens the ciphertext that was released with it. */
function expectRecovered(pem: Buffer, ciphertext: Buffer): void {
  expect(pem.toString('utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  const key = createPrivateKey(pem);
  expect(createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('hex')).toBe(KEY_A_HEX);
  const opened = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, ciphertext);
  expect(opened.equals(known.plaintext)).toBe(true);
}

describe('a release', () => {
  it('holds the private key and what was stored for it, and nothing else', async () => {
    await withStandIn(async (running) => {
      const packages = await running.standIn.release(await fill(running), pair.publicKey);
      const ids = running.standIn.held().map((backup) => backup.backupId);
      expect(packages.map((one) => one.name)).toEqual(['private-key.pem.asc', `${ids[0] ?? ''}.bin.asc`, `${ids[1] ?? ''}.bin.asc`]);
      const opened = await Promise.all(packages.map((one) => open(one, privateKey)));
      expect(opened.map((one) => `${one.name}.asc`)).toEqual(packages.map((one) => one.name));
      const [pem = envelope, data = envelope, file = known.plaintext] = opened.map((one) => one.content);
      expectRecovered(pem, data);
      expect(file.equals(envelope)).toBe(true);
      for (const { armored } of packages) expect(armored).toContain('\nComment: REHEARSAL: ');
    });
  });

  it('opens with no other OpenPGP key', async () => {
    await withStandIn(async (running) => {
      const [first] = await running.standIn.release(await fill(running), pair.publicKey);
      const other = await generateKey({ type: 'curve25519', userIDs: [{ name: 'Other' }], format: 'object' });
      await expect(open(first ?? { name: '', armored: '' }, other.privateKey)).rejects.toThrow();
    });
  });

  it('comes over HTTP too', async () => {
    await withStandIn(async (running) => {
      const keyId = await fill(running);
      const reply = await running.post('/rehearsal/release', { key_id: keyId, openpgp_public_key: pair.publicKey });
      expect(reply.status).toBe(200);
      const opened = await Promise.all((reply.json['packages'] as ReleasePackage[]).map((one) => open(one, privateKey)));
      expectRecovered(opened[0]?.content ?? envelope, opened[1]?.content ?? envelope);
    });
  });

  it('is refused for an unknown key, and to what is no public OpenPGP key that can be encrypted to', async () => {
    const signOnly = await generateKey({ type: 'curve25519', userIDs: [{ name: 'S' }], subkeys: [{ sign: true }], format: 'armored' });
    await withStandIn(async (running) => {
      const keyId = await fill(running);
      const ask = (body: object) => running.post('/rehearsal/release', { key_id: keyId, openpgp_public_key: pair.publicKey, ...body });
      expectRefusal(await ask({ key_id: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' }), 404);
      expectRefusal(await ask({ key_id: undefined }), 400, ['key_id']);
      for (const key of ['no key', pair.privateKey, signOnly.publicKey]) {
        expectRefusal(await ask({ openpgp_public_key: key }), 400, ['openpgp_public_key']);
        expect(await codeOf(running.standIn.release(keyId, key))).toBe('openpgp-public-key');
      }
      expect(await codeOf(running.standIn.release('none', pair.publicKey))).toBe('key-unknown');
    });
  });

  it.skipIf(!hasGpg)('opens with gpg', async () => {
    const home = mkdtempSync(join(tmpdir(), 'gpg-'));
    const gpg = (args: readonly string[], input = '') =>
      execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], {
        input,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
    try {
      gpg(['--quick-generate-key', 'recovery@example.invalid', 'future-default', 'default', 'never']);
      const publicKey = gpg(['--armor', '--export']).toString('utf8');
      await withStandIn(async (running) => {
        const packages = await running.standIn.release(await fill(running), publicKey);
        const [pem = envelope, ciphertext = envelope] = packages.map((one) => gpg(['--decrypt'], one.armored));
        expectRecovered(pem, ciphertext);
      });
    } finally {
      spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      rmSync(home, { recursive: true, force: true });
    }
  });
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (isColdroomError(error) ? error.code : 'another error'),
  );
}
