import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isContractError, jsonBody, serviceMessage } from './answer.ts';
import { MAX_ANSWER_BYTES } from './http.ts';

const read = (text: string) => jsonBody({ body: Buffer.from(text) });

describe('jsonBody', () => {
  it.each(['', '<html>', '[]', 'null', '"text"', '{"a":1', '{"a":1}x', '{"a":1,"a":2}', '\uFEFF{}'])('takes no %j', (text) => {
    expect(read(text)).toBeNull();
  });
  it('takes an object, up to the largest answer', () => {
    const filled = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
    expect(read('{"a":1}')).toEqual({ a: 1 });
    expect(read(filled(MAX_ANSWER_BYTES))).not.toBeNull();
    expect(read(filled(MAX_ANSWER_BYTES + 1))).toBeNull();
  });
  it('throws for no bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(() => jsonBody({ body: Buffer.from(bytes) })).not.toThrow();
      }),
    );
  });
});

describe('isContractError', () => {
  it.each<[number, string, boolean]>([
    [401, '{"message":"no","error":"Unauthorized"}', true],
    [401, '{"error":"Unauthorized"}', true],
    [400, '{"message":["one","two"],"error":"Bad Request"}', true],
    [400, '{"checksum":["invalid"],"data":"missing"}', true],
    [403, '{"checksum":["invalid"]}', false],
    [400, '{}', false],
    [400, '{"checksum":[]}', false],
    [400, '{"checksum":[1]}', false],
    [400, '{"code":{"a":1}}', false],
    [401, '{"message":1}', false],
    [401, '<html>', false],
  ])('%d %s: %s', (status, body, is) => {
    expect(isContractError(status, read(body))).toBe(is);
  });
});

describe('serviceMessage', () => {
  it.each([
    ['{"message":"m","error":"e"}', 'm'],
    ['{"error":"e"}', 'e'],
    ['{"message":{"a":1},"error":"e"}', 'e'],
    ['{"checksum":["wrong","short"],"data":"missing"}', 'checksum: wrong; checksum: short; data: missing'],
    ['{"a":1}', null],
    ['{}', null],
    ['<html>', null],
  ])('%s: %s', (body, words) => {
    expect(serviceMessage(read(body))).toBe(words);
  });
});
