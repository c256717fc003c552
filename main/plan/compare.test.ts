import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256, type Json } from '../values/index.ts';
import { compareBeginning, compareItem, compareItems, comparePeople, compareWallet, departuresOf } from './compare.ts';
import type { Done, DoneItem, DoneWallet } from './done.ts';
import type { Plan, PlanItem } from './plan.ts';
import { PLAN } from './plan.fixture.ts';

type Mutable<T> = T extends readonly (infer Each)[]
  ? Mutable<Each>[]
  : T extends object
    ? { -readonly [Member in keyof T]: Mutable<T[Member]> }
    : T;

const doneItem = (item: PlanItem): DoneItem => ({ ...item, valid: true, size_bytes: item.size_bytes?.max ?? 1234 });

/** Everything as planned. */
const asPlanned = (): Mutable<Done> =>
  structuredClone({
    environment: PLAN.environment,
    account: PLAN.account,
    policy_sha256: sha256(canonicalJson(PLAN.policy as Json)),
    people: PLAN.people,
    wallets: PLAN.wallets.map((wallet) => ({ ...wallet, items: wallet.items.map(doneItem) })),
  });
const otherwise = (change: (done: Mutable<Done>) => void, plan: Plan = PLAN) => {
  const done = asPlanned();
  change(done);
  return departuresOf(plan, done).map(({ code, place }) => `${code} ${place}`);
};
const at = <Each>(list: Each[] | undefined, index: number): Each => {
  const found = list?.[index];
  if (found === undefined) throw new Error('nothing there');
  return found;
};
const item = (done: Mutable<Done>, wallet = 0, which = 0): Mutable<DoneItem> => at(at(done.wallets, wallet).items, which);
const FIRST = 'wallets[0].items[0]';

describe('plan against done', () => {
  it('as planned there is no departure, rehearsed or real', () => {
    expect(departuresOf(PLAN, asPlanned())).toEqual([]);
    expect(otherwise((done) => (done.environment = 'rehearsal'))).toEqual([]);
  });

  it.each<[string, (done: Mutable<Done>) => void, string[]]>([
    ['another environment', (done) => (done.environment = 'sandbox'), ['other-environment environment']],
    ['another account', (done) => (done.account = 'institution'), ['other-account account']],
    ['another policy', (done) => (done.policy_sha256 = '0'.repeat(64)), ['other-policy policy']],
    ['a person left out', (done) => done.people.splice(1, 1), ['person-left-out people[1]']],
    ['a person too many', (done) => done.people.push({ name: 'Zoe', role: 'witness' }), ['person-not-planned people']],
    ['a person twice', (done) => done.people.push({ name: 'Ann Archer', role: 'administrator' }), ['person-twice people']],
    ['another person', (done) => (at(done.people, 0).name = 'Anne Archer'), ['person-left-out people[0]', 'person-not-planned people']],
    ['another role', (done) => (at(done.people, 3).role = 'witness'), ['person-other-role people[3].role']],
    ['a wallet left out', (done) => done.wallets.splice(1, 1), ['wallet-left-out wallets[1]']],
    [
      'a wallet too many',
      (done) => done.wallets.push({ ...at(done.wallets, 1), user_identifier: 'another' }),
      ['wallet-not-planned wallets'],
    ],
    ['a wallet twice', (done) => done.wallets.push(structuredClone(at(done.wallets, 1))), ['wallet-twice wallets']],
    ['another customer', (done) => (at(done.wallets, 1).customer_id = 'c-9'), ['wallet-not-planned wallets', 'wallet-left-out wallets[1]']],
    ['HOT for COLD', (done) => (at(done.wallets, 0).key_environment = 'HOT'), ['other-key-environment wallets[0].key_environment']],
    ['another customer’s name', (done) => (at(done.wallets, 0).customer_name = 'x'), ['other-organisation wallets[0].customer_name']],
    ['another package', (done) => (at(done.wallets, 0).package_id = 'x'), ['other-organisation wallets[0].package_id']],
    [
      'a package’s name that is not planned',
      (done) => (at(done.wallets, 2).package_name = 'x'),
      ['other-organisation wallets[2].package_name'],
    ],
    ['an item left out', (done) => at(done.wallets, 0).items.splice(1, 1), ['item-left-out wallets[0].items[1]']],
    [
      'an item too many',
      (done) => at(done.wallets, 0).items.push({ ...item(done), name: 'more.txt' }),
      ['item-not-planned wallets[0].items'],
    ],
    ['an item twice', (done) => at(done.wallets, 0).items.push(structuredClone(item(done))), ['item-twice wallets[0].items']],
    [
      'an item under another name',
      (done) => (item(done).name = 'seed2.txt'),
      ['item-left-out wallets[0].items[0]', 'item-not-planned wallets[0].items'],
    ],
    ['another kind', (done) => (item(done).kind = 'opaque'), [`other-kind ${FIRST}.kind`]],
    ['not valid', (done) => (item(done).valid = false), [`not-valid ${FIRST}.kind`]],
    ['a byte too few', (done) => (item(done).size_bytes = 89), [`other-size ${FIRST}.size_bytes`]],
    ['a byte too many', (done) => (item(done).size_bytes = 97), [`other-size ${FIRST}.size_bytes`]],
    ['another mode', (done) => (item(done).mode = 'envelope'), [`other-mode ${FIRST}.mode`]],
    [
      'a BIP-39 passphrase that is not planned',
      (done) => (item(done).bip39_passphrase = true),
      [`other-passphrase ${FIRST}.bip39_passphrase`],
    ],
    [
      'no BIP-39 passphrase where one is',
      (done) => (item(done, 2).bip39_passphrase = false),
      ['other-passphrase wallets[2].items[0].bip39_passphrase'],
    ],
    [
      'another identifier',
      (done) => (item(done).identifier = { type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0", value: 'bc1qother' }),
      [`other-identifier ${FIRST}.identifier`],
    ],
    ['no identifier', (done) => (item(done).identifier = null), [`identifier-not-computed ${FIRST}.identifier`]],
    [
      'the identifier at another path',
      (done) => Object.assign(item(done).identifier ?? {}, { path: "m/84'/0'/1'/0/0" }),
      [`identifier-not-computed ${FIRST}.identifier`],
    ],
  ])('%s is a departure in its place', (_name, change, expected) => {
    expect(otherwise(change)).toEqual(expected);
  });

  it('at the ends of a planned size there is none', () => {
    expect(otherwise((done) => (item(done).size_bytes = 90))).toEqual([]);
    expect(otherwise((done) => (item(done).size_bytes = 96))).toEqual([]);
  });

  it('says both sides, in words', () => {
    const done = asPlanned();
    item(done).identifier = { type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0", value: 'bc1qother' };
    expect(departuresOf(PLAN, done)).toEqual([
      {
        code: 'other-identifier',
        place: 'wallets[0].items[0].identifier',
        planned: 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu',
        found: 'bc1qother',
        message: 'the bitcoin-p2wpkh of this secret is bc1qother, and the plan says bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu',
      },
    ]);
  });

  it('without a policy in the plan any policy is the planned one', () => {
    expect(otherwise((done) => (done.policy_sha256 = 'f'.repeat(64)), { ...PLAN, policy: null })).toEqual([]);
  });
});

describe('each step’s own comparison', () => {
  const [wallet] = PLAN.wallets;
  if (wallet === undefined) throw new Error('no wallet');
  const facts: Omit<DoneWallet, 'items'> = wallet;
  it('finds what concerns it, and nothing else', () => {
    const done = asPlanned();
    expect(compareBeginning(PLAN, done)).toEqual([]);
    expect(comparePeople(PLAN, done.people)).toEqual([]);
    expect(compareWallet(PLAN, facts)).toEqual([]);
    expect(compareItems(PLAN, facts, ['notes.pdf', 'seed.txt'])).toEqual([]);
    expect(compareItem(at([...wallet.items], 0), item(done), FIRST)).toEqual([]);
  });
  it('knows no wallet that is not planned', () => {
    const stranger = { ...facts, user_identifier: 'stranger' };
    expect(compareWallet(PLAN, stranger).map(({ code }) => code)).toEqual(['wallet-not-planned']);
    expect(compareItems(PLAN, stranger, ['a', 'b']).map(({ code }) => code)).toEqual(['item-not-planned', 'item-not-planned']);
  });
  it('a member of the plan changed after approval is a departure of what was done, each in turn', () => {
    const done = asPlanned();
    const changes: [string, (plan: Mutable<Plan>) => void][] = [
      ['environment', (plan) => (plan.environment = 'sandbox')],
      ['account', (plan) => (plan.account = 'institution')],
      ['people', (plan) => (at(plan.people, 0).name = 'x')],
      ['people.role', (plan) => (at(plan.people, 0).role = 'auditor')],
      ['policy', (plan) => (plan.policy = {})],
      ['user_identifier', (plan) => (at(plan.wallets, 0).user_identifier = 'x')],
      ['key_environment', (plan) => (at(plan.wallets, 0).key_environment = 'HOT')],
      ['customer_id', (plan) => (at(plan.wallets, 0).customer_id = 'x')],
      ['customer_name', (plan) => (at(plan.wallets, 0).customer_name = 'x')],
      ['package_id', (plan) => (at(plan.wallets, 0).package_id = null)],
      ['package_name', (plan) => (at(plan.wallets, 0).package_name = null)],
      ['name', (plan) => (at(at(plan.wallets, 0).items, 0).name = 'x')],
      ['kind', (plan) => (at(at(plan.wallets, 0).items, 0).kind = 'wif')],
      ['identifier', (plan) => Object.assign(at(at(plan.wallets, 0).items, 0).identifier ?? {}, { value: 'x' })],
      ['identifier.type', (plan) => Object.assign(at(at(plan.wallets, 0).items, 0).identifier ?? {}, { type: 'xpub' })],
      ['identifier.path', (plan) => Object.assign(at(at(plan.wallets, 0).items, 0).identifier ?? {}, { path: 'm' })],
      ['bip39_passphrase', (plan) => (at(at(plan.wallets, 0).items, 0).bip39_passphrase = true)],
      ['size_bytes', (plan) => (at(at(plan.wallets, 0).items, 0).size_bytes = { min: 1, max: 2 })],
      ['mode', (plan) => (at(at(plan.wallets, 0).items, 0).mode = 'envelope')],
    ];
    for (const [member, change] of changes) {
      const plan = structuredClone<Plan>(PLAN);
      change(plan);
      expect([member, departuresOf(plan, done).length > 0]).toEqual([member, true]);
    }
  });
});
