import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isColdroomError } from '../../values/index.ts';
import { CeremonyHome } from './home.fixture.ts';
import { beginByPlan, ROOM_PLAN, typedWallet, walkByPlan } from './planned-ceremony.fixture.ts';

/**
 * Random walks over one step of a planned ceremony, against a small model. The model is told by hand what each wallet departs in, and
 * remembers on which departures two people decided: it never asks main what it thinks of the plan.
 */
const SEED = Number(process.env['CEREMONY_SEED'] ?? 20_261_130);
const WALKS = 8;
const LENGTH = 9;

type Wallet = { readonly input: Record<string, unknown>; readonly departures: readonly string[] };
const right = typedWallet(ROOM_PLAN);
const WALLETS = {
  planned: { input: right, departures: [] },
  hot: { input: { ...right, key_environment: 'HOT', typed: 'HOT' }, departures: ['other-key-environment HOT'] },
  customer: { input: { ...right, package_id: 'p-1' }, departures: ['other-organisation p-1'] },
  both: {
    input: { ...right, key_environment: 'HOT', typed: 'HOT', package_id: 'p-1' },
    departures: ['other-key-environment HOT', 'other-organisation p-1'],
  },
  package: { input: { ...right, package_id: 'p-2' }, departures: ['other-organisation p-2'] },
  stranger: { input: { ...right, user_identifier: 'stranger' }, departures: ['wallet-not-planned stranger'] },
} satisfies Record<string, Wallet>;
type WalletName = keyof typeof WALLETS;

type Action =
  | { readonly do: 'wallet'; readonly which: WalletName }
  | { readonly do: 'go-on'; readonly initials: readonly string[] }
  | { readonly do: 'stale' }
  | { readonly do: 'sign' };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...(Object.keys(WALLETS) as WalletName[])).map((which) => ({ do: 'wallet' as const, which })) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(['AB', 'CD'], ['AB', 'CD'], ['AB', 'AB'], ['CD', 'ZZ'])
      .map((initials) => ({ do: 'go-on' as const, initials })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'stale' as const }) },
  { weight: 5, arbitrary: fc.constant({ do: 'sign' as const }) },
);

/** Walks that are always gone: to a step that closes, to one that does not, and to an exception that a change makes void. */
const EXAMPLES: readonly (readonly Action[])[] = [
  [
    { do: 'wallet', which: 'both' },
    { do: 'sign' },
    { do: 'go-on', initials: ['AB', 'CD'] },
    { do: 'sign' },
    { do: 'go-on', initials: ['CD', 'AB'] },
    { do: 'sign' },
  ],
  [
    { do: 'wallet', which: 'customer' },
    { do: 'go-on', initials: ['AB', 'CD'] },
    { do: 'wallet', which: 'package' },
    { do: 'sign' },
    { do: 'stale' },
    { do: 'sign' },
  ],
  [
    { do: 'wallet', which: 'planned' },
    { do: 'sign' },
    { do: 'wallet', which: 'hot' },
    { do: 'sign' },
    { do: 'go-on', initials: ['AB', 'AB'] },
    { do: 'sign' },
  ],
];

let prepared: CeremonyHome;
beforeAll(async () => {
  prepared = await CeremonyHome.make();
  await beginByPlan(prepared);
  await walkByPlan(prepared, 'wallet');
  await prepared.restart();
});
afterAll(async () => {
  await prepared.remove();
});

/** @returns whether it was taken. */
async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (isColdroomError(error)) return false;
    throw error;
  }
}

describe('any sequence of what people do at a step that departs from the plan', () => {
  const reached = new Set<string>();

  async function walk(actions: readonly Action[]): Promise<void> {
    const room = prepared.fork();
    let wallet: Wallet | null = null;
    let stale = 'f'.repeat(64);
    const decided = new Set<string>();
    const left = () => (wallet?.departures ?? []).filter((one) => !decided.has(one));
    try {
      for (const one of actions) {
        const before = await room.view();
        const isLit = before.now?.step === 'wallet';
        const [open] = (before.plan?.departures ?? []).filter((departure) => departure.exception === null);
        if (one.do === 'wallet') {
          await room.act('ceremony.wallet', WALLETS[one.which].input);
          wallet = WALLETS[one.which];
        } else if (one.do === 'sign') {
          const sign = isLit ? await room.signOff() : { step: 'wallet', evidence_sha256: stale, initials: [] };
          const taken = await attempt(() => room.act('ceremony.sign-off', sign));
          expect([actions, taken]).toEqual([actions, isLit && wallet !== null && left().length === 0]);
        } else {
          const id = one.do === 'stale' ? stale : (open?.id ?? stale);
          const initials = one.do === 'stale' ? ['AB', 'CD'] : one.initials;
          const taken = await attempt(() => room.act('ceremony.go-on', { departure: id, reason: 'so it is', initials }));
          const isRight = one.do === 'go-on' && new Set(initials).size === 2 && !initials.includes('ZZ');
          expect([actions, taken]).toEqual([actions, isLit && isRight && left().length > 0]);
          if (taken && open !== undefined) {
            decided.add(`${open.code} ${open.found ?? ''}`);
            stale = open.id;
          }
        }
        const { now, steps } = await room.view();
        const status = steps.find(({ id }) => id === 'wallet')?.status;
        if (status === 'done') expect([actions, left()]).toEqual([actions, []]);
        if (now?.step === 'wallet')
          expect([actions, now.gate]).toEqual([actions, wallet === null ? 'waits' : left().length > 0 ? 'stopped' : 'open']);
        reached.add(`${status ?? ''} ${decided.size > 0 ? 'with exceptions' : ''}`.trim());
      }
    } finally {
      await room.remove();
    }
  }

  it('never closes it with a departure that nobody decided on', async () => {
    for (const actions of EXAMPLES) await walk(actions);
    for (const actions of fc.sample(fc.array(action, { minLength: 4, maxLength: LENGTH }), { numRuns: WALKS, seed: SEED }))
      await walk(actions);
    expect([...reached]).toEqual(expect.arrayContaining(['now', 'done', 'now with exceptions', 'done with exceptions']));
  });
});
