import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { canonicalJson, checkError, inputError } from '../values/index.ts';
import { parseAssignmentRequest } from './exchange.ts';
import { isCuredByNewJwks, judgeAssignment, type Anchor, type JudgeInput } from './judge.ts';
import { parseJwks } from './jwks.ts';

type Members = Record<string, unknown>;
type Exchange = { request: Members; response: Members; jwks: { keys: readonly Members[] } };
const vectors = join(import.meta.dirname, '../../test/vectors');
const read = (name: string): unknown => JSON.parse(readFileSync(join(vectors, name), 'utf8'));
const { cases } = read('assignments.json') as { cases: (Exchange & { name: string; verdict: 'trusted' | 'refused' })[] };
const { cases: keys } = read('public-keys.json') as { cases: { name: string; public_key: string }[] };
const hexOf = (name: string) => keys.find((one) => one.name === name)?.public_key ?? '';

const nowMs = Date.parse('2026-11-24T12:00:00Z');
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8');
const refusal = (code: string) => expect.objectContaining({ code, family: 'check' }) as Error;

function judge(exchange: Exchange, policy: Partial<JudgeInput> = {}) {
  return judgeAssignment({
    environment: 'sandbox',
    request: parseAssignmentRequest(bytes(exchange.request)),
    responseBytes: bytes(exchange.response),
    jwksBytes: bytes(exchange.jwks),
    anchors: [],
    accounts: [],
    retiredAllowed: false,
    anchorsOnly: false,
    nowMs,
    ...policy,
  });
}
const named = (name: string): Exchange => {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no vector named ${name}`);
  return found;
};

/** An enclave of the test's own, to sign what no vector has. */
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = (publicKey: typeof pair.publicKey, kid: string): Members => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  alg: 'ES256',
  use: 'sig',
  'coincover:purposes': ['assignment-sig'],
  'coincover:validFrom': '2026-06-23T00:00:00Z',
});
const jwk = jwkOf(pair.publicKey, 'ours');
const strangerJwk = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, 'stranger');
const anchorOf = (entry: Members, state: Anchor['state']): Anchor => {
  const [usable] = parseJwks(bytes({ keys: [entry] }), { nowMs }).usable;
  return { fingerprint: usable?.fingerprint ?? '', state, jwk: JSON.stringify(entry) };
};
const keyId = '1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f';

function signedExchange(
  options: {
    signWith?: readonly string[];
    hex?: string;
    values?: Members;
    request?: Members;
    response?: Members;
    jwks?: readonly Members[];
  } = {},
): Exchange {
  const { signWith = ['key_id', 'key_fingerprint', 'pulled_by_id', 'pulled_by_type'], hex = hexOf('spki'), jwks = [jwk] } = options;
  const key_fingerprint = createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');
  const values: Members = {
    key_id: keyId,
    key_fingerprint,
    pulled_by_id: 'k1',
    pulled_by_type: 'api_key',
    user_id: 'u1',
    ...options.values,
  };
  const bound = Object.fromEntries([['public_key', hex], ...signWith.map((field) => [field, values[field]])] as [string, string][]);
  const text = signWith.length === 0 ? hex : canonicalJson(bound);
  return {
    request: {
      user_identifier: 'treasury',
      key_type: 'rsa4096',
      key_environment: 'COLD',
      ...(signWith.length === 0 ? {} : { sign_with: signWith }),
      ...options.request,
    },
    response: {
      key_id: keyId,
      public_key: hex,
      signature: sign('sha256', bytes(text), pair.privateKey).toString('base64'),
      ...(signWith.length === 0 ? {} : { signed_payload: text, signed_fields: signWith }),
      ...options.response,
    },
    jwks: { keys: jwks },
  };
}
const ambers = (exchange: Exchange, policy: Partial<JudgeInput> = {}) =>
  judge(exchange, policy)
    .checks.filter((one) => one.result === 'amber')
    .map((one) => one.id);

describe('assignments.json', () => {
  /** Why each refused vector is refused, so that none passes for another reason. */
  const codes: Record<string, string> = {
    'signed over decoded bytes': 'signature-invalid',
    'signed by another key': 'signature-invalid',
    p1363: 'signature-encoding',
    'public key swapped': 'signature-invalid',
    'public key upper-cased after signing': 'signature-invalid',
    'empty signature': 'signature-missing',
    'signature missing': 'signature-missing',
    'purpose is policy-sig only': 'jwks-no-usable-key',
    'no purposes': 'jwks-no-usable-key',
    'not valid yet': 'jwks-no-usable-key',
    'use is enc': 'jwks-no-usable-key',
    'alg is ES384': 'jwks-no-usable-key',
    'no keys': 'jwks-no-usable-key',
    'sign_with asked, payload left out': 'payload-missing',
    'payload re-serialised with spaces': 'signature-invalid',
    'fields in another order': 'fields-differ',
    'fields missing one': 'fields-differ',
    'payload binds another customer': 'binding-mismatch',
    'payload binds another public key': 'binding-mismatch',
    'payload binds another key_id': 'binding-mismatch',
    'fingerprint of the hex string': 'binding-mismatch',
    'fingerprint in upper case': 'binding-mismatch',
    'payload lacks a bound field': 'payload-members',
  };
  it('has cases of both verdicts, each refusal with its code', () => {
    expect(cases.filter((one) => one.verdict === 'trusted').length).toBeGreaterThan(3);
    expect(new Set(cases.filter((one) => one.verdict === 'refused').map((one) => one.name))).toEqual(new Set(Object.keys(codes)));
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
    if (one.verdict === 'trusted') expect(judge(one).keyId).toBe(one.response['key_id']);
    else expect(() => judge(one)).toThrow(refusal(codes[name] ?? ''));
  });
});

describe('what a judgement says', () => {
  it('names key, signer, bound values, and every check', () => {
    const judgement = judge(signedExchange(), { environment: 'production', anchors: [anchorOf(jwk, 'active')], accounts: ['k0', 'k1'] });
    expect(judgement).toMatchObject({
      keyId,
      keyEnvironment: 'COLD',
      signer: { kid: 'ours', fingerprint: anchorOf(jwk, 'active').fingerprint },
      bound: { public_key: hexOf('spki'), key_id: keyId, pulled_by_id: 'k1', pulled_by_type: 'api_key' },
      key: { hex: hexOf('spki'), form: 'spki' },
    });
    expect(judgement.checks.map((one) => `${one.id} ${one.result}`)).toEqual([
      'signature passed',
      'signer passed',
      'account passed',
      'key passed',
      'key-environment amber',
    ]);
  });
  it('never says that HOT or COLD was verified', () => {
    const last = judge(signedExchange({ request: { key_environment: 'HOT' } })).checks.at(-1);
    expect(last).toEqual({ id: 'key-environment', result: 'amber', what: 'HOT was asked for', restsOn: 'cannot be checked: not signed' });
  });
  it('a weak key is refused though the enclave signed it', () => {
    for (const [name, code] of [
      ['two primes next to each other', 'key-close-primes'],
      ['a prime factor of 19961', 'key-small-factor'],
      ['ROCA (CVE-2017-15361)', 'key-roca'],
    ] as const) {
      expect(() => judge(signedExchange({ hex: hexOf(name) }))).toThrow(refusal(code));
    }
  });
});

describe('the signing key', () => {
  const active = anchorOf(jwk, 'active');
  const stranger = anchorOf(strangerJwk, 'active');
  const only = (anchors: readonly Anchor[], more: Partial<JudgeInput> = {}) => ({ anchors, anchorsOnly: true, ...more });
  it.each<[string, Partial<JudgeInput>, string | null]>([
    ['an active anchor', { anchors: [active] }, null],
    ['one of two active anchors', { anchors: [stranger, active] }, null],
    ['an anchor without its entry, online', { anchors: [{ fingerprint: active.fingerprint, state: 'active' }] }, null],
    ['another anchor alone', { anchors: [stranger] }, 'signer-not-confirmed'],
    ['a revoked other anchor alone', { anchors: [anchorOf(strangerJwk, 'revoked')] }, 'signer-not-confirmed'],
    ['a retired anchor, for a new key', { anchors: [anchorOf(jwk, 'retired')] }, 'signer-retired'],
    ['a retired anchor, for a key known before', { anchors: [anchorOf(jwk, 'retired')], retiredAllowed: true }, null],
    ['a revoked anchor', { anchors: [anchorOf(jwk, 'revoked')] }, 'signer-revoked'],
    ['a revoked anchor, for a key known before', { anchors: [anchorOf(jwk, 'revoked')], retiredAllowed: true }, 'signer-revoked'],
    ['an anchor both active and revoked', { anchors: [active, anchorOf(jwk, 'revoked')] }, 'signer-revoked'],
    ['confirmed, but not in the JWKS', { anchors: [active], jwksBytes: bytes({ keys: [strangerJwk] }) }, 'signature-invalid'],
    ['confirmed, and the JWKS is empty', { anchors: [active], jwksBytes: bytes({ keys: [] }) }, 'jwks-no-usable-key'],
    ['confirmed, and the JWKS is no JSON', { anchors: [active], jwksBytes: bytes('<html>') }, 'jwks-not-json'],
    ['no anchor, at a cold station', only([]), 'signer-not-confirmed'],
    ['no anchor with its entry, at a cold station', only([{ fingerprint: active.fingerprint, state: 'active' }]), 'signer-not-confirmed'],
    ['an active anchor, at a cold station', only([active]), null],
    ['another anchor, at a cold station', only([stranger]), 'signature-invalid'],
    ['a revoked anchor, at a cold station', only([anchorOf(jwk, 'revoked'), stranger]), 'signer-revoked'],
    ['a retired anchor, at a cold station', only([anchorOf(jwk, 'retired')]), 'signer-retired'],
    ['a retired anchor, at a cold station, known before', only([anchorOf(jwk, 'retired')], { retiredAllowed: true }), null],
    ['an anchor that another entry was put under', only([{ ...stranger, jwk: JSON.stringify(jwk) }]), 'anchor-damaged'],
    ['an active anchor, whatever JWKS came along', only([active], { jwksBytes: bytes('<html>') }), null],
  ])('%s', (_name, policy, code) => {
    const act = () => judge(signedExchange(), policy);
    if (code === null) expect(act().signer.fingerprint).toBe(active.fingerprint);
    else expect(act).toThrow(refusal(code));
  });
  it('unconfirmed is amber in sandbox and rehearsal, and refused elsewhere, or where the environment is not known', () => {
    expect(ambers(signedExchange(), { environment: 'sandbox' })).toEqual(['signer', 'account', 'key-environment']);
    expect(ambers(signedExchange(), { environment: 'rehearsal' })).toEqual(['signer', 'account', 'key-environment']);
    for (const environment of ['production', 'custom', 'staging' as 'custom'] as const) {
      expect(() => judge(signedExchange(), { environment, accounts: ['k1'] })).toThrow(refusal('signer-not-confirmed'));
    }
  });
  it('every usable entry is tried', () => {
    expect(judge(signedExchange({ jwks: [strangerJwk, jwk] })).signer.kid).toBe('ours');
  });
  it('a stranger’s key made to fit the signature hides neither a confirmed nor a revoked one', () => {
    const exchange = signedExchange();
    const signature = p256.Signature.fromBytes(Buffer.from(String(exchange.response['signature']), 'base64'), 'der');
    const digest = createHash('sha256').update(String(exchange.response['signed_payload'])).digest();
    const fitting = [0, 1].map((bit) => {
      const point = Buffer.from(signature.addRecoveryBit(bit).recoverPublicKey(digest).toBytes(false));
      return { ...jwk, kid: 'fitting', x: point.toString('base64url', 1, 33), y: point.toString('base64url', 33) };
    });
    const jwks = { keys: [...fitting.filter((one) => one.x !== jwk['x']), jwk] };
    expect(jwks.keys).toHaveLength(2);
    expect(judge({ ...exchange, jwks }).signer.kid).toBe('fitting');
    expect(judge({ ...exchange, jwks }, { anchors: [active] }).signer.kid).toBe('ours');
    expect(() => judge({ ...exchange, jwks }, { anchors: [anchorOf(jwk, 'revoked')] })).toThrow(refusal('signer-revoked'));
    const [other = {}] = jwks.keys;
    expect(() => judge({ ...exchange, jwks }, { anchors: [active, anchorOf(other, 'revoked')] })).toThrow(refusal('signer-revoked'));
  });
  it('the same key under several names is judged by its fingerprint', () => {
    expect(judge(signedExchange({ jwks: [{ ...jwk, kid: 'other' }, jwk] }), { anchors: [active] }).signer.fingerprint).toBe(
      active.fingerprint,
    );
  });
});

describe('the account', () => {
  const production = { environment: 'production' as const, anchors: [anchorOf(jwk, 'active')] };
  it.each<[string, Exchange, Partial<JudgeInput>, string | null]>([
    ['confirmed', signedExchange(), { accounts: ['k1'] }, null],
    ['another confirmed', signedExchange(), { accounts: ['k2'] }, 'account-not-confirmed'],
    ['none confirmed', signedExchange(), {}, 'account-not-confirmed'],
    ['of the same letters', signedExchange(), { accounts: ['K1'] }, 'account-not-confirmed'],
    ['not bound', signedExchange({ signWith: ['key_id'] }), { accounts: ['k1'] }, 'key-unbound'],
    ['nothing bound', signedExchange({ signWith: [] }), { accounts: ['k1'] }, 'key-unbound'],
  ])('in production and custom: %s', (_name, exchange, policy, code) => {
    for (const environment of ['production', 'custom'] as const) {
      const act = () => judge(exchange, { ...production, ...policy, environment });
      if (code === null) expect(act().bound?.['pulled_by_id']).toBe('k1');
      else expect(act).toThrow(refusal(code));
    }
  });
  it.each<[string, Exchange, readonly string[], string | null]>([
    ['none confirmed', signedExchange(), [], 'account'],
    ['confirmed', signedExchange(), ['k1'], null],
    ['not bound', signedExchange({ signWith: ['key_id'] }), ['k1'], 'account'],
    ['nothing bound', signedExchange({ signWith: [] }), ['k1'], 'account'],
  ])('in sandbox and rehearsal: %s', (_name, exchange, accounts, shown) => {
    for (const environment of ['sandbox', 'rehearsal'] as const) {
      expect(ambers(exchange, { environment, accounts }).includes('account')).toBe(shown === 'account');
    }
  });
  it('is refused in sandbox too where another one is confirmed', () => {
    expect(() => judge(signedExchange(), { accounts: ['k2'] })).toThrow(refusal('account-not-confirmed'));
  });
  it('cannot forge a line of what is shown', () => {
    const { checks } = judge(signedExchange({ values: { pulled_by_id: 'k1\n\u202eok' } }));
    expect(checks.find((one) => one.id === 'account')?.what).not.toMatch(/[\n\u202e]/);
  });
});

describe('the rest of the answer', () => {
  const sent = { organisation: { customer_id: 'acme' }, package: { package_id: 'p9' } };
  it.each<[string, Members, string[]]>([
    ['the ids that were sent', { customer_id: 'acme', package_id: 'p9' }, []],
    ['no ids', { customer_id: null }, []],
  ])('may hold %s', (_name, response, shown) => {
    expect(ambers(signedExchange({ request: sent, response })).filter((id) => id.endsWith('_id'))).toEqual(shown);
  });
  it.each(['customer_id', 'package_id'])('is refused with another %s than was sent, even an empty one', (member) => {
    for (const other of ['mallory', 'ACME', '']) {
      expect(() => judge(signedExchange({ request: sent, response: { [member]: other } }))).toThrow(refusal('answer-differs'));
    }
  });
  it.each(['customer_id', 'package_id'])('shows a %s that came though none was sent', (member) => {
    expect(ambers(signedExchange({ response: { [member]: 'acme' } }))).toContain(member);
  });
  it.each<[string, Members, string]>([
    ['a key_id that is no uuid', { key_id: 'x' }, 'key-id-invalid'],
    ['another key_id than was signed', { key_id: '00000000-92a4-4c41-9e9c-3a8d2e6b5a1f' }, 'binding-mismatch'],
    ['a signature of null', { signature: null }, 'signature-missing'],
    ['another form of the same key', { public_key: hexOf('pkcs1') }, 'binding-mismatch'],
    ['no payload', { signed_payload: null }, 'payload-missing'],
  ])('is refused with %s', (_name, response, code) => {
    expect(() => judge(signedExchange({ response }))).toThrow(refusal(code));
  });
  it('is refused with a payload nobody asked for', () => {
    const { request, ...rest } = signedExchange();
    expect(() => judge({ ...rest, request: { ...request, sign_with: undefined } })).toThrow(refusal('payload-unasked'));
  });
});

describe('isCuredByNewJwks', () => {
  it.each([
    ['signature-invalid', true],
    ['jwks-no-usable-key', true],
    ['jwks-not-json', true],
    ['jwks-invalid', true],
    ['jwks-too-large', true],
    ['jwks-duplicate-member', true],
    ['jwks-private-key', true],
    ['jwks-point', true],
    ['signature-encoding', false],
    ['signer-revoked', false],
    ['binding-mismatch', false],
  ])('%s: %s', (code, isSuspect) => {
    expect(isCuredByNewJwks(checkError(code, 'x'))).toBe(isSuspect);
  });
  it('is false for what is no error of ours', () => {
    expect(isCuredByNewJwks(inputError('json-syntax', 'x'))).toBe(false);
    expect(isCuredByNewJwks(new Error('signature-invalid'))).toBe(false);
    expect(isCuredByNewJwks(undefined)).toBe(false);
  });
});

describe('mutations of a good answer', () => {
  /** One change of one character: replaced, put in, left out, doubled, swapped with the next, in the other case. */
  function mutate(text: string, at: number, character: string): string[] {
    const before = text.slice(0, at);
    const here = text.charAt(at);
    const after = text.slice(at + 1);
    const otherCase = here === here.toLowerCase() ? here.toUpperCase() : here.toLowerCase();
    const swapped = after.charAt(0) + here + after.slice(1);
    return [character + after, character + here + after, after, here + here + after, swapped, otherCase + after].map(
      (rest) => before + rest,
    );
  }
  const characters = ['0', 'f', 'A', '+', '=', ' ', '"', '\\', '{', '\u0000', 'é', '\n'];
  const mutationsOf = (text: string, step: number) => {
    const all = new Set<string>([`${text} `, `${text}\n`, `${text}=`, '']);
    for (let at = 0; at < text.length; at += step) {
      for (const mutated of mutate(text, at, characters[(at / step) % characters.length] ?? '')) all.add(mutated);
    }
    all.delete(text);
    return [...all];
  };
  const bound = named('bound');
  const plain = named('plain');
  const check = (exchange: Exchange, member: string, step: number): number => {
    const mutations = mutationsOf(String(exchange.response[member]), step);
    for (const mutated of mutations) {
      expect(() => judge({ ...exchange, response: { ...exchange.response, [member]: mutated } }), mutated).toThrow(
        expect.objectContaining({ family: 'check' }) as Error,
      );
    }
    return mutations.length;
  };
  it('are never trusted: the signature, the signed payload, the public key, the key_id', () => {
    const tried =
      check(bound, 'signature', 1) +
      check(plain, 'signature', 1) +
      check(bound, 'signed_payload', 8) +
      check(bound, 'public_key', 7) +
      check(plain, 'public_key', 7) +
      check(bound, 'key_id', 1);
    expect(tried).toBeGreaterThan(3000);
  });
  it('are never trusted: any character of the base64 alphabet anywhere in the signature', () => {
    const text = String(bound.response['signature']);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
    let tried = 0;
    for (let at = 0; at < text.length; at += 7) {
      for (const character of alphabet) {
        const signature = text.slice(0, at) + character + text.slice(at + 1);
        if (signature === text) continue;
        expect(() => judge({ ...bound, response: { ...bound.response, signature } })).toThrow(/./);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(800);
  });
});
