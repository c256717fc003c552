import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAssignedKey, sealSecret, type Mode } from '../sealing/index.ts';
import { sha256 } from '../values/index.ts';
import { recoverSecret } from './recover.ts';

const privateKey = createPrivateKey(readFileSync(new URL('../../test/vectors/rsa4096-a.key.pem', import.meta.url), 'utf8'));
const key = parseAssignedKey(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('hex'));
const OTHER = sha256('something else');

const sealed = (mode: Mode) => sealSecret({ secret: Buffer.from('a secret'), key, mode, passphrase: null });

describe('what comes back', () => {
  it.each(['direct', 'envelope'] as const)('is the secret, and held against what is known of it: %s', async (mode) => {
    const { ciphertext, checksum, ciphertextSha256 } = await sealed(mode);
    const known = { mode, checksum, ciphertextSha256 };
    const verdictOf = async (expected: typeof known | null) => {
      const { content, ...recovered } = await recoverSecret(ciphertext, privateKey, null, expected);
      expect([content.toString('utf8'), recovered.mode]).toEqual(['a secret', mode]);
      return recovered.checksum;
    };
    expect(await verdictOf(known)).toBe('matches');
    expect(await verdictOf(null)).toBe('unknown');
    // A direct item goes by the bytes that RSA-OAEP was given, an envelope by its ciphertext.
    expect(await verdictOf(mode === 'direct' ? { ...known, checksum: OTHER } : { ...known, ciphertextSha256: OTHER })).toBe('differs');
  });

  it('is nothing where it was sealed in another mode than is known of it', async () => {
    const { ciphertext, checksum, ciphertextSha256 } = await sealed('direct');
    await expect(
      recoverSecret(ciphertext, privateKey, Buffer.from('p') as never, { mode: 'passphrase', checksum, ciphertextSha256 }),
    ).rejects.toMatchObject({ code: 'mode-differs' });
  });
});
