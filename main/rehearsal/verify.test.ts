import { describe, expect, it } from 'vitest';
import { isWhole, type AssignedKey } from './assigned-key.ts';
import { KEY_A, KEY_A_HEX, oaepCase, withStandIn } from './running-stand-in.fixture.ts';
import { expectRefusal } from './signed-answer.fixture.ts';
import { Vault } from './vault.ts';

const UNKNOWN_ID = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const key: AssignedKey = {
  keyId: UNKNOWN_ID,
  keyEnvironment: 'COLD',
  owner: { userIdentifier: 'user-1', customerId: null },
  form: 'spki',
  publicKeyHex: KEY_A_HEX,
  privateKey: KEY_A,
};
const known = oaepCase('32 bytes');

describe('the verify calls', () => {
  it.each(['HOT', 'COLD'])('answer with a boolean for a %s key and its backup', async (keyEnvironment) => {
    await withStandIn(async (running) => {
      const assigned = await running.assign({ key_environment: keyEnvironment });
      const verifiedKey = await running.get(`/v1/keys/${String(assigned.json['key_id'])}/verify`);
      expect([verifiedKey.status, verifiedKey.json]).toEqual([200, { is_key_valid: true, message: 'Key is valid' }]);
      const stored = await running.post('/v1/secure/data', { public_key: KEY_A_HEX, data: known.ciphertext });
      const verified = await running.get(`/v1/backups/${String(stored.json['backup_id'])}/verify`);
      expect([verified.status, verified.json]).toEqual([200, { is_backup_valid: true, message: 'Backup is valid' }]);
    });
  });

  it('answer 404 to an id that is not known, and 400 to one that is no uuid', async () => {
    await withStandIn(async (running) => {
      const assigned = await running.assign();
      for (const kind of ['keys', 'backups']) {
        expectRefusal(await running.get(`/v1/${kind}/${UNKNOWN_ID}/verify`), 404);
        for (const id of ['x', '..%2f..', UNKNOWN_ID.toUpperCase(), `${UNKNOWN_ID}0`, UNKNOWN_ID.slice(1)]) {
          expectRefusal(await running.get(`/v1/${kind}/${id}/verify`), 400, [kind === 'keys' ? 'key_id' : 'backup_id']);
        }
      }
      // A key's id is no backup's.
      expectRefusal(await running.get(`/v1/backups/${String(assigned.json['key_id'])}/verify`), 404);
    });
  });
});

describe('Vault.isValid', () => {
  it('opens data again: a bit that flipped since is found', () => {
    const vault = new Vault();
    const backup = vault.storeData(key, Buffer.from(known.ciphertext, 'base64'), null);
    expect(vault.isValid(backup)).toBe(true);
    backup.ciphertext.writeUInt8(backup.ciphertext.readUInt8(7) ^ 1, 7);
    expect(vault.isValid(backup)).toBe(false);
  });

  it('finds data whose key opens it no more', () => {
    const vault = new Vault();
    const backup = vault.storeData(key, Buffer.from(known.ciphertext, 'base64'), null);
    expect(vault.isValid({ ...backup, plaintextSha256: backup.ciphertextSha256 })).toBe(false);
  });

  it('hashes files again', () => {
    const vault = new Vault();
    const backup = vault.storeFile(key, Buffer.from('an envelope'));
    expect(vault.isValid(backup)).toBe(true);
    backup.ciphertext.writeUInt8(0, 0);
    expect(vault.isValid(backup)).toBe(false);
  });
});

describe('isWhole', () => {
  it('compares the public key that was signed with the private one that is held', () => {
    expect(isWhole(key)).toBe(true);
    expect(isWhole({ ...key, publicKeyHex: `${KEY_A_HEX.slice(0, -2)}00` })).toBe(false);
    expect(isWhole({ ...key, form: 'pkcs1' })).toBe(false);
  });
});
