import { describe, expect, it } from 'vitest';
import { inspectSecret } from './inspect.ts';

const inspect = (secret: Buffer, kind?: 'opaque') =>
  inspectSecret(secret, { identifiers: [], bip39Passphrase: null, ...(kind === undefined ? {} : { kind }) });

describe('something opaque', () => {
  it.each([
    ['one byte', Buffer.from([0])],
    ['what is no text', Buffer.from([0xff, 0xfe, 0x80])],
    ['a text', Buffer.from('what is this')],
    ['ten megabytes', Buffer.alloc(10_000_000, 'abandon ')],
  ])('%s is recognised, and nobody checked it', async (_name, secret) => {
    expect(await inspect(secret)).toEqual({
      kind: 'opaque',
      valid: true,
      findings: [{ code: 'opaque-unchecked', message: 'nobody checked what this is' }],
      identifiers: [],
    });
  });
  it('nothing is not valid', async () => {
    for (const kind of [undefined, 'opaque'] as const) {
      const { valid, findings } = await inspect(Buffer.alloc(0), kind);
      expect(valid).toBe(false);
      expect(findings.map(({ code }) => code)).toEqual(['secret-empty', 'opaque-unchecked']);
    }
  });
  it('whatever is said to be opaque is left unchecked', async () => {
    expect(await inspect(Buffer.from('0'.repeat(64)), 'opaque')).toMatchObject({
      kind: 'opaque',
      valid: true,
      findings: [{ code: 'opaque-unchecked' }],
    });
  });
});
