import { createHash, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkError, inputError, isColdroomError } from '../values/index.ts';
import { isUnreadableJwks, parseAnchorKey, parseJwks, parseUsableKeys } from './jwks.ts';

const nowMs = Date.parse('2026-11-24T12:00:00Z');
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const entry = {
  ...publicKey.export({ format: 'jwk' }),
  alg: 'ES256',
  use: 'sig',
  kid: 'enclave-signing-key-v1',
  'coincover:purposes': ['policy-sig', 'assignment-sig'],
  'coincover:validFrom': '2026-06-23T00:00:00Z',
};
const fingerprint = createHash('sha256')
  .update(publicKey.export({ format: 'der', type: 'spki' }))
  .digest('hex');
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8');
const parse = (value: unknown) => parseJwks(bytes(value), { nowMs });
const parseEntry = (members: Record<string, unknown>) => parse({ keys: [{ ...entry, ...members }] });
const refusal = (code: string) => expect.objectContaining({ code, family: 'check' }) as Error;

describe('parseJwks', () => {
  it('takes an entry that holds all it must, and names it by its SPKI', () => {
    const { usable, unusable } = parse({ keys: [entry] });
    expect(unusable).toEqual([]);
    expect(usable.map((one) => [one.kid, one.fingerprint, one.validFrom, one.jwk])).toEqual([
      ['enclave-signing-key-v1', fingerprint, '2026-06-23T00:00:00Z', entry],
    ]);
    expect(usable[0]?.publicKey.equals(publicKey)).toBe(true);
  });
  it.each<[string, Record<string, unknown>]>([
    ['members that nobody knows', { x5c: ['AAAA'], 'coincover:region': { eu: 1.5 } }],
    ['no name', { kid: undefined }],
    ['a name that is no text', { kid: 7 }],
    ['validFrom of this very moment', { 'coincover:validFrom': '2026-11-24T12:00:00.000Z' }],
    ['validFrom of this very moment, elsewhere', { 'coincover:validFrom': '2026-11-24T14:00:00+02:00' }],
  ])('takes it with %s', (_name, members) => {
    expect(parseEntry(members).usable).toHaveLength(1);
  });
  it.each<[string, Record<string, unknown>, string]>([
    ['another type', { kty: 'RSA' }, 'kty'],
    ['another curve', { crv: 'P-384' }, 'crv'],
    ['the curve in lower case', { crv: 'p-256' }, 'crv'],
    ['another algorithm', { alg: 'ES384' }, 'alg'],
    ['no algorithm', { alg: undefined }, 'alg'],
    ['another use', { use: 'enc' }, 'use'],
    ['no use', { use: undefined }, 'use'],
    ['no y', { y: undefined }, 'y'],
    ['an x that is no text', { x: 1 }, 'x'],
    ['no purposes', { 'coincover:purposes': undefined }, 'coincover:purposes'],
    ['purposes as one text', { 'coincover:purposes': 'assignment-sig' }, 'coincover:purposes'],
    ['another purpose', { 'coincover:purposes': ['policy-sig'] }, 'purposes'],
    ['a longer purpose', { 'coincover:purposes': ['assignment-sig-v2'] }, 'purposes'],
    ['no validFrom', { 'coincover:validFrom': undefined }, 'coincover:validFrom'],
    ['a validFrom that is no time', { 'coincover:validFrom': 'yesterday' }, 'coincover:validFrom'],
    ['a validFrom without a time of day', { 'coincover:validFrom': '2026-06-23' }, 'coincover:validFrom'],
    ['a validFrom without an offset', { 'coincover:validFrom': '2026-06-23T00:00:00' }, 'coincover:validFrom'],
    ['a validFrom on a day that is none', { 'coincover:validFrom': '2026-02-30T00:00:00Z' }, 'coincover:validFrom'],
    ['a validFrom in seconds', { 'coincover:validFrom': 1_700_000_000 }, 'coincover:validFrom'],
    ['a validFrom one millisecond ahead', { 'coincover:validFrom': '2026-11-24T12:00:00.001Z' }, 'not valid yet'],
  ])('passes over %s, and says why', (_name, members, why) => {
    const { usable, unusable } = parseEntry(members);
    expect(usable).toEqual([]);
    expect(unusable).toEqual([{ kid: 'enclave-signing-key-v1', reason: expect.stringContaining(why) as string }]);
  });
  it('keeps the usable ones among others, in their order', () => {
    const other = { ...entry, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), kid: 'v2' };
    const { usable, unusable } = parse({ keys: [null, other, 'x', [], { ...entry, use: 'enc' }, entry] });
    expect(usable.map((one) => one.kid)).toEqual(['v2', 'enclave-signing-key-v1']);
    expect(unusable).toHaveLength(4);
  });
  it('takes nothing from a list at a time that is no number', () => {
    expect(parseJwks(bytes({ keys: [entry] }), { nowMs: NaN }).usable).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['nothing', '', 'jwks-not-json'],
    ['a page', '<html>', 'jwks-not-json'],
    ['text after the end', '{"keys":[]} x', 'jwks-not-json'],
    ['a byte order mark', '\uFEFF{"keys":[]}', 'jwks-not-json'],
    ['no list', {}, 'jwks-invalid'],
    ['a list that is none', { keys: {} }, 'jwks-invalid'],
    ['a bare list', [entry], 'jwks-invalid'],
    ['two lists', '{"keys":[],"keys":[]}', 'jwks-duplicate-member'],
    ['a member twice in an entry', JSON.stringify({ keys: [entry] }).replace('"kty"', '"kty":"RSA","kty"'), 'jwks-duplicate-member'],
    ['a private half', { keys: [{ ...entry, ...privateKey.export({ format: 'jwk' }) }] }, 'jwks-private-key'],
    ['a private half in an entry for something else', { keys: [entry, { kty: 'OKP', d: 'AAAA' }] }, 'jwks-private-key'],
    ['a point off the curve', { keys: [{ ...entry, x: Buffer.alloc(32, 1).toString('base64url') }] }, 'jwks-point'],
    ['the point 0, 0', { keys: [{ ...entry, x: 'A'.repeat(43), y: 'A'.repeat(43) }] }, 'jwks-point'],
    ['a coordinate above the field', { keys: [{ ...entry, x: Buffer.alloc(32, 255).toString('base64url') }] }, 'jwks-point'],
    ['no coordinate', { keys: [{ ...entry, x: '' }] }, 'jwks-point'],
    ['a coordinate of 31 bytes', { keys: [{ ...entry, x: Buffer.alloc(31).toString('base64url') }] }, 'jwks-point'],
    ['a coordinate of 33 bytes', { keys: [{ ...entry, x: Buffer.alloc(33).toString('base64url') }] }, 'jwks-point'],
    [
      'the right coordinate, a zero byte before it',
      { keys: [{ ...entry, x: Buffer.concat([Buffer.alloc(1), Buffer.from(entry.x ?? '', 'base64url')]).toString('base64url') }] },
      'jwks-point',
    ],
    ['a padded coordinate', { keys: [{ ...entry, x: `${entry.x ?? ''}=` }] }, 'jwks-point'],
  ])('refuses %s', (_name, value, code) => {
    expect(() => parse(value)).toThrow(refusal(code));
  });
  it('refuses a lone surrogate and bytes that are no UTF-8', () => {
    expect(() => parse('{"keys":[],"x":"\\ud800"}')).toThrow(refusal('jwks-not-json'));
    expect(() => parseJwks(Buffer.from([0xff]), { nowMs })).toThrow(refusal('jwks-not-json'));
  });
  it('takes 1 MiB and not a byte more', () => {
    const ofSize = (sizeBytes: number) => JSON.stringify({ keys: [entry] }).padEnd(sizeBytes, ' ');
    expect(parse(ofSize(1024 * 1024 - 1)).usable).toHaveLength(1);
    expect(parse(ofSize(1024 * 1024)).usable).toHaveLength(1);
    expect(() => parse(ofSize(1024 * 1024 + 1))).toThrow(refusal('jwks-too-large'));
  });
  it('meets any JSON with a list or a check error', () => {
    const member = fc.constantFrom('kty', 'crv', 'alg', 'use', 'x', 'y', 'd', 'kid', 'coincover:purposes', 'coincover:validFrom');
    const entries = fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.dictionary(member, fc.jsonValue()).map((other) => ({ ...entry, ...other })),
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          entries.map((keys) => ({ keys })),
        ),
        (value) => {
          try {
            const { usable } = parse(value);
            for (const one of usable) expect(one.fingerprint).toBe(fingerprint);
          } catch (error) {
            expect(isColdroomError(error) && error.family).toBe('check');
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('parseUsableKeys', () => {
  const later = { ...entry, 'coincover:validFrom': '2026-11-25T00:00:00Z' };
  const policy = { ...entry, 'coincover:purposes': ['policy-sig'] };
  const keysOf = (...keys: unknown[]) => parseUsableKeys(bytes({ keys }), { nowMs });
  it('gives the usable ones, whatever else is listed', () => {
    expect(keysOf(later, policy, entry).map((one) => one.fingerprint)).toEqual([fingerprint]);
  });
  it.each<[string, unknown[], string]>([
    ['nothing', [], 'it is empty'],
    ['a key that is not valid yet', [later], '1 not valid yet'],
    ['a key for something else', [policy], '1 for other purposes than assignment-sig'],
    [
      'several of each',
      [later, policy, later, { ...entry, alg: 'ES384' }, 'x'],
      '2 not valid yet, 1 for other purposes than assignment-sig, 1 of another kind (alg), 1 not an object',
    ],
  ])('refuses a list of %s, and says why', (_name, keys, why) => {
    expect(() => keysOf(...keys)).toThrow(
      expect.objectContaining({
        family: 'check',
        code: 'jwks-no-usable-key',
        message: `the list of signing keys holds none that may sign assignments today: ${why}`,
      }) as Error,
    );
  });
  it('never repeats what the list says', () => {
    const forged = { ...later, kid: 'not valid yet', alg: 'EVIL', EVIL: 1 };
    expect(() => keysOf(forged, { EVIL: 'EVIL' })).toThrow(/^(?!.*EVIL)/s);
  });
  it('passes on why a document cannot be read, which another copy of it may cure', () => {
    expect(() => parseUsableKeys(bytes('<html>'), { nowMs })).toThrow(refusal('jwks-not-json'));
    expect(isUnreadableJwks(checkError('jwks-not-json', 'x'))).toBe(true);
    expect(isUnreadableJwks(checkError('jwks-no-usable-key', 'x'))).toBe(false);
    expect(isUnreadableJwks(inputError('json-syntax', 'x'))).toBe(false);
    expect(isUnreadableJwks(new Error('jwks-not-json'))).toBe(false);
  });
});

describe('parseAnchorKey', () => {
  it('gives the key of an entry as it was kept', () => {
    expect(parseAnchorKey(JSON.stringify(entry), fingerprint).publicKey.equals(publicKey)).toBe(true);
  });
  it('does not ask for the time again', () => {
    const ahead = { ...entry, 'coincover:validFrom': '2999-01-01T00:00:00Z' };
    expect(parseAnchorKey(JSON.stringify(ahead), fingerprint).fingerprint).toBe(fingerprint);
  });
  it.each<[string, string, string]>([
    ['nothing', '', fingerprint],
    ['no key', '{}', fingerprint],
    ['another fingerprint', JSON.stringify(entry), 'ab'.repeat(32)],
    ['another purpose', JSON.stringify({ ...entry, 'coincover:purposes': ['policy-sig'] }), fingerprint],
    ['a bad point', JSON.stringify({ ...entry, x: 'A'.repeat(43) }), fingerprint],
    ['a private half', JSON.stringify({ ...entry, d: 'AAAA' }), fingerprint],
  ])('refuses %s', (_name, text, wanted) => {
    expect(() => parseAnchorKey(text, wanted)).toThrow(refusal('anchor-damaged'));
  });
});
