import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAssignedKey } from '../sealing/index.ts';
import { isColdroomError } from '../values/index.ts';
import { defaultSignWith, parseSignWith } from './binding.ts';
import { parseAssignmentRequest } from './exchange.ts';
import { judgeKeyPackAge } from './freshness.ts';
import { checkGoodModulus } from './good-key.ts';
import { isRotationSuspect, judgeAssignment, type JudgeInput } from './judge.ts';
import { parseJwks } from './jwks.ts';
import { decodeSignature } from './signature.ts';

const vectors = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '../../test/vectors', name), 'utf8'));
type Case = {
  name: string;
  verdict: 'trusted' | 'refused';
  request: Record<string, unknown>;
  response: Record<string, unknown>;
  jwks: { keys: Record<string, unknown>[] };
};
const { cases } = vectors('assignments.json') as { cases: Case[] };
const { cases: keys } = vectors('public-keys.json') as {
  cases: { name: string; public_key: string; accept: boolean; spki_pem?: string; fingerprint?: string }[];
};
const nowMs = Date.parse('2026-11-24T12:00:00Z');
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8');

function inputOf(one: Case, more: Partial<JudgeInput> = {}): JudgeInput {
  return {
    environment: 'sandbox',
    request: parseAssignmentRequest(bytes(one.request)),
    responseBytes: bytes(one.response),
    jwksBytes: bytes(one.jwks),
    anchors: [],
    accounts: [],
    retiredAllowed: false,
    anchorsOnly: false,
    nowMs,
    ...more,
  };
}
const codeOf = (act: () => unknown): string | null => {
  try {
    act();
    return null;
  } catch (error) {
    if (isColdroomError(error)) return error.code;
    throw error;
  }
};
const named = (name: string): Case => {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no vector named ${name}`);
  return found;
};
const plain = named('plain');
const bound = named('bound');
const signerOf = (one: Case) =>
  parseJwks(bytes(one.jwks), { nowMs }).usable.map((entry) => ({ fingerprint: entry.fingerprint, jwk: JSON.stringify(entry.jwk) }))[0];
const anchorOf = (one: Case, state: 'active' | 'retired' | 'revoked') => [{ fingerprint: '', jwk: '', ...signerOf(one), state }];

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

  it('has cases of both verdicts', () => {
    expect(cases.filter((one) => one.verdict === 'trusted').length).toBeGreaterThan(3);
    expect(
      cases
        .filter((one) => one.verdict === 'refused')
        .map((one) => one.name)
        .toSorted(),
    ).toEqual(Object.keys(codes).toSorted());
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
    const code = codeOf(() => judgeAssignment(inputOf(one)));
    expect(code).toBe(one.verdict === 'trusted' ? null : codes[name]);
  });
});

describe('public-keys.json', () => {
  it.each(keys.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const judge = () => {
      const key = parseAssignedKey(one.public_key);
      checkGoodModulus(key.modulus);
      return key;
    };
    if (!one.accept) {
      expect(codeOf(judge)).toMatch(/^key-/);
      return;
    }
    const key = judge();
    expect(key.spkiPem).toBe(one.spki_pem);
    expect(key.fingerprint).toBe(one.fingerprint);
  });
  it.each([
    ['two primes next to each other', 'key-close-primes'],
    ['a prime factor of 19961', 'key-small-factor'],
    ['ROCA (CVE-2017-15361)', 'key-roca'],
  ])('%s is refused for that very reason', (name, code) => {
    const one = keys.find((key) => key.name === name);
    expect(
      codeOf(() => {
        checkGoodModulus(parseAssignedKey(one?.public_key ?? '').modulus);
      }),
    ).toBe(code);
  });
});

describe('trust anchors', () => {
  const strict = { environment: 'production' as const, accounts: ['k1'] };
  it.each<[string, Partial<JudgeInput>, string | null]>([
    ['none, in sandbox: amber', {}, null],
    ['an active one', { anchors: anchorOf(bound, 'active') }, null],
    ['another one alone', { anchors: [{ fingerprint: 'ab'.repeat(32), state: 'active', jwk: '{}' }] }, 'signer-not-confirmed'],
    ['a retired one, for a new key', { anchors: anchorOf(bound, 'retired') }, 'signer-retired'],
    ['a retired one, for a key known before', { anchors: anchorOf(bound, 'retired'), retiredAllowed: true }, null],
    ['a revoked one', { anchors: anchorOf(bound, 'revoked'), retiredAllowed: true }, 'signer-revoked'],
    ['none, in production', strict, 'signer-not-confirmed'],
    ['an active one in production, without the account in the binding', { ...strict, anchors: anchorOf(bound, 'active') }, 'key-unbound'],
    ['none, at a cold station, in any environment', { anchorsOnly: true }, 'signer-not-confirmed'],
    ['an active one, at a cold station', { anchorsOnly: true, anchors: anchorOf(bound, 'active') }, null],
    [
      'at a cold station, whatever the pack brings along',
      { anchorsOnly: true, anchors: anchorOf(bound, 'active'), jwksBytes: bytes({ keys: [] }) },
      null,
    ],
  ])('%s', (_name, more, code) => {
    expect(codeOf(() => judgeAssignment(inputOf(bound, more)))).toBe(code);
  });
  it('production refuses a key that is bound to nothing', () => {
    expect(codeOf(() => judgeAssignment(inputOf(plain, { ...strict, anchors: anchorOf(plain, 'active') })))).toBe('key-unbound');
  });
  it('an unconfirmed signer and an unbound key are shown in amber elsewhere', () => {
    const { checks } = judgeAssignment(inputOf(plain));
    expect(checks.filter((one) => one.result === 'amber').map((one) => one.id)).toEqual(['signer', 'account', 'key-environment']);
  });
});

describe('the rest of the answer', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a payload nobody asked for', { signed_payload: '{}', signed_fields: [] }, 'payload-unasked'],
    ['a key_id that is no uuid', { key_id: '../x' }, 'key-id-invalid'],
    ['a signature of another spelling', { signature: `${String(plain.response['signature'])}\n` }, 'signature-encoding'],
    ['no public key', { public_key: undefined }, 'response-invalid'],
  ])('%s is refused', (_name, members, code) => {
    expect(codeOf(() => judgeAssignment(inputOf({ ...plain, response: { ...plain.response, ...members } })))).toBe(code);
  });
  it('a customer_id that differs from the one sent is refused, one that came unasked is amber', () => {
    const other = { ...bound, response: { ...bound.response, customer_id: 'mallory' } };
    expect(codeOf(() => judgeAssignment(inputOf(other)))).toBe('answer-differs');
    const unasked = { ...plain, response: { ...plain.response, customer_id: 'acme' } };
    expect(judgeAssignment(inputOf(unasked)).checks.find((one) => one.id === 'customer_id')?.result).toBe('amber');
  });
  it('a member given twice is refused', () => {
    const text = JSON.stringify(plain.response).replace('{', `{"key_id":"${String(plain.response['key_id'])}",`);
    expect(codeOf(() => judgeAssignment(inputOf(plain, { responseBytes: bytes(text) })))).toBe('response-invalid');
  });
  it('only what a rotation could explain is worth a second look', () => {
    const failure = (name: string) => {
      try {
        return judgeAssignment(inputOf(named(name)));
      } catch (error) {
        return isRotationSuspect(error);
      }
    };
    expect([failure('signed by another key'), failure('not valid yet'), failure('p1363'), failure('fields in another order')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

it('no mutation of the signed parts of an answer is ever trusted', () => {
  const members = ['signature', 'signed_payload', 'public_key'] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...members),
      fc.nat(2000),
      fc.constantFrom('0', 'a', 'F', ' ', '"', '=', '{', '\u0000'),
      fc.constantFrom('replace', 'insert', 'delete'),
      (member, at, character, how) => {
        const original = String(bound.response[member]);
        const place = at % original.length;
        const mutated =
          original.slice(0, place) + (how === 'delete' ? '' : character) + original.slice(how === 'insert' ? place : place + 1);
        fc.pre(mutated !== original);
        expect(codeOf(() => judgeAssignment(inputOf({ ...bound, response: { ...bound.response, [member]: mutated } })))).not.toBe(null);
      },
    ),
    { numRuns: 2500 },
  );
});

describe('jwks', () => {
  const [entry] = plain.jwks.keys;
  const reason = (members: Record<string, unknown>) => parseJwks(bytes({ keys: [{ ...entry, ...members }] }), { nowMs });
  it('takes an entry that holds all it must', () => {
    expect(reason({}).usable).toHaveLength(1);
  });
  it.each<[string, Record<string, unknown>]>([
    ['another curve', { crv: 'P-384' }],
    ['another type', { kty: 'RSA' }],
    ['no use', { use: undefined }],
    ['no validFrom', { 'coincover:validFrom': undefined }],
    ['a validFrom that is no time', { 'coincover:validFrom': 'yesterday' }],
    ['a validFrom one millisecond ahead', { 'coincover:validFrom': '2026-11-24T12:00:00.001Z' }],
    ['a private half', { d: 'AAAA' }],
    ['a point off the curve', { x: 'A'.repeat(43) }],
    ['a coordinate cut short', { x: 'AAAA' }],
  ])('passes over %s, and says so', (_name, members) => {
    const { usable, unusable } = reason(members);
    expect([usable.length, unusable.length]).toEqual([0, 1]);
  });
  it('takes validFrom of this very moment', () => {
    expect(reason({ 'coincover:validFrom': '2026-11-24T12:00:00.000Z' }).usable).toHaveLength(1);
  });
  it.each([
    ['', 'jwks-invalid'],
    ['<html>', 'jwks-invalid'],
    ['{}', 'jwks-invalid'],
    ['{"keys":[],"keys":[]}', 'jwks-invalid'],
    ['[]', 'jwks-invalid'],
  ])('refuses %j', (text, code) => {
    expect(codeOf(() => parseJwks(bytes(text), { nowMs }))).toBe(code);
  });
});

describe('sign_with', () => {
  it('reads a list and none', () => {
    expect(parseSignWith('key_id,pulled_by_id')).toEqual(['key_id', 'pulled_by_id']);
    expect(parseSignWith('none')).toBe(null);
  });
  it.each(['', 'key_id,', ',', 'public_key', 'KEY_ID', 'key_id,key_id', 'nothing', ' key_id'])('refuses %j', (text) => {
    expect(codeOf(() => parseSignWith(text))).toBe('sign-with-field');
  });
  it('asks for the customer and the package where they are sent', () => {
    expect(defaultSignWith({})).toEqual(['key_id', 'key_fingerprint', 'pulled_by_id', 'pulled_by_type']);
    expect(defaultSignWith({ customerId: 'c', packageId: 'p' }).slice(4)).toEqual(['external_customer_id', 'external_package_id']);
  });
});

describe('signature encoding', () => {
  const good = String(plain.response['signature']);
  const der = Buffer.from(good, 'base64');
  it('takes the one form', () => {
    expect(decodeSignature(good).equals(der)).toBe(true);
  });
  it.each<[string, string]>([
    ['without padding', good.replace(/=+$/, '')],
    ['url-safe', good.replaceAll('+', '-').replaceAll('/', '_')],
    ['with a byte after the end', Buffer.concat([der, Buffer.from([0])]).toString('base64')],
    [
      'with a padded integer',
      Buffer.concat([Buffer.from([0x30, (der[1] ?? 0) + 1, 2, (der[3] ?? 0) + 1, 0]), der.subarray(4)]).toString('base64'),
    ],
    ['zero and zero', Buffer.from('3006020100020100', 'hex').toString('base64')],
    ['a negative integer', Buffer.from('3006020181020101', 'hex').toString('base64')],
    ['nothing inside', Buffer.from('3000', 'hex').toString('base64')],
  ])('refuses it %s', (_name, text) => {
    const expected = text === good ? null : 'signature-encoding';
    expect(codeOf(() => decodeSignature(text))).toBe(expected);
  });
});

describe('the age of a key pack', () => {
  const day = 24 * 60 * 60 * 1000;
  it.each([
    [7 * day, 'fresh'],
    [7 * day + 1, 'amber'],
    [30 * day, 'amber'],
    [-day, 'fresh'],
  ])('%d ms: %s', (age, verdict) => {
    expect(judgeKeyPackAge({ jwksFetchedAtMs: nowMs - age, nowMs })).toBe(verdict);
  });
  it('over the limit is a stop', () => {
    expect(codeOf(() => judgeKeyPackAge({ jwksFetchedAtMs: nowMs - 30 * day - 1, nowMs }))).toBe('key-pack-too-old');
    expect(codeOf(() => judgeKeyPackAge({ jwksFetchedAtMs: nowMs - 3 * day, nowMs, limitDays: 2 }))).toBe('key-pack-too-old');
  });
});
