import { chooseLeast } from './rules.fixture.ts';
import type { Plan } from './plan.ts';

/** A small custodian's plan: 3 wallets, 4 people, every kind of member used. Its identifiers are those of test/vectors/identifiers.json. */
export const PLAN: Plan = {
  plan: 1,
  title: 'Treasury wallets, first backup',
  environment: 'production',
  account: 'partner',
  people: [
    { name: 'Ann Archer', role: 'administrator' },
    { name: 'Wim Wouters', role: 'witness' },
    { name: 'Olga Orlova', role: 'operator' },
    { name: 'Aki Aoki', role: 'auditor' },
  ],
  policy: chooseLeast({ administrator: 1, operator: 1, witness: 1, auditor: 1 }),
  wallets: [
    {
      user_identifier: 'treasury-btc',
      key_environment: 'COLD',
      customer_id: 'c-1',
      customer_name: 'Small Custodian',
      package_id: 'p-1',
      package_name: 'Vault',
      items: [
        {
          name: 'seed.txt',
          kind: 'bip39',
          identifier: { type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0", value: 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu' },
          bip39_passphrase: false,
          size_bytes: { min: 90, max: 96 },
          mode: 'direct',
        },
        { name: 'notes.pdf', kind: 'opaque', identifier: null, bip39_passphrase: false, size_bytes: null, mode: 'envelope' },
      ],
    },
    {
      user_identifier: 'treasury-eth',
      key_environment: 'HOT',
      customer_id: 'c-1',
      customer_name: 'Small Custodian',
      package_id: 'p-1',
      package_name: 'Vault',
      items: [
        {
          name: 'key.txt',
          kind: 'hex-key',
          identifier: { type: 'ethereum', path: null, value: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf' },
          bip39_passphrase: false,
          size_bytes: { min: 64, max: 66 },
          mode: 'passphrase',
        },
      ],
    },
    {
      user_identifier: 'treasury-btc',
      key_environment: 'COLD',
      customer_id: 'c-2',
      customer_name: 'Other Customer',
      package_id: 'p-2',
      package_name: null,
      items: [
        {
          name: 'seed.txt',
          kind: 'bip39',
          identifier: { type: 'master-fingerprint', path: 'm', value: 'b4e3f5ed' },
          bip39_passphrase: true,
          size_bytes: null,
          mode: 'envelope+passphrase',
        },
      ],
    },
  ],
};
