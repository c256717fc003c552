import { describe, expect, it } from 'vitest';
import { ROLES } from '../ceremony/index.ts';
import { fingerprintWords, type Json } from '../values/index.ts';
import { checkPlan } from './check.ts';
import { encodePlan, PLAN_ROLES, planDigest, type Plan, type PlanItem, type PlanWallet } from './plan.ts';
import { PLAN } from './plan.fixture.ts';
import { chooseLeast, RULES } from './rules.fixture.ts';

const check = (value: unknown) => checkPlan(encodePlan(value as Json), 'it.plan.json', RULES);
const told = (value: unknown) => check(value).findings.map(({ code, place }) => `${code} ${place}`);
const refusal = (code: string) => expect.objectContaining({ code, family: 'input' }) as Error;

/** The plan with something changed. */
const changed = (change: (plan: Draft) => void): unknown => {
  const copy = structuredClone(PLAN) as unknown as Draft;
  change(copy);
  return copy;
};
type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };
type Draft = Mutable<Omit<Plan, 'wallets' | 'people'>> & {
  people: Record<string, unknown>[];
  wallets: (Mutable<Omit<PlanWallet, 'items'>> & { items: Mutable<PlanItem>[] } & Record<string, unknown>)[];
} & Record<string, unknown>;
const item = (plan: Draft, wallet = 0, at = 0): Mutable<PlanItem> => {
  const found = plan.wallets[wallet]?.items[at];
  if (found === undefined) throw new Error('no such item');
  return found;
};
const wallet = (plan: Draft, at: number) => {
  const found = plan.wallets[at];
  if (found === undefined) throw new Error('no such wallet');
  return found;
};
const bip39 = (type: string, path: string | null, value: string) => (plan: Draft) => {
  item(plan).identifier = { type, path, value } as unknown as PlanItem['identifier'];
};

const XPUB_AT_44H_0H_0H = 'xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj';

describe('a plan that is right', () => {
  it('has no findings, and the digest of its RFC 8785 form in words', () => {
    const { findings, digest, words, plan } = check(PLAN);
    expect(findings).toEqual([]);
    expect(plan).toEqual(PLAN);
    expect(digest).toBe(planDigest(PLAN));
    expect(words).toEqual(fingerprintWords(planDigest(PLAN)));
    expect(words).toHaveLength(32);
  });
  it('has the same digest however it is written, and another with any member changed', () => {
    const turned = JSON.parse(JSON.stringify(PLAN, null, 7), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value,
    ) as unknown;
    expect(check(turned).digest).toBe(planDigest(PLAN));
    expect(JSON.stringify(turned)).not.toBe(JSON.stringify(PLAN));
    expect(check(changed((plan) => (plan.title = 'Another'))).digest).not.toBe(planDigest(PLAN));
  });
  it('takes an xpub below an extended private key by what is left of its way', () => {
    for (const path of ['m', "m/0'", "m/0'/0'", "m/44'/0'/0'"]) {
      const below = changed((plan) => {
        bip39('xpub', path, XPUB_AT_44H_0H_0H)(plan);
        Object.assign(item(plan), { kind: 'xprv', size_bytes: null });
      });
      expect(check(below).findings).toEqual([]);
    }
  });
  it('remarks on what nobody will check, and what everybody will see', () => {
    expect(check(PLAN).remarks.map(({ code, place }) => `${code} ${place}`)).toEqual(['plan-opaque wallets[0].items[1].kind']);
    const open = changed((plan) => {
      Object.assign(item(plan), { identifier: null, size_bytes: null });
      Object.assign(item(plan, 1), { identifier: null });
      item(plan, 2).identifier = {
        type: 'xpub',
        path: "m/44'/0'/0'",
        value: XPUB_AT_44H_0H_0H,
      };
    });
    expect(check(open).remarks.map(({ code, place }) => `${code} ${place}`)).toEqual([
      'plan-no-identifier wallets[0].items[0].identifier',
      'plan-size-open wallets[0].items[0].size_bytes',
      'plan-opaque wallets[0].items[1].kind',
      'plan-no-identifier wallets[1].items[0].identifier',
      'plan-xpub wallets[2].items[0].identifier',
    ]);
    expect(check(changed((plan) => Object.assign(wallet(plan, 1), { user_identifier: 'Treasury-BTC' }))).remarks[0]).toMatchObject({
      code: 'plan-wallet-alike',
      place: 'wallets[1].user_identifier',
    });
    expect(check(changed((plan) => Object.assign(wallet(plan, 2), { customer_name: 'small custodian' }))).remarks[0]).toMatchObject({
      code: 'plan-customer-two-ids',
      place: 'wallets[2].customer_id',
    });
  });
  it('knows the roles of a ceremony', () => {
    expect(PLAN_ROLES).toEqual(ROLES);
  });
});

describe('a plan of another form', () => {
  it.each<[string, (plan: Draft) => void, string[]]>([
    ['a member too many', (plan) => (plan['remark'] = 'x'), ['plan-member-unknown remark']],
    ['a member too many, deep', (plan) => Object.assign(item(plan), { note: 1 }), ['plan-member-unknown wallets[0].items[0].note']],
    [
      'a member whose name would turn a line round',
      (plan) => (plan['\u202Etitle\u001B[2J'] = 'x'),
      [String.raw`plan-member-unknown "\u{202e}title\u001b[2J"`],
    ],
    ['a member missing', (plan) => Reflect.deleteProperty(plan, 'title'), ['plan-member-missing title']],
    [
      'two missing',
      (plan) => [Reflect.deleteProperty(item(plan), 'mode'), Reflect.deleteProperty(wallet(plan, 1), 'package_name')],
      ['plan-member-missing wallets[0].items[0].mode', 'plan-member-missing wallets[1].package_name'],
    ],
    ['a blank title', (plan) => Object.assign(plan, { title: null }), ['plan-blank title']],
    ['an empty name', (plan) => Object.assign(plan.people[1] ?? {}, { name: '' }), ['plan-blank people[1].name']],
    ['nobody', (plan) => (plan.people = []), ['plan-value people']],
    ['no wallet', (plan) => (plan.wallets = []), ['plan-value wallets']],
    ['no item', (plan) => (wallet(plan, 1).items = []), ['plan-value wallets[1].items']],
    [
      'hot in small letters',
      (plan) => Object.assign(wallet(plan, 1), { key_environment: 'hot' }),
      ['plan-value wallets[1].key_environment'],
    ],
    ['a mode that decides by itself', (plan) => Object.assign(item(plan), { mode: 'auto' }), ['plan-value wallets[0].items[0].mode']],
    ['a kind that is not known', (plan) => Object.assign(item(plan), { kind: 'pin' }), ['plan-value wallets[0].items[0].kind']],
    [
      'a passphrase that is neither',
      (plan) => Object.assign(item(plan), { bip39_passphrase: 'no' }),
      ['plan-value wallets[0].items[0].bip39_passphrase'],
    ],
    [
      'a size of nothing',
      (plan) => Object.assign(item(plan), { size_bytes: { min: 0, max: 96 } }),
      ['plan-value wallets[0].items[0].size_bytes.min'],
    ],
    [
      'a size beyond all',
      (plan) => Object.assign(item(plan, 0, 1), { size_bytes: { min: 1, max: 12_000_001 } }),
      ['plan-value wallets[0].items[1].size_bytes.max'],
    ],
    ['a title that turns itself round', (plan) => Object.assign(plan, { title: 'Treasury \u202Estellaw' }), ['plan-value title']],
    [
      'a name with what cannot be seen',
      (plan) => Object.assign(wallet(plan, 0), { user_identifier: 'treasury\u200B-btc' }),
      ['plan-value wallets[0].user_identifier'],
    ],
    [
      'an accent apart from its letter',
      (plan) => Object.assign(item(plan), { name: 'Schlu\u0308ssel.txt' }),
      ['plan-value wallets[0].items[0].name'],
    ],
    ['a line end in a name', (plan) => Object.assign(plan.people[0] ?? {}, { name: 'Ann\nArcher' }), ['plan-value people[0].name']],
    [
      'a space at its end',
      (plan) => Object.assign(wallet(plan, 0), { user_identifier: 'treasury-btc ' }),
      ['plan-value wallets[0].user_identifier'],
    ],
    [
      'half an identifier',
      (plan) => Object.assign(item(plan), { identifier: { type: 'ethereum', value: 'x' } }),
      ['plan-member-missing wallets[0].items[0].identifier.path'],
    ],
    ['an environment that is none', (plan) => Object.assign(plan, { environment: 'test' }), ['plan-value environment']],
  ])('%s is found in its place', (_name, change, expected) => {
    const value = changed(change);
    expect(told(value)).toEqual(expected);
    expect(check(value)).toMatchObject({ plan: null, digest: null, words: null });
  });
  it('is told from what is no plan', () => {
    for (const text of ['', 'what is this', '{"plan":1,"plan":1}', '{"plan":1.5}', '\uFEFF{}', '{"plan":1}x']) {
      expect(() => checkPlan(Buffer.from(text), 'x', RULES)).toThrow(refusal('plan-not-json'));
    }
    for (const text of ['[]', '{}', '{"plan":2}', '{"coldroom":"policy/1"}', '1']) {
      expect(() => checkPlan(Buffer.from(text), 'x', RULES)).toThrow(refusal('plan-not-ours'));
    }
  });
  it('has no more findings than people can read', () => {
    const blank = { ...PLAN, wallets: Array.from({ length: 5000 }, () => ({})) };
    expect(check(blank).findings).toHaveLength(1000);
  });
});

describe('a plan that contradicts itself', () => {
  it.each<[string, (plan: Draft) => void, string[]]>([
    ['a person twice', (plan) => plan.people.push({ name: 'ann  archer', role: 'administrator' }), ['plan-person-twice people[4]']],
    [
      'a person twice, once in full width',
      (plan) => plan.people.push({ name: 'Ａnn Archer', role: 'administrator' }),
      ['plan-person-twice people[4]'],
    ],
    ['a person in two roles', (plan) => plan.people.push({ name: 'Ann Archer', role: 'witness' }), ['plan-person-two-roles people[4]']],
    [
      'fewer people than the policy wants',
      (plan) => (plan.people = plan.people.slice(0, 2)),
      ['plan-too-few-people people', 'plan-too-few-people people'],
    ],
    [
      'a second witness that the policy wants',
      (plan) => Object.assign(plan, { policy: chooseLeast({ administrator: 1, operator: 0, witness: 2, auditor: 0 }) }),
      ['plan-too-few-people people'],
    ],
    [
      'no witness, and no policy',
      (plan) => [(plan.policy = null), (plan.people = plan.people.slice(0, 1))],
      ['plan-too-few-people people'],
    ],
    ['a policy that is none', (plan) => (plan.policy = { people: 1 }), ['plan-policy policy']],
    [
      'one customer under two names',
      (plan) => Object.assign(wallet(plan, 1), { customer_name: 'Small Custodian Ltd' }),
      ['plan-customer-two-names wallets[1].customer_name'],
    ],
    [
      'one package under two names',
      (plan) => Object.assign(wallet(plan, 1), { package_name: 'Safe' }),
      ['plan-package-two-names wallets[1].package_name'],
    ],
    [
      'a partner’s wallet without its customer',
      (plan) => Object.assign(wallet(plan, 1), { customer_id: null, customer_name: null }),
      ['plan-partner-needs-organisation wallets[1].customer_id'],
    ],
    [
      'a partner’s wallet without its package',
      (plan) => Object.assign(wallet(plan, 1), { package_id: null, package_name: null }),
      ['plan-partner-needs-organisation wallets[1].package_id'],
    ],
    [
      'a name without its id',
      (plan) => [(plan.account = 'institution'), Object.assign(wallet(plan, 1), { customer_id: null })],
      ['plan-name-without-id wallets[1].customer_name'],
    ],
    [
      'a wallet twice',
      (plan) => Object.assign(wallet(plan, 2), { customer_id: 'c-1', customer_name: 'Small Custodian' }),
      ['plan-wallet-twice wallets[2].user_identifier'],
    ],
    [
      'HOT and COLD for one wallet',
      (plan) => Object.assign(wallet(plan, 1), { user_identifier: 'treasury-btc' }),
      ['plan-hot-and-cold wallets[1].key_environment'],
    ],
    ['an item in a folder', (plan) => Object.assign(item(plan), { name: 'btc/seed.txt' }), ['plan-item-name wallets[0].items[0].name']],
    ['an item twice', (plan) => Object.assign(item(plan, 0, 1), { name: 'Seed.txt' }), ['plan-item-twice wallets[0].items[1].name']],
    [
      'a secret twice',
      (plan) => Object.assign(item(plan, 2), { identifier: item(plan).identifier, bip39_passphrase: false }),
      ['plan-secret-twice wallets[2].items[0].identifier'],
    ],
    [
      'a mode that cannot hold the size',
      (plan) => Object.assign(item(plan), { size_bytes: { min: 90, max: 447 } }),
      ['plan-mode-size wallets[0].items[0].mode'],
    ],
    [
      'a passphrase that makes it too large',
      (plan) => Object.assign(item(plan), { size_bytes: { min: 90, max: 411 }, mode: 'passphrase' }),
      ['plan-mode-size wallets[0].items[0].mode'],
    ],
    [
      'sizes the wrong way round',
      (plan) => Object.assign(item(plan), { size_bytes: { min: 96, max: 90 } }),
      ['plan-size-order wallets[0].items[0].size_bytes'],
    ],
    [
      'a size that the kind never has',
      (plan) => Object.assign(item(plan, 1), { size_bytes: { min: 32, max: 33 } }),
      ['plan-size-kind wallets[1].items[0].size_bytes'],
    ],
    [
      'a BIP-39 passphrase for a key',
      (plan) => Object.assign(item(plan, 1), { bip39_passphrase: true }),
      ['plan-passphrase-kind wallets[1].items[0].bip39_passphrase'],
    ],
    [
      'a BIP-39 passphrase that nothing is computed with',
      (plan) => Object.assign(item(plan, 2), { identifier: null }),
      ['plan-passphrase-unused wallets[2].items[0].bip39_passphrase'],
    ],
    [
      'an identifier that the kind has not',
      bip39('spki-sha256', null, '0'.repeat(64)),
      ['plan-identifier-kind wallets[0].items[0].identifier.type'],
    ],
    [
      'an identifier of something opaque',
      (plan) =>
        Object.assign(item(plan, 0, 1), {
          identifier: { type: 'ethereum', path: null, value: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf' },
        }),
      ['plan-identifier-kind wallets[0].items[1].identifier.type'],
    ],
    [
      'an identifier of a share',
      (plan) => Object.assign(item(plan), { kind: 'slip39', size_bytes: null }),
      ['plan-identifier-kind wallets[0].items[0].identifier.type'],
    ],
    [
      'no path',
      bip39('bitcoin-p2wpkh', null, 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu'),
      ['plan-path wallets[0].items[0].identifier.path'],
    ],
    [
      'a path that is none',
      bip39('bitcoin-p2wpkh', '84/0/0', 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu'),
      ['plan-path wallets[0].items[0].identifier.path'],
    ],
    [
      'h for hardened',
      bip39('bitcoin-p2wpkh', 'm/84h/0h/0h/0/0', 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu'),
      ['plan-path wallets[0].items[0].identifier.path'],
    ],
    [
      'a path of another script',
      bip39('bitcoin-p2wpkh', "m/86'/0'/0'/0/0", 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu'),
      ['plan-path wallets[0].items[0].identifier.path'],
    ],
    [
      'a path of another coin',
      bip39('ethereum', "m/44'/0'/0'/0/0", '0x9858EfFD232B4033E47d90003D41EC34EcaEda94'),
      ['plan-path wallets[0].items[0].identifier.path'],
    ],
    ['an xpub that lies deeper', bip39('xpub', "m/44'/0'", XPUB_AT_44H_0H_0H), ['plan-path wallets[0].items[0].identifier.path']],
    ['an xpub that lies less deep', bip39('xpub', "m/44'/0'/0'/0", XPUB_AT_44H_0H_0H), ['plan-path wallets[0].items[0].identifier.path']],
    ['an xpub with another last step', bip39('xpub', "m/44'/0'/1'", XPUB_AT_44H_0H_0H), ['plan-path wallets[0].items[0].identifier.path']],
    [
      'an xpub of an xprv that would lie above the master key',
      (plan) => {
        bip39('xpub', "m/44'/0'/0'/0'", XPUB_AT_44H_0H_0H)(plan);
        Object.assign(item(plan), { kind: 'xprv', size_bytes: null });
      },
      ['plan-path wallets[0].items[0].identifier.path'],
    ],
    [
      'a path of a single key',
      (plan) => Object.assign(item(plan, 1).identifier ?? {}, { path: 'm' }),
      ['plan-path wallets[1].items[0].identifier.path'],
    ],
    [
      'a letter of an address changed',
      bip39('bitcoin-p2wpkh', "m/84'/0'/0'/0/0", 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyv'),
      ['plan-identifier-value wallets[0].items[0].identifier.value'],
    ],
    [
      'an address of another type',
      bip39('bitcoin-p2wpkh', "m/84'/0'/0'/0/0", '1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA'),
      ['plan-identifier-value wallets[0].items[0].identifier.value'],
    ],
    [
      'a test network’s address',
      bip39('bitcoin-p2wpkh', "m/84'/0'/0'/0/0", 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx'),
      ['plan-identifier-value wallets[0].items[0].identifier.value'],
    ],
    [
      'an Ethereum address in small letters',
      bip39('ethereum', "m/44'/60'/0'/0/0", '0x9858effd232b4033e47d90003d41ec34ecaeda94'),
      ['plan-identifier-value wallets[0].items[0].identifier.value'],
    ],
    [
      'a fingerprint in capitals',
      bip39('master-fingerprint', 'm', '73C5DA0A'),
      ['plan-identifier-value wallets[0].items[0].identifier.value'],
    ],
    [
      'a Solana key cut short',
      bip39('solana', "m/44'/501'/0'/0'", 'HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKp'),
      ['plan-identifier-value wallets[0].items[0].identifier.value'],
    ],
  ])('%s: found in its place, and no digest', (_name, change, expected) => {
    const value = changed(change);
    expect(told(value)).toEqual(expected);
    expect(check(value)).toMatchObject({ digest: null, words: null });
    for (const { message } of check(value).findings) expect(message).toMatch(/^[a-z0-9"].*[^.]$/);
  });

  it.each([
    ['hex-key', 64, 68],
    ['wif', 51, 54],
    ['xprv', 111, 113],
  ] as const)('a %s has %d to %d bytes, and no plan says otherwise', (kind, least, most) => {
    const codesOf = (min: number, max: number) =>
      told(changed((plan) => Object.assign(item(plan), { kind, identifier: null, size_bytes: { min, max } }))).filter((one) =>
        one.startsWith('plan-size'),
      );
    expect([codesOf(1, least), codesOf(most, 400)]).toEqual([[], []]);
    const refused = ['plan-size-kind wallets[0].items[0].size_bytes'];
    expect([codesOf(1, least - 1), codesOf(most + 1, 400)]).toEqual([refused, refused]);
  });
  it('says where the other one stands', () => {
    const [finding] = check(changed((plan) => Object.assign(wallet(plan, 1), { customer_name: 'Another' }))).findings;
    expect(finding?.message).toBe('the same customer has another name at wallets[0].customer_name');
  });
});
