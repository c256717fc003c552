import type { Json } from '../values/index.ts';
import type { DraftWallet } from './wallets-csv.ts';

/** One member of a plan: where it stands, what it may hold, what it means. `docs/plan.md` and the guide beside a new plan have all of them. */
export type PlanMember = { readonly member: string; readonly holds: string; readonly means: string };

export const PLAN_MEMBERS: readonly PlanMember[] = [
  { member: 'plan', holds: '1', means: 'the version of this form; leave it' },
  { member: 'title', holds: 'text', means: 'what this ceremony is called, on screen and paper' },
  {
    member: 'environment',
    holds: 'production, sandbox, custom or rehearsal',
    means: 'where it is for; a rehearsal runs the same file unchanged',
  },
  { member: 'account', holds: 'institution or partner', means: 'the kind of CoinCover account that keys are assigned to' },
  { member: 'people[].name', holds: 'text', means: 'everybody who will be in the room, once, spelled as they will enter it' },
  {
    member: 'people[].role',
    holds: 'administrator, operator, witness or auditor',
    means: 'nobody has two roles; administrators and witnesses sign',
  },
  {
    member: 'policy',
    holds: 'the rules as `policy new` writes them, or null',
    means: 'null: whichever policy the station has when the ceremony begins',
  },
  { member: 'wallets[].user_identifier', holds: 'text', means: 'the wallet, as CoinCover knows it' },
  { member: 'wallets[].key_environment', holds: 'HOT or COLD', means: 'where CoinCover keeps the private key; one wallet has one' },
  { member: 'wallets[].customer_id', holds: 'text or null', means: 'whose wallet it is; a partner always says it' },
  { member: 'wallets[].customer_name', holds: 'text or null', means: 'that customer’s name, the same wherever the customer stands' },
  { member: 'wallets[].package_id', holds: 'text or null', means: 'the customer’s package; a partner always says it' },
  { member: 'wallets[].package_name', holds: 'text or null', means: 'that package’s name' },
  { member: 'wallets[].items[].name', holds: 'text', means: 'the name of the file that holds the secret; once in a wallet' },
  {
    member: 'wallets[].items[].kind',
    holds: 'bip39, slip39, xprv, wif, hex-key, pem-key, keystore-v3 or opaque',
    means: 'what the secret is; of opaque nobody checks anything',
  },
  {
    member: 'wallets[].items[].identifier',
    holds: 'an object or null',
    means: 'what proves that it is the right secret; null: nobody will know',
  },
  {
    member: 'wallets[].items[].identifier.type',
    holds: 'master-fingerprint, xpub, bitcoin-p2pkh, bitcoin-p2wpkh, bitcoin-p2tr, ethereum, solana, public-key or spki-sha256',
    means: 'which public identifier; it must be one that the kind has',
  },
  {
    member: 'wallets[].items[].identifier.path',
    holds: "a path such as m/84'/0'/0'/0/0, or null",
    means: 'where in the wallet’s tree; null for a single key, m for the master key itself',
  },
  {
    member: 'wallets[].items[].identifier.value',
    holds: 'text',
    means: 'the identifier, from the wallet’s own record and never from the file that will be sealed',
  },
  {
    member: 'wallets[].items[].bip39_passphrase',
    holds: 'true or false',
    means: 'whether the phrase has a BIP-39 passphrase, which is then asked for',
  },
  {
    member: 'wallets[].items[].size_bytes',
    holds: '{min, max} in bytes, or null',
    means: 'how large the file may be, its line end counted',
  },
  {
    member: 'wallets[].items[].mode',
    holds: 'direct, passphrase, envelope or envelope+passphrase',
    means: 'how it is sealed: direct holds 446 bytes, passphrase 410, the envelopes any size',
  },
];

/**
 * A plan to fill in. Blank members are null, and `plan check` names each of them: HOT or COLD, roles and kinds are asked for, never
 * proposed.
 * @param wallets as a list has them; none: one wallet with one item, all blank.
 */
export function blankPlan(policy: Json, wallets: readonly DraftWallet[] | null): Json {
  return {
    plan: 1,
    title: null,
    environment: null,
    account: null,
    people: ['administrator', 'witness'].map((role) => ({ name: null, role })),
    policy,
    wallets: wallets ?? [BLANK_WALLET],
  };
}

const BLANK_WALLET: Json = {
  user_identifier: null,
  key_environment: null,
  customer_id: null,
  customer_name: null,
  package_id: null,
  package_name: null,
  items: [
    {
      name: null,
      kind: null,
      identifier: { type: null, path: null, value: null },
      bip39_passphrase: false,
      size_bytes: { min: null, max: null },
      mode: null,
    },
  ],
};

/** The guide that lies beside a new plan: JSON has no comments. @param name of the plan's file. */
export function guideText(name: string): string {
  const lines = PLAN_MEMBERS.flatMap(({ member, holds, means }) => [member, `    holds ${holds}`, `    means ${means}`, '']);
  return [
    `What the members of ${name} mean`,
    '',
    'Fill in every null but those that do not apply. Add people, wallets and items by copying what is there.',
    'Then run `coldroom plan check` on the file, and mend what it names, until it gives the digest.',
    'This guide is no part of the plan and may be thrown away.',
    '',
    ...lines,
  ].join('\n');
}
