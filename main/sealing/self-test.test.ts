import type * as crypto from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as forge from './forge.ts';
import { runSelfTest } from './self-test.ts';

type Crypto = typeof crypto;
type Forge = typeof forge;

/** What is broken in this run. */
const broken = vi.hoisted(() => new Set<string>());

vi.mock('node:crypto', async (importOriginal) => {
  const crypto = await importOriginal<Crypto>();
  return {
    ...crypto,
    scrypt: (...args: Parameters<Crypto['scrypt']>) => {
      if (broken.has('scrypt')) args[4](null, Buffer.alloc(44, 1));
      else if (broken.has('no scrypt')) throw new TypeError('scrypt is not built in');
      else crypto.scrypt(...args);
    },
    createHash: (name: string) => crypto.createHash(broken.has('sha-256') ? name.replace('sha256', 'sha512') : name),
    createPublicKey: (...[given]: Parameters<Crypto['createPublicKey']>) =>
      broken.has('key') && typeof given === 'object' && 'type' in given && given.type === 'spki'
        ? crypto.generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
        : crypto.createPublicKey(given),
    privateDecrypt: (...args: Parameters<Crypto['privateDecrypt']>) => {
      if (broken.has('decrypt refuses')) throw new Error('error:00000000');
      return broken.has('decrypt takes all') ? Buffer.from('Coldroom self-test') : crypto.privateDecrypt(...args);
    },
    publicEncrypt: (options: object, message: Buffer) =>
      crypto.publicEncrypt({ ...options, ...(broken.has('encrypt with sha-1') ? { oaepHash: 'sha1' } : {}) } as never, message),
    createCipheriv: (name: string, key: Buffer, nonce: Buffer, options: object) =>
      crypto.createCipheriv(name as 'aes-256-gcm', key, broken.has('gcm') ? Buffer.alloc(12) : nonce, options as never),
    createDecipheriv: (...args: Parameters<Crypto['createDecipheriv']>) => {
      const decipher = crypto.createDecipheriv(...args);
      return broken.has('gcm tag') ? Object.assign(decipher, { final: () => Buffer.alloc(0) }) : decipher;
    },
    sign: (...args: [algorithm: null, data: Buffer, key: crypto.KeyObject]) =>
      broken.has('sign') ? Buffer.alloc(64) : crypto.sign(...args),
    verify: (...args: [algorithm: string | null, data: Buffer, key: crypto.KeyObject, signature: Buffer]) => {
      if (broken.has('verify takes all')) return true;
      return broken.has('verify refuses') ? false : crypto.verify(...args);
    },
  };
});

vi.mock('./forge.ts', async (importOriginal) => {
  const forge = await importOriginal<Forge>();
  return {
    forgePublicKey: (hex: string) => (broken.has('forge') ? { pem: '', hex } : forge.forgePublicKey(hex)),
    forgeSealOaep: (...args: Parameters<Forge['forgeSealOaep']>) =>
      broken.has('forge') ? Buffer.alloc(512) : forge.forgeSealOaep(...args),
    forgeOpenOaep: (...args: Parameters<Forge['forgeOpenOaep']>) => (broken.has('forge') ? Buffer.from('x') : forge.forgeOpenOaep(...args)),
    forgeSealGcm: (...args: Parameters<Forge['forgeSealGcm']>) => (broken.has('forge') ? null : forge.forgeSealGcm(...args)),
  };
});

beforeEach(() => {
  broken.clear();
});

/** Each set of breakages, and which checks must notice it. */
const BREAKAGES = [
  {
    breaks: ['scrypt', 'sha-256', 'decrypt takes all', 'gcm', 'sign', 'verify takes all'],
    failed: ['scrypt', 'sha-256', 'oaep-mgf1', 'gcm-known', 'p-256', 'ed25519'],
    didNotRun: [],
  },
  {
    breaks: ['decrypt refuses', 'encrypt with sha-1', 'gcm tag', 'verify refuses'],
    failed: ['oaep-known', 'oaep-node-opens', 'oaep-forge-opens', 'gcm-tamper', 'p-256', 'ed25519'],
    didNotRun: [],
  },
  {
    breaks: ['forge', 'no scrypt', 'key'],
    failed: ['key-form', 'key-form-forge', 'oaep-node-opens', 'oaep-forge-opens', 'oaep-mgf1-forge', 'gcm-forge'],
    didNotRun: ['scrypt'],
  },
];

describe('runSelfTest', () => {
  it('passes where nothing is broken', async () => {
    const report = await runSelfTest();
    expect(report.checks.filter((one) => one.result !== 'passed')).toEqual([]);
    expect(report).toMatchObject({ ok: true, count: 14 });
    expect(report.checks.length).toBe(14);
    expect(report.checks.every((one) => one.detail === null)).toBe(true);
  });

  it.each(BREAKAGES)('notices $breaks, and runs everything all the same', async ({ breaks, failed, didNotRun }) => {
    for (const one of breaks) broken.add(one);
    const { ok, checks } = await runSelfTest();
    const named = (result: string) => checks.filter((one) => one.result === result).map((one) => one.id);
    expect(named('failed')).toEqual(failed);
    expect(named('did-not-run')).toEqual(didNotRun);
    expect(named('passed').length).toBe(14 - failed.length - didNotRun.length);
    expect(ok).toBe(false);
    expect(checks.every((one) => (one.detail === null) === (one.result === 'passed'))).toBe(true);
  });

  it('has no check that nothing here makes fail', () => {
    expect(new Set(BREAKAGES.flatMap(({ failed }) => failed)).size).toBe(14);
  });
});
