import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_POLICY, readCeremony } from '../../ceremony/index.ts';
import { Ledger, LedgerQueries } from '../../ledger/index.ts';
import type { Plan } from '../../plan/index.ts';
import { planSchema } from '../../plan/plan.ts';
import { canonicalJson, sha256 } from '../../values/index.ts';
import { CeremonyHome, NOW_MS } from './home.fixture.ts';
import { plannedOf } from './plan.ts';
import { approve, changedPlan, HEX_ADDRESS, planFile, PLANNED_WORK, ROOM_PLAN } from './planned-ceremony.fixture.ts';

/** The first wallet and its first item, which the ceremony of this test is about. */
const wallet = (plan: Plan): Plan['wallets'][number] => plan.wallets[0] ?? never();
const item = (plan: Plan): Plan['wallets'][number]['items'][number] => wallet(plan).items[0] ?? never();
const identifier = (plan: Plan): NonNullable<ReturnType<typeof item>['identifier']> => item(plan).identifier ?? never();
function never(): never {
  throw new Error('the plan of this test has it');
}

/** Each member of a plan, changed after people did what it said before; and the departures that come of that, each at its step. */
const MEMBERS: readonly (readonly [member: string, change: (plan: Plan) => unknown, departures: readonly string[]])[] = [
  ['title', (plan) => (plan.title = 'Another'), []], // it says nothing of what is done
  ['environment', (plan) => (plan.environment = 'sandbox'), []], // a rehearsal runs the plan of any environment
  ['account', (plan) => (plan.account = 'partner'), ['wallet other-account account']],
  [
    'people[].name',
    (plan) => ((plan.people[1] ?? never()).name = 'Eva Falk'),
    ['people person-left-out people[1]', 'people person-not-planned people'],
  ],
  ['people[].role', (plan) => ((plan.people[1] ?? never()).role = 'auditor'), ['people person-other-role people[1].role']],
  ['people[], one more', (plan) => plan.people.push({ name: 'Gus Hahn', role: 'operator' }), ['people person-left-out people[2]']],
  ['people[], one less', (plan) => plan.people.pop(), ['people person-not-planned people']],
  ['policy', (plan) => (plan.policy = { ...DEFAULT_POLICY, key_pack_limit_days: 3 }), ['people other-policy policy']],
  ['wallets[], one less that is done elsewhere', (plan) => plan.wallets.pop(), []],
  [
    'wallets[], the one that is done here',
    (plan) => plan.wallets.shift(),
    ['wallet wallet-not-planned wallets', 'secrets item-not-planned wallets', 'secrets item-not-planned wallets'],
  ],
  [
    'wallets[].user_identifier',
    (plan) => (wallet(plan).user_identifier = 'treasury-btc-2'),
    ['wallet wallet-not-planned wallets', 'secrets item-not-planned wallets', 'secrets item-not-planned wallets'],
  ],
  [
    'wallets[].key_environment',
    (plan) => (wallet(plan).key_environment = 'HOT'),
    ['wallet other-key-environment wallets[0].key_environment'],
  ],
  [
    'wallets[].customer_id',
    (plan) => (wallet(plan).customer_id = 'c-9'),
    ['wallet wallet-not-planned wallets', 'secrets item-not-planned wallets', 'secrets item-not-planned wallets'],
  ],
  ['wallets[].customer_name', (plan) => (wallet(plan).customer_name = 'Ltd'), ['wallet other-organisation wallets[0].customer_name']],
  ['wallets[].package_id', (plan) => (wallet(plan).package_id = 'p-9'), ['wallet other-organisation wallets[0].package_id']],
  ['wallets[].package_name', (plan) => (wallet(plan).package_name = 'Vault'), ['wallet other-organisation wallets[0].package_name']],
  [
    'wallets[].items[].name',
    (plan) => (item(plan).name = 'seed-2.txt'),
    ['secrets item-left-out wallets[0].items[0]', 'secrets item-not-planned wallets[0].items'],
  ],
  [
    'wallets[].items[], one more',
    (plan) => wallet(plan).items.push({ ...item(plan), name: 'x' }),
    ['secrets item-left-out wallets[0].items[2]'],
  ],
  ['wallets[].items[], one less', (plan) => wallet(plan).items.pop(), ['secrets item-not-planned wallets[0].items']],
  ['wallets[].items[].kind', (plan) => (item(plan).kind = 'xprv'), ['secrets other-kind wallets[0].items[0].kind']],
  [
    'wallets[].items[].identifier.type',
    (plan) => (identifier(plan).type = 'bitcoin-p2tr'),
    ['secrets identifier-not-computed wallets[0].items[0].identifier'],
  ],
  [
    'wallets[].items[].identifier.path',
    (plan) => (identifier(plan).path = "m/84'/0'/0'/0/1"),
    ['secrets identifier-not-computed wallets[0].items[0].identifier'],
  ],
  [
    'wallets[].items[].identifier.value',
    (plan) => (identifier(plan).value = HEX_ADDRESS),
    ['secrets other-identifier wallets[0].items[0].identifier'],
  ],
  [
    'wallets[].items[].bip39_passphrase',
    (plan) => (item(plan).bip39_passphrase = true),
    ['secrets other-passphrase wallets[0].items[0].bip39_passphrase'],
  ],
  [
    'wallets[].items[].size_bytes.min',
    (plan) => ((item(plan).size_bytes ?? never()).min = 96),
    ['secrets other-size wallets[0].items[0].size_bytes'],
  ],
  [
    'wallets[].items[].size_bytes.max',
    (plan) => ((item(plan).size_bytes ?? never()).max = 90),
    ['secrets other-size wallets[0].items[0].size_bytes'],
  ],
  // Who asks for less departs in nothing; that it is another plan is told below.
  ['wallets[].items[].identifier', (plan) => (item(plan).identifier = null), []],
  ['wallets[].items[].size_bytes', (plan) => (item(plan).size_bytes = null), []],
  ['wallets[].items[].mode', (plan) => (item(plan).mode = 'envelope'), ['seal other-mode wallets[0].items[0].mode']],
];

type Shape = { type?: string; properties?: Record<string, Shape>; items?: Shape; anyOf?: Shape[] };

/** Every member of a form, lists by their elements: `wallets`, `wallets[]`, `wallets[].items`, …; null for what may be null is no member. */
function membersOf({ properties = {}, items, anyOf = [] }: Shape, at = ''): string[] {
  return [
    ...Object.entries(properties).flatMap(([name, inner]) => {
      const place = at === '' ? name : `${at}.${name}`;
      return [...(isList(inner) ? [] : [place]), ...membersOf(inner, place)];
    }),
    ...(items === undefined ? [] : [`${at}[]`, ...membersOf(items, `${at}[]`)]),
    ...anyOf.flatMap((one) => membersOf(one, at)),
  ];
}

/** A list is changed by what is in it. */
function isList({ type }: Shape): boolean {
  return type === 'array';
}

let room: CeremonyHome;
let ledger: Ledger;
let file: string;
let approved: string;

beforeAll(async () => {
  room = await CeremonyHome.make();
  file = planFile(room);
  await approve(room, file);
  approved = (await room.must('plan.read', { file })).output['plan_sha256'] as string;
  await room.begin('rehearsal', 'rehearsal', { plan: file, plan_sha256: approved, wallets: [0] });
  for (const { step, work } of PLANNED_WORK) {
    await work(room);
    if (step === 'seal') break;
    await room.sign();
  }
  ledger = Ledger.open(join(room.home, 'ledger.sqlite'), { clock: { now: () => NOW_MS }, macKey: null });
});
afterAll(async () => {
  ledger.close();
  await room.remove();
});

/** What the ceremony of this test departs in from another plan, as `step code place`. */
async function departures(plan: Plan): Promise<string[]> {
  const queries = new LedgerQueries(ledger);
  const state = readCeremony(queries, room.ceremony);
  const noted = { sha256: sha256(canonicalJson(plan)), plan: plan as unknown as Record<string, never>, wallets: [0], approvals: [] };
  const planned = await plannedOf({ queries }, { ...state, facts: { ...state.facts, plan: noted } });
  return (planned?.view.departures ?? []).map(({ step, code, place }) => `${step} ${code} ${place}`);
}

describe('a member of the plan that is changed after approval', () => {
  it('is each of the form’s members: a new one has to be added here', () => {
    const named = new Set(MEMBERS.map(([member]) => member.replace(/, .*/, '')));
    const members = membersOf(z.toJSONSchema(planSchema) as Shape);
    expect(members).toHaveLength(27);
    // The version of the form is not in the table: a plan of another one is none.
    expect(members.filter((member) => !named.has(member))).toEqual(['plan']);
    expect([...named].filter((member) => !members.includes(member))).toEqual([]);
  });

  it('is not its version: a plan of another one is none that anybody could begin by', async () => {
    const file = planFile(room, { ...ROOM_PLAN, plan: 2 } as unknown as Plan);
    expect(await room.codes('ceremony.begin', { script: 'rehearsal', environment: 'rehearsal', plan: file, wallets: [0] })).toEqual([
      'plan-not-ours',
    ]);
  });

  it('departs in nothing while it is as it was', async () => {
    expect(await departures(ROOM_PLAN)).toEqual([]);
  });

  it.each(MEMBERS)('%s stops the step that it concerns, by name', async (_member, change, expected) => {
    expect(await departures(changedPlan(change))).toEqual(expected);
  });

  it.each(MEMBERS)('%s is another plan, which nobody approved', async (_member, change) => {
    const plan = changedPlan(change);
    const other = planFile(room, plan);
    const codes = await room.codes('ceremony.begin', {
      script: 'rehearsal',
      environment: 'rehearsal',
      plan: other,
      plan_sha256: approved,
      wallets: [0],
    });
    // A plan that contradicts itself by now is refused before anybody asks whether it is the one that was approved.
    expect(['plan-changed', 'plan-contradicts']).toContain(codes[0]);
    if (codes[0] === 'plan-changed') expect((await room.must('plan.read', { file: other })).output['approvals']).toEqual([]);
  });

  it('is not in the plan that was approved: its approvals stand', async () => {
    expect((await room.must('plan.read', { file })).output['approvals']).toMatchObject([{ initials: 'AB' }, { initials: 'CD' }]);
  });
});
