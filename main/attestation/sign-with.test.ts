import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSignWith, defaultSignWith, parseSignWith } from './sign-with.ts';

const refused = expect.objectContaining({ code: 'sign-with-field', family: 'input' }) as Error;

describe('parseSignWith', () => {
  it('reads a list in its order, and none', () => {
    expect(parseSignWith('pulled_by_id,key_id')).toEqual(['pulled_by_id', 'key_id']);
    expect(parseSignWith('user_id')).toEqual(['user_id']);
    expect(parseSignWith('none')).toBe(null);
  });
  it.each([
    '',
    ',',
    'key_id,',
    ',key_id',
    'public_key',
    'key_id,public_key',
    'KEY_ID',
    'key_id,key_id',
    'nothing',
    ' key_id',
    'none,key_id',
    '__proto__',
  ])('refuses %j', (text) => {
    expect(() => parseSignWith(text)).toThrow(refused);
  });
  it('takes nothing that it does not give back as the same text', () => {
    const field = fc.constantFrom('key_id', 'user_id', 'pulled_by_id', 'public_key', '', 'x');
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 4 }), (fields) => {
        const isGood = new Set(fields).size === fields.length && fields.every((one) => one !== '' && one !== 'x' && one !== 'public_key');
        const parse = () => parseSignWith(fields.join(','));
        if (isGood) expect(parse()?.join(',')).toBe(fields.join(','));
        else expect(parse).toThrow(refused);
      }),
    );
  });
});

describe('checkSignWith', () => {
  it('takes what Coldroom asks for by itself', () => {
    checkSignWith(defaultSignWith({}));
    checkSignWith(defaultSignWith({ customerId: 'c', packageId: 'p' }));
  });
  it('refuses an empty list', () => {
    expect(() => {
      checkSignWith([]);
    }).toThrow(refused);
  });
});

describe('defaultSignWith', () => {
  it('asks for the customer and the package where they are sent', () => {
    const always = ['key_id', 'key_fingerprint', 'pulled_by_id', 'pulled_by_type'];
    expect(defaultSignWith({})).toEqual(always);
    expect(defaultSignWith({ customerId: 'c' })).toEqual([...always, 'external_customer_id']);
    expect(defaultSignWith({ packageId: 'p' })).toEqual([...always, 'external_package_id']);
    expect(defaultSignWith({ customerId: 'c', packageId: 'p' })).toEqual([...always, 'external_customer_id', 'external_package_id']);
  });
});
