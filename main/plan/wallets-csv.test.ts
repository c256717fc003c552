import { describe, expect, it } from 'vitest';
import { walletsOfCsv, WALLET_COLUMNS } from './wallets-csv.ts';

const HEADER = [...WALLET_COLUMNS.required, ...WALLET_COLUMNS.optional].join(',');
const LINE = "w-1,COLD,seed.txt,bip39,direct,c-1,Customer,p-1,Package,bitcoin-p2wpkh,m/84'/0'/0'/0/0,bc1q,true,90,96";
const refusal = (code: string) => expect.objectContaining({ code, family: 'input' }) as Error;
const message = (text: string): string => {
  try {
    walletsOfCsv(text);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'nothing wrong';
};

describe('a list of wallets', () => {
  it.each([
    `${HEADER}\n${LINE}`,
    `${HEADER}\r\n${LINE}\r\n`,
    `\uFEFF${HEADER}\n${LINE}\n\n\n`,
    `${HEADER}\n${LINE.replace('Customer', '"Customer"').replace('true', 'TRUE')}`,
  ])('is read: %j', (text) => {
    expect(walletsOfCsv(text)).toEqual([
      {
        user_identifier: 'w-1',
        key_environment: 'COLD',
        customer_id: 'c-1',
        customer_name: 'Customer',
        package_id: 'p-1',
        package_name: 'Package',
        items: [
          {
            name: 'seed.txt',
            kind: 'bip39',
            identifier: { type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0", value: 'bc1q' },
            bip39_passphrase: true,
            size_bytes: { min: 90, max: 96 },
            mode: 'direct',
          },
        ],
      },
    ]);
  });
  it('with the least columns, in any order, has nulls for the rest', () => {
    expect(walletsOfCsv('mode,kind,item_name,key_environment,user_identifier\nenvelope,opaque,a,HOT,w')).toEqual([
      {
        user_identifier: 'w',
        key_environment: 'HOT',
        customer_id: null,
        customer_name: null,
        package_id: null,
        package_name: null,
        items: [{ name: 'a', kind: 'opaque', identifier: null, bip39_passphrase: false, size_bytes: null, mode: 'envelope' }],
      },
    ]);
  });
  it('makes one wallet of the lines that agree on it, wherever they stand', () => {
    const lines = ['w,HOT,a,opaque,envelope', 'v,HOT,b,opaque,envelope', 'w,HOT,c,opaque,envelope', 'w,COLD,d,opaque,envelope'];
    const wallets = walletsOfCsv(`${WALLET_COLUMNS.required.join(',')}\n${lines.join('\n')}`);
    expect(wallets.map(({ user_identifier: user, items }) => [user, items.map(({ name }) => name)])).toEqual([
      ['w', ['a', 'c']],
      ['v', ['b']],
      ['w', ['d']],
    ]);
  });
  it('writes an accent and its letter as the one character that a plan takes', () => {
    const [wallet] = walletsOfCsv(`${WALLET_COLUMNS.required.join(',')}\nw,HOT,Schlu\u0308ssel.txt,opaque,envelope`);
    expect(wallet?.items[0]?.name).toBe('Schl\u00FCssel.txt');
  });
  it('takes commas, quotes and line ends inside quotes as they are', () => {
    const [wallet] = walletsOfCsv(`${WALLET_COLUMNS.required.join(',')}\n"a, ""b""\nc",HOT,x,opaque,envelope`);
    expect(wallet?.user_identifier).toBe('a, "b"\nc');
  });
  it.each<[string, string, string, string]>([
    ['nothing', '', 'wallets-csv-form', 'the list of wallets is empty'],
    ['no lines', `${HEADER}\n`, 'wallets-csv-form', 'the list of wallets has a header and no lines'],
    ['a field short', `${HEADER}\n${LINE}\nw-2,COLD`, 'wallets-csv-form', 'line 3 has 2 fields, and the header 15'],
    ['a quote that is not closed', `${HEADER}\n"${LINE}`, 'wallets-csv-form', 'line 2 has a quote that is not closed'],
    [
      'a quote inside a field',
      `${HEADER}\n${LINE.replace('w-1', 'w"1')}`,
      'wallets-csv-form',
      'line 2 has a quote, or a line end, where none belongs',
    ],
    [
      'text after a quote',
      `${HEADER}\n${LINE.replace('w-1', '"w"1')}`,
      'wallets-csv-form',
      'line 2 has a quote, or a line end, where none belongs',
    ],
    ['semicolons', HEADER.replaceAll(',', ';'), 'wallets-csv-columns', 'the list is separated by semicolons'],
    ['a column that is none', HEADER.replace('kind', 'Kind'), 'wallets-csv-columns', '"Kind" is no column of a list of wallets'],
    ['a column twice', `${HEADER},kind`, 'wallets-csv-columns', 'the column "kind" stands there twice'],
    ['a column missing', HEADER.replace('kind,', ''), 'wallets-csv-columns', 'the list lacks the column kind'],
    ['a size that is none', `${HEADER}\n${LINE.replace('96', 'x')}`, 'wallets-csv-value', 'size_max in line 2 is no whole number of bytes'],
    ['half a size', `${HEADER}\n${LINE.replace('96', '')}`, 'wallets-csv-value', 'size_max in line 2 is empty, and the other size is not'],
    [
      'a truth that is none',
      `${HEADER}\n${LINE.replace('true', 'yes')}`,
      'wallets-csv-value',
      'bip39_passphrase in line 2 is neither true nor false',
    ],
  ])('%s is refused by its line', (_name, text, code, said) => {
    expect(() => walletsOfCsv(text)).toThrow(refusal(code));
    expect(message(text)).toBe(said);
  });
});
