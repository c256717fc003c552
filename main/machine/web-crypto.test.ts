import { spawnSync } from 'node:child_process';
import type { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settleAesKeyWrap } from './web-crypto.ts';

/** Ways in which a runtime may lack the key wrap of AES; each is done to a fresh process, before anything else is loaded there. */
const LACKS = {
  'not at all': '',
  'the cipher fails when it is used': `
    for (const name of ['wrapKey', 'unwrapKey'])
      crypto.subtle[name] = () => Promise.reject(new DOMException('Unknown cipher', 'OperationError'));`,
  'the key is refused with an error of another kind': `
    const importKey = crypto.subtle.importKey.bind(crypto.subtle);
    crypto.subtle.importKey = (format, data, algorithm, ...more) =>
      (algorithm.name ?? algorithm) === 'AES-KW' ? Promise.reject(new TypeError('no such cipher')) : importKey(format, data, algorithm, ...more);`,
  'it wraps to other bytes': `
    crypto.subtle.wrapKey = () => Promise.resolve(new ArrayBuffer(40));`,
} as const;

/** From a new pair to a message that opens again: an ECDH key wraps on the way out and unwraps on the way in. */
const ROUND_TRIP = `
  const { createMessage, decrypt, encrypt, generateKey, readMessage } = await import('openpgp');
  for (const type of [{ type: 'ecc', curve: 'curve25519Legacy' }, { type: 'curve25519' }]) {
    const { privateKey, publicKey } = await generateKey({ ...type, userIDs: [{ name: 'x' }], format: 'object' });
    const armored = await encrypt({ message: await createMessage({ binary: new Uint8Array([1, 2, 3]) }), encryptionKeys: publicKey });
    const { data } = await decrypt({ message: await readMessage({ armoredMessage: armored }), decryptionKeys: privateKey, format: 'binary' });
    if (Buffer.from(data).toString('hex') !== '010203') throw new Error('other bytes');
  }`;

const settle = `
  const { settleAesKeyWrap } = await import(${JSON.stringify(join(import.meta.dirname, 'web-crypto.ts'))});
  const found = [await settleAesKeyWrap(), await settleAesKeyWrap()];
  process.stdout.write(found.join(' '));`;

function run(lack: keyof typeof LACKS, ...scripts: string[]) {
  const program = [LACKS[lack], ...scripts].join('\n');
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
}

describe('a runtime that lacks the key wrap of AES', () => {
  it.each(Object.keys(LACKS) as (keyof typeof LACKS)[])('%s: openpgp works once it was settled', (lack) => {
    const ran = run(lack, settle, ROUND_TRIP);
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toBe(lack === 'not at all' ? 'native native' : 'missing missing');
    expect(ran.status).toBe(0);
  });

  it.each((Object.keys(LACKS) as (keyof typeof LACKS)[]).slice(1))('%s: openpgp alone does not', (lack) => {
    expect(run(lack, ROUND_TRIP).status).toBe(1);
  });

  it('says no of the key wrap alone', async () => {
    const { subtle } = crypto;
    const lacking = Object.create(subtle, {
      importKey: { writable: true, configurable: true, value: subtle.importKey.bind(subtle) },
      wrapKey: { value: () => Promise.reject(new Error('none')) },
    }) as webcrypto.SubtleCrypto;
    expect(await settleAesKeyWrap(lacking)).toBe('missing');
    const key = Buffer.alloc(32);
    for (const name of ['AES-KW', { name: 'aes-kw' }]) {
      await expect(lacking.importKey('raw', key, name, false, ['wrapKey'])).rejects.toMatchObject({ name: 'NotSupportedError' });
    }
    expect((await lacking.importKey('raw', key, 'AES-GCM', false, ['encrypt'])).algorithm).toMatchObject({ name: 'AES-GCM' });
  });
});
