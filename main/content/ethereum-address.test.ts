import { describe, expect, it } from 'vitest';
import { checksummedAddress, encodeEip55 } from './ethereum-address.ts';

// EIP-55, "Test Cases": all caps, all lower, normal.
const PUBLISHED = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
];

describe('encodeEip55', () => {
  it.each(PUBLISHED)('%s', (address) => {
    expect(encodeEip55(Buffer.from(address.slice(2), 'hex'))).toBe(address);
  });
});

describe('checksummedAddress', () => {
  const address = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
  const digits = address.slice(2);
  it.each([digits, digits.toLowerCase(), digits.toUpperCase()])('takes %s', (text) => {
    expect(checksummedAddress(`0x${text}`)).toBe(address);
  });
  it.each([
    ['a letter of the wrong case', `0x${digits.replace('5aA', '5aa')}`],
    ['a capital X', `0X${digits}`],
    ['39 digits', `0x${digits.slice(1)}`],
    ['41 digits', `0x${digits}0`],
    ['nothing before it', digits],
  ])('takes none with %s', (_what, text) => {
    expect(checksummedAddress(text)).toBeNull();
  });
});
