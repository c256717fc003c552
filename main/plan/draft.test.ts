import { describe, expect, it } from 'vitest';
import { type Json } from '../values/index.ts';
import { checkPlan } from './check.ts';
import { checkDraft, readDraft, type PlanDraft } from './draft.ts';
import { blankPlan } from './guide.ts';
import { encodePlan } from './plan.ts';
import { PLAN } from './plan.fixture.ts';
import { RULES } from './rules.fixture.ts';

const drafted = (value: unknown) => readDraft(encodePlan(value as Json));
const changed = (change: (plan: PlanDraft) => void): PlanDraft => {
  const { draft } = drafted(PLAN);
  change(draft);
  return draft;
};
const item = (plan: PlanDraft, wallet = 0, at = 0): PlanDraft['wallets'][number]['items'][number] => {
  const found = plan.wallets[wallet]?.items[at];
  if (found === undefined) throw new Error('no such item');
  return found;
};
const told = (draft: PlanDraft) => checkDraft(draft, RULES).findings.map(({ code, place }) => `${code} ${place}`);

describe('a draft', () => {
  it('of a whole plan is that plan, with its digest, and loses nothing', () => {
    const { draft, lost } = drafted(PLAN);
    expect(draft).toEqual(PLAN);
    expect(lost).toEqual([]);
    expect(checkDraft(draft, RULES)).toEqual(checkPlan(encodePlan(PLAN), 'x', RULES));
  });

  it('of a blank plan keeps what is blank, and says the same of it', () => {
    const blank = blankPlan(null, null);
    const { draft, lost } = drafted(blank);
    expect(draft).toEqual(blank);
    expect(lost).toEqual([]);
    const { findings } = checkPlan(encodePlan(blank), 'x', RULES);
    expect(checkDraft(draft, RULES).findings).toEqual(findings);
  });

  it.each<[string, unknown, string[]]>([
    ['a member too many', { ...PLAN, remark: 'x' }, ['remark']],
    ['one deep inside', { ...PLAN, people: [{ name: 'Ann Archer', role: 'witness', phone: 1 }] }, ['people[0].phone']],
    ['a number for a text', { ...PLAN, title: 7 }, ['title']],
    ['a text for a list', { ...PLAN, wallets: 'all of them' }, ['wallets']],
    ['a text for an object', { ...PLAN, policy: 'ours' }, ['policy']],
    ['a text for a wallet', { ...PLAN, wallets: ['treasury'] }, ['wallets[0]']],
    [
      'what stands in an item',
      { ...PLAN, wallets: [{ items: [{ identifier: 'bc1', size_bytes: { min: '90' }, bip39_passphrase: 'no' }] }] },
      ['wallets[0].items[0].identifier', 'wallets[0].items[0].size_bytes.min', 'wallets[0].items[0].bip39_passphrase'],
    ],
  ])('tells what it cannot hold: %s', (_name, value, places) => {
    const { draft, lost } = drafted(value);
    expect(lost.toSorted()).toEqual(places.toSorted());
    // Whatever it holds is a draft again, the same one.
    expect(drafted(draft)).toEqual({ draft, lost: [] });
  });

  it('is judged where it is complete while the rest is blank', () => {
    const draft = changed((plan) => {
      plan.title = null;
      item(plan).identifier = { type: 'bitcoin-p2wpkh', path: "m/84'/0'/0'/0/0", value: 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyy' };
      plan.people.push({ name: 'ann archer', role: 'witness' });
    });
    expect(told(draft)).toEqual([
      'plan-blank title',
      'plan-person-two-roles people[4]',
      'plan-identifier-value wallets[0].items[0].identifier.value',
    ]);
    expect(checkDraft(draft, RULES)).toMatchObject({ digest: null, words: null, plan: null });
  });

  it('says nothing yet of an item that is not complete, or of people one of whom has no name', () => {
    const draft = changed((plan) => {
      item(plan).mode = null;
      item(plan).identifier = { type: 'bitcoin-p2wpkh', path: null, value: 'bc1q' };
      plan.people = [{ name: null, role: 'witness' }];
    });
    expect(told(draft)).toEqual(['plan-blank people[0].name', 'plan-blank wallets[0].items[0].mode']);
  });
});
