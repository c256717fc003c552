import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isColdroomError } from '../values/index.ts';
import { parseAssignmentRequest, parseAssignmentResponse } from './exchange.ts';

const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/vectors/public-keys.json'), 'utf8')) as {
  cases: { name: string; public_key: string; fingerprint?: string }[];
};
const [delivered] = cases;
const request = { user_identifier: 'treasury', key_type: 'rsa4096', key_environment: 'COLD' };
const response = { key_id: '1b5f7c0d-92a4-4c41-9e9c-3a8d2e6b5a1f', public_key: delivered?.public_key ?? '', signature: 'AAAA' };
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8');
const refusal = (code: string) => expect.objectContaining({ code, family: 'check' }) as Error;
const MIB = 1024 * 1024;

describe('parseAssignmentRequest', () => {
  it('gives what was sent', () => {
    const whole = {
      ...request,
      organisation: { customer_id: 'c', customer_name: 'C' },
      package: { package_id: 'p', package_name: 'P' },
      sign_with: ['key_id', 'pulled_by_id'],
    };
    expect(parseAssignmentRequest(bytes(request))).toEqual(request);
    expect(parseAssignmentRequest(bytes(whole))).toEqual(whole);
  });
  it.each<[string, unknown]>([
    ['no JSON', ''],
    ['a list', []],
    ['a member that Coldroom does not send', { ...request, extra: 1 }],
    ['a member twice', '{"user_identifier":"a","user_identifier":"b","key_type":"rsa4096","key_environment":"HOT"}'],
    ['an empty user', { ...request, user_identifier: '' }],
    ['no key_environment, which would mean HOT', { ...request, key_environment: undefined }],
    ['cold in lower case', { ...request, key_environment: 'cold' }],
    ['another key type', { ...request, key_type: 'ed25519' }],
    ['an organisation without its id', { ...request, organisation: { customer_name: 'C' } }],
    ['an empty sign_with', { ...request, sign_with: [] }],
    ['a sign_with that names a field twice', { ...request, sign_with: ['key_id', 'key_id'] }],
    ['a sign_with that names public_key', { ...request, sign_with: ['public_key'] }],
    ['a sign_with of null', { ...request, sign_with: null }],
  ])('refuses %s', (_name, value) => {
    expect(() => parseAssignmentRequest(bytes(value))).toThrow(refusal('request-invalid'));
  });
  it('takes 1 MiB and not a byte more', () => {
    const ofSize = (sizeBytes: number) => bytes(JSON.stringify(request).padEnd(sizeBytes, ' '));
    expect(parseAssignmentRequest(ofSize(MIB))).toEqual(request);
    expect(() => parseAssignmentRequest(ofSize(MIB + 1))).toThrow(refusal('request-invalid'));
  });
});

describe('parseAssignmentResponse', () => {
  it('reads the key as delivered, and takes absent for null', () => {
    const { key, ...rest } = parseAssignmentResponse(bytes(response));
    const absent = { customer_id: null, package_id: null, signed_payload: null, signed_fields: null };
    expect(rest).toEqual({ ...response, ...absent, fingerprint: delivered?.fingerprint });
    expect(key.hex).toBe(response.public_key);
  });
  it('takes null for absent, and passes over what nobody knows', () => {
    const nulls = { signature: null, customer_id: null, package_id: null, signed_payload: null, signed_fields: null };
    expect(parseAssignmentResponse(bytes({ ...response, ...nulls, trace: { a: [1.5] } }))).toMatchObject(nulls);
  });
  it.each<[string, unknown, string]>([
    ['nothing', '', 'response-invalid'],
    ['a page', '<html></html>', 'response-invalid'],
    ['a list', [response], 'response-invalid'],
    ['a member twice', JSON.stringify(response).replace('{', '{"key_id":"x",'), 'response-invalid'],
    ['no key_id', { ...response, key_id: undefined }, 'response-invalid'],
    ['no public key', { ...response, public_key: undefined }, 'response-invalid'],
    ['a signature that is no text', { ...response, signature: 7 }, 'response-invalid'],
    ['fields that are no texts', { ...response, signed_fields: [1] }, 'response-invalid'],
    ['fields as one text', { ...response, signed_fields: 'key_id' }, 'response-invalid'],
    ['an empty key_id', { ...response, key_id: '' }, 'key-id-invalid'],
    ['a key_id that is a path', { ...response, key_id: '../x' }, 'key-id-invalid'],
    ['a key_id in upper case', { ...response, key_id: response.key_id.toUpperCase() }, 'key-id-invalid'],
    ['a key_id with a digit too few', { ...response, key_id: response.key_id.slice(1) }, 'key-id-invalid'],
    ['a key_id with a digit too many', { ...response, key_id: `${response.key_id}0` }, 'key-id-invalid'],
    ['a key that is not hex', { ...response, public_key: 'xx' }, 'key-not-hex'],
    ['an empty key', { ...response, public_key: '' }, 'key-der'],
  ])('refuses %s', (_name, value, code) => {
    expect(() => parseAssignmentResponse(bytes(value))).toThrow(refusal(code));
  });
  it('takes 1 MiB and not a byte more', () => {
    const ofSize = (sizeBytes: number) => bytes(JSON.stringify(response).padEnd(sizeBytes, ' '));
    expect(parseAssignmentResponse(ofSize(MIB - 1)).key_id).toBe(response.key_id);
    expect(parseAssignmentResponse(ofSize(MIB)).key_id).toBe(response.key_id);
    expect(() => parseAssignmentResponse(ofSize(MIB + 1))).toThrow(refusal('response-invalid'));
  });
  it('meets any JSON with an answer or a check error', () => {
    const members = fc.dictionary(
      fc.constantFrom('key_id', 'public_key', 'signature', 'customer_id', 'signed_payload', 'signed_fields'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          members.map((other) => ({ ...response, ...other })),
        ),
        (value) => {
          try {
            expect(parseAssignmentResponse(bytes(value)).public_key).toBe(response.public_key);
          } catch (error) {
            expect(isColdroomError(error) && error.family).toBe('check');
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
