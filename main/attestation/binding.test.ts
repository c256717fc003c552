import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonObject } from '../values/index.ts';
import { checkBinding, findSignedText } from './binding.ts';
import { parseAssignmentRequest, parseAssignmentResponse } from './exchange.ts';

const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/vectors/public-keys.json'), 'utf8')) as {
  cases: { public_key: string; fingerprint?: string }[];
};
const [delivered] = cases;
const publicKey = delivered?.public_key ?? '';
const keyId = '1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f';
const asked = ['user_id', 'key_id', 'key_fingerprint', 'pulled_by_id', 'pulled_by_type', 'external_customer_id', 'external_package_id'];
const payload = {
  public_key: publicKey,
  key_id: keyId,
  key_fingerprint: delivered?.fingerprint ?? '',
  pulled_by_id: 'account-1',
  pulled_by_type: 'api_key',
  external_customer_id: 'acmé',
  external_package_id: 'pkg-9',
  user_id: 'u-1',
};
const request = {
  user_identifier: 'treasury',
  key_type: 'rsa4096',
  key_environment: 'COLD',
  organisation: { customer_id: 'acmé' },
  package: { package_id: 'pkg-9' },
  sign_with: asked,
};

function bind(change: { request?: object; response?: object; payload?: JsonObject; text?: string }) {
  const sent = parseAssignmentRequest(Buffer.from(JSON.stringify({ ...request, ...change.request })));
  const text = change.text ?? canonicalJson(change.payload ?? payload);
  const answer = {
    key_id: keyId,
    public_key: publicKey,
    signature: 'AAAA',
    signed_payload: text,
    signed_fields: asked,
    ...change.response,
  };
  const response = parseAssignmentResponse(Buffer.from(JSON.stringify(answer)));
  const signed = findSignedText(sent, response);
  return { text: signed.text, bound: checkBinding(signed, sent, response) };
}
const refusal = (code: string) => expect.objectContaining({ code, family: 'check' }) as Error;
const unbound = { signed_payload: undefined, signed_fields: undefined };

describe('what the signature must be over', () => {
  it('is the payload where a binding was asked for, byte for byte', () => {
    expect(bind({})).toEqual({ text: canonicalJson(payload), bound: payload });
  });
  it('is the hex as delivered where none was', () => {
    expect(bind({ request: { sign_with: undefined }, response: unbound })).toEqual({ text: publicKey, bound: null });
  });
  it.each<[string, object, object, string]>([
    ['a payload and fields nobody asked for', { sign_with: undefined }, {}, 'payload-unasked'],
    ['a payload alone nobody asked for', { sign_with: undefined }, { signed_fields: undefined }, 'payload-unasked'],
    ['an empty payload nobody asked for', { sign_with: undefined }, { signed_payload: '', signed_fields: undefined }, 'payload-unasked'],
    ['fields nobody asked for', { sign_with: undefined }, { signed_payload: undefined, signed_fields: [] }, 'payload-unasked'],
    ['neither, though asked for', {}, unbound, 'payload-missing'],
    ['no payload, though asked for', {}, { signed_payload: undefined }, 'payload-missing'],
    ['no fields, though asked for', {}, { signed_fields: undefined }, 'payload-missing'],
  ])('refuses %s', (_name, sent, came, code) => {
    expect(() => bind({ request: sent, response: came })).toThrow(refusal(code));
  });
});

describe('checkBinding', () => {
  it('takes the other type of account, and fewer fields', () => {
    expect(bind({ payload: { ...payload, pulled_by_type: 'user_credentials' } }).bound).toMatchObject({
      pulled_by_type: 'user_credentials',
    });
    const few = { public_key: publicKey, user_id: 'u-1' };
    expect(bind({ request: { sign_with: ['user_id'] }, response: { signed_fields: ['user_id'] }, payload: few }).bound).toEqual(few);
  });
  it.each<[string, readonly string[]]>([
    ['none', []],
    ['one too few', asked.slice(1)],
    ['one too many', [...asked, 'public_key']],
    ['another order', asked.toReversed()],
    ['another case', asked.map((field) => field.toUpperCase())],
  ])('refuses signed fields that differ: %s', (_name, fields) => {
    expect(() => bind({ response: { signed_fields: fields } })).toThrow(refusal('fields-differ'));
  });
  it.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', 'x'],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['a space', canonicalJson(payload).replace(':', ': ')],
    ['a line end after it', `${canonicalJson(payload)}\n`],
    ['members in another order', JSON.stringify(payload)],
    ['an escape that need not be', canonicalJson(payload).replace('é', '\\u00e9')],
    ['a member twice', canonicalJson(payload).replace('{', '{"user_id":"u-1",')],
    ['over 64 KiB', canonicalJson({ ...payload, user_id: 'u'.repeat(64 * 1024) })],
  ])('refuses a payload that is not in its one form: %s', (_name, text) => {
    expect(() => bind({ text })).toThrow(refusal('payload-not-canonical'));
  });
  it.each<[string, JsonObject]>([
    ['a member nobody asked for', { ...payload, admin: 'yes' }],
    ['a member of a strange name', { ...payload, ['__proto__']: 'x' }],
    ['an empty value', { ...payload, user_id: '' }],
    ['a number', { ...payload, user_id: 7 }],
    ['null', { ...payload, user_id: null }],
    ['a list', { ...payload, user_id: ['u-1'] }],
    ['nothing at all', {}],
  ])('refuses a payload with %s', (_name, changed) => {
    expect(() => bind({ payload: changed })).toThrow(refusal('payload-members'));
  });
  it.each(['public_key', ...asked])('refuses a payload without %s, or with another member in its place', (field) => {
    const rest = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== field));
    expect(() => bind({ payload: rest })).toThrow(refusal('payload-members'));
    expect(() => bind({ payload: { ...rest, [`${field}_`]: 'x' } })).toThrow(refusal('payload-members'));
  });
  it.each<[string, JsonObject]>([
    ['public_key', { public_key: cases[2]?.public_key ?? '' }],
    ['public_key in upper case', { public_key: publicKey.toUpperCase() }],
    ['key_id', { key_id: '00000000-92a4-4c41-9e9c-3a8d2e6b5a1f' }],
    ['key_id in upper case', { key_id: keyId.toUpperCase() }],
    ['key_fingerprint', { key_fingerprint: 'ab'.repeat(32) }],
    ['key_fingerprint in upper case', { key_fingerprint: payload.key_fingerprint.toUpperCase() }],
    ['external_customer_id', { external_customer_id: 'acme' }],
    ['external_customer_id in another normal form', { external_customer_id: 'acmé'.normalize('NFD') }],
    ['external_package_id', { external_package_id: 'pkg-10' }],
    ['pulled_by_type', { pulled_by_type: 'API_KEY' }],
  ])('refuses another %s', (_name, members) => {
    expect(() => bind({ payload: { ...payload, ...members } })).toThrow(refusal('binding-mismatch'));
  });
  it('says which value differs: the key before its fingerprint, and a spelling apart from another value', () => {
    const messageOf = (members: JsonObject): string => {
      try {
        bind({ payload: { ...payload, ...members } });
        return '';
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
    };
    const other = { public_key: cases[2]?.public_key ?? '', key_fingerprint: 'ab'.repeat(32), key_id: keyId.toUpperCase() };
    expect(messageOf(other)).toBe('the enclave signed another public_key than this assignment’s');
    expect(messageOf({ key_fingerprint: other.key_fingerprint })).toBe('the enclave signed another key_fingerprint than this assignment’s');
    expect(messageOf({ key_fingerprint: payload.key_fingerprint.toUpperCase() })).toBe(
      'the enclave signed this key’s key_fingerprint, but not in lower case',
    );
  });
  it('refuses a customer or a package that was bound though none was sent', () => {
    expect(() => bind({ request: { organisation: undefined } })).toThrow(refusal('binding-mismatch'));
    expect(() => bind({ request: { package: undefined } })).toThrow(refusal('binding-mismatch'));
  });
  it('returns nothing but what a payload of one reading says', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('public_key', 'user_id', 'x'), fc.oneof(fc.string(), fc.constant(publicKey), fc.jsonValue())),
        (changed) => {
          const good = Object.keys(changed).length === 2 && changed['public_key'] === publicKey && typeof changed['user_id'] === 'string';
          const sent = { request: { sign_with: ['user_id'] }, response: { signed_fields: ['user_id'] } };
          const act = () => bind({ ...sent, payload: changed as JsonObject }).bound;
          if (good && changed['user_id'] !== '' && (changed['user_id'] as string).isWellFormed()) expect(act()).toEqual(changed);
          else expect(act).toThrow(expect.objectContaining({ family: 'check' }) as Error);
        },
      ),
      { numRuns: 200 },
    );
  });
});
